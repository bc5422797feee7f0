import { expect, test } from 'vitest'
import { ManualClock } from '../testing/manual-clock.js'
import { Guardians } from './guardians.js'
import type { HostSlot } from './host-slot.js'

const data = { host: 1, id: 16, name: 'one', url: 'file:///one.js', definition: 'One' }

/** Guardians that never answer, of a thread that goes down when the test says so. */
function openGuardians() {
  const clock = new ManualClock()
  const killed: (number | undefined)[] = []
  const slot = { number: 1, incarnation: 4, isRunning: true, options: { isPrivate: false } }
  let goDown: () => void = () => undefined
  const guardians = new Guardians(
    {
      main: { messenger: { askService: () => new Promise((_resolve, reject) => (goDown = () => reject(new Error('down')))) } },
      registry: { starting: () => undefined, started: () => undefined, gone: () => undefined },
      slot: () => slot as HostSlot,
      killForOne: async (_slot, incarnation) => void killed.push(incarnation),
    },
    clock,
  )
  return { clock, killed, slot, guardians, goDown: () => goDown() }
}

test.each(['stop', 'halt'] as const)('Guardians.%s() names the incarnation that it has lost its patience with', async how => {
  const { clock, killed, slot, guardians, goDown } = openGuardians()
  const ended = guardians[how](data, 'the test is over', 100, 0)

  slot.incarnation = 5
  clock.advance(10_000)
  goDown()

  expect([await ended, killed]).toEqual([{ outcome: 'lost' }, [4]])
})

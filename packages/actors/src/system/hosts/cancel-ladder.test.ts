import { NO_MESSAGES } from '@zera/core/internal'
import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { CancelLadder } from './cancel-ladder.js'
import type { HostSlot } from './host-slot.js'

const order = { target: { host: 1, id: 16 }, asker: 2, correlation: 1, link: 7, cancel: { graceMs: 10, killMs: 10 } }

/** A ladder on which one thread runs whose guardian answers when the test has it do so. */
function openLadder(links: readonly number[] = [7]) {
  const clock = new ManualClock()
  const killed: (number | undefined)[] = []
  const slot = { number: 1, incarnation: 1, isRunning: true }
  let goDown: () => void = () => undefined
  const asked: number[] = []
  const ladder = new CancelLadder(
    {
      slot: number => (number === 1 ? (slot as HostSlot) : undefined),
      links: {
        hasLink: link => links.includes(link),
        settled: () => undefined,
        accounts: () => [],
        endedLinks: () => ({ closed: NO_MESSAGES, open: [] }),
      },
      killForOne: async (_slot, incarnation) => void killed.push(incarnation),
    },
    {
      cancel: ({ correlation }) => {
        asked.push(correlation)
        return new Promise((_resolve, reject) => (goDown = () => reject(new Error('down'))))
      },
    },
    clock,
  )
  return { clock, killed, slot, asked, ladder, goDown: () => goDown() }
}

describe('CancelLadder.cancel()', () => {
  test('kills the thread whose guardian does not answer', async () => {
    const { clock, killed, ladder, goDown } = openLadder()
    const outcome = ladder.cancel(order)

    clock.advance(20)
    goDown()

    expect([await outcome, killed]).toEqual(['thread-killed', [1]])
  })

  test('does not kill the next thread when that one has gone down meanwhile, and that is not known yet', async () => {
    const { clock, killed, slot, ladder, goDown } = openLadder()
    const outcome = ladder.cancel(order)

    slot.incarnation = 2
    clock.advance(20)
    goDown()

    expect([await outcome, killed]).toEqual(['thread-down', []])
  })

  test('does nothing to the next thread when the order was meant for the one before', async () => {
    const { asked, ladder } = openLadder([8])

    expect([await ladder.cancel(order), asked]).toEqual(['thread-down', []])
  })

  test('is for the incarnation that is there when the asker had no link yet', async () => {
    const { clock, killed, ladder, goDown } = openLadder([])
    const outcome = ladder.cancel({ ...order, link: 0 })

    clock.advance(20)
    goDown()

    expect([await outcome, killed]).toEqual(['thread-killed', [1]])
  })
})

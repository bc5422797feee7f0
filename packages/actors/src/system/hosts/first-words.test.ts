import { startSystem, type ActorRef, type System } from '@zera/actors'
import { describe, expect, test } from 'vitest'
import lastWords, { spinningWord, type Ending } from '../../fixtures/actors/failing/last-words.js'
import { eventDescriptors } from '../../fixtures/event-descriptors.js'
import { eventually } from '../../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'

expectNoLeaksAfterEach()

const DEATHS = 6
/** A thread that has just ended may not have given everything back, and the next one may have begun. */
const FEW = 3
const ENDINGS = ['exit', 'throw', 'spin'] as const
const spinning = spinningWord()

type Victim = ActorRef<{ here(): boolean; tell(ref: unknown, ending: Ending): Promise<void>; exit(): void }>

async function spawnVictims(system: System, count: number): Promise<Victim[]> {
  const victims = await Promise.all(
    Array.from({ length: count }, () => system.spawn(lastWords, { maxRestarts: Infinity })),
  )
  await Promise.all(victims.map(victim => victim.ask.here()))
  return victims
}

/** Ends the thread of an actor in the turn in which it first talks to another. */
async function die(system: System, victim: Victim, other: unknown, ending: Ending): Promise<void> {
  const restarted = nextEvent(system, 'actor-restarted')
  const spins = Atomics.load(spinning, 0)
  victim.tell.tell(other, ending)
  if (ending === 'spin') {
    // Its word leaves when the turn ends, so it never does: the introduction alone is out.
    await eventually(() => expect(Atomics.load(spinning, 0)).toBeGreaterThan(spins))
    await system.killHost(victim)
  }
  await restarted
  expect(await victim.ask({ timeoutMs: 20_000 }).here()).toBe(true)
}

describe('a thread that ends in the turn of its first word to another host', () => {
  test.each(ENDINGS)('leaves no descriptor behind: %s', { timeout: 60_000 }, async ending => {
    await using system = await startSystem({ threads: 2, handleSignals: false })
    const [victim, other] = (await spawnVictims(system, 2)) as [Victim, Victim]
    const before = eventDescriptors()

    for (let death = 0; death < DEATHS; death++) await die(system, victim, other, ending)

    await eventually(() => expect(eventDescriptors()).toBeLessThanOrEqual(before + FEW))
    expect(await other.ask({ timeoutMs: 20_000 }).here()).toBe(true)
  })

  test('leaves none behind when the other ends, too', { timeout: 60_000 }, async () => {
    const before = eventDescriptors()
    for (let life = 0; life < 2; life++) {
      await using system = await startSystem({ threads: 2, handleSignals: false })
      const [one, other] = (await spawnVictims(system, 2)) as [Victim, Victim]

      for (let death = 0; death < DEATHS; death++) {
        const down = nextEvent(system, 'host-down')
        one.tell.tell(other, 'exit')
        other.tell.tell(one, 'exit')
        await down
        await eventually(async () =>
          expect(await Promise.all([one, other].map(ref => ref.ask({ timeoutMs: 500 }).here()))).toEqual([true, true]),
        )
      }
    }

    await eventually(() => expect(eventDescriptors()).toBeLessThanOrEqual(before + FEW))
  })

  test('leaves none behind when it is the one that was asked for', { timeout: 60_000 }, async () => {
    await using system = await startSystem({ threads: 2, handleSignals: false })
    const [asking, asked] = (await spawnVictims(system, 2)) as [Victim, Victim]
    const before = eventDescriptors()

    for (let death = 0; death < DEATHS; death++) {
      const restarted = nextEvent(system, 'actor-restarted')
      asked.tell.exit()
      asking.tell.tell(asked, 'throw')
      await restarted
      await eventually(async () =>
        expect(await Promise.all([asking, asked].map(ref => ref.ask({ timeoutMs: 500 }).here()))).toEqual([true, true]),
      )
    }

    await eventually(() => expect(eventDescriptors()).toBeLessThanOrEqual(before + FEW))
  })
})

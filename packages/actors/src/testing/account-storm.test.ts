import { expect, test } from 'vitest'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { simulate } from './simulation/simulate.js'
import type { Simulation } from './simulation/simulation.js'

const THREADS = 4

/** What is true of the messages of one simulation, outside of all hosts. */
let told: Set<string>
let handled: Set<string>
let bursts: number

class Keeper {
  async keep(label: string): Promise<void> {
    if (label.endsWith('7')) await Promise.resolve()
    handled.add(label)
  }
}
const Keepers = defineActor(import.meta.url, Keeper, { redeliver: true, maxRedeliveries: Infinity })

class Teller {
  #keepers: ActorRef<Keeper>[] = []

  onStart({ keepers }: { keepers: ActorRef<Keeper>[] }): void {
    this.#keepers = keepers
  }

  /** Tells each keeper of another host so many messages, far more than go into a window. */
  burst(messages: number): void {
    const burst = bursts++
    for (const [index, keeper] of this.#keepers.entries()) {
      for (let number = 0; number < messages; number++) {
        const label = `${burst}>${index} ${number}`
        keeper.tell.keep(label)
        told.add(label)
      }
    }
  }
}
const Tellers = defineActor(import.meta.url, Teller)

const PARTS = 4
const SEEDS_A_PART = 300
const parts = Array.from({ length: PARTS }, (_, part) => ({ from: part * SEEDS_A_PART, to: (part + 1) * SEEDS_A_PART }))

test.each(parts)(
  'each message of a sender is handled or counted as lost, also when hosts die together: seeds $from to $to',
  async ({ from, to }) => {
    const seeds = Array.from({ length: to - from }, (_, n) => from + n)

    await simulate({ seeds, threads: THREADS, windowMessages: 4 }, async simulation => {
      const { lost, deadLetters, crashes } = await storm(simulation)

      const missing = [...told].filter(label => !handled.has(label)).length
      expect(deadLetters).toBe(0)
      expect(lost).toBeGreaterThanOrEqual(missing)
      // What hosts had to say to the system itself counts as well when it has not left them: that an actor has started, that a link is settled.
      expect(lost).toBeLessThanOrEqual(missing + 2 * crashes)
    })
  },
)

/** Everybody tells everybody while threads crash, more often than not some of them together. */
async function storm(simulation: Simulation) {
  const { system, random } = simulation
  const upTo = (most: number): number => 1 + Math.floor(random.next() * most)
  ;[told, handled, bursts] = [new Set(), new Set(), 0]
  let [lost, deadLetters, crashes] = [0, 0, 0]
  system.events.on('messages-lost', ({ messages }) => void (lost += messages))
  system.events.on('dead-letter', ({ method }) => void (deadLetters += method === 'keep' ? 1 : 0))
  const spec = { maxRestarts: Infinity }
  const keepers = await Promise.all(Array.from({ length: THREADS }, () => system.spawn(Keepers, spec)))
  const tellers = await Promise.all(
    Array.from({ length: THREADS }, () => system.spawn(Tellers, { ...spec, props: { keepers } })),
  )

  for (let wave = upTo(6); wave > 0; wave--) {
    for (let turn = upTo(6); turn > 0; turn--) {
      for (const teller of tellers) if (random.next() < 0.7) teller.tell.burst(upTo(12))
      await simulation.pass(upTo(15))
    }
    for (let deaths = upTo(3); deaths > 0; deaths--) {
      if (simulation.crash() !== undefined) crashes += 1
      if (random.next() < 0.5) await simulation.pass(upTo(5))
    }
  }
  await simulation.pass(3000)
  return { lost, deadLetters, crashes }
}

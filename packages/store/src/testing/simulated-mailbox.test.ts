import { actorContext, defineActor, type ActorRef } from '@zera/actors'
import { simulate, type Simulation } from '@zera/actors/testing'
import { describe, expect, test } from 'vitest'
import { simulatedStore } from './simulated-store.js'

/** Notes numbers, each of which has to come once, behind the one before. */
class Journal {
  readonly context = actorContext<Journal>()
  noted = 0
  wrong = 0

  note(number: number): void {
    if (number !== this.noted + 1) this.wrong += 1
    this.noted = number
  }

  async noteLater(number: number): Promise<void> {
    await Promise.resolve()
    this.note(number)
  }

  fail(): never {
    this.noted = -1000
    throw new Error('it fails')
  }

  report(): { readonly noted: number; readonly wrong: number } {
    return { noted: this.noted, wrong: this.wrong }
  }
}
const Journals = defineActor(import.meta.url, Journal, { durable: { state: true, mailbox: true } })

/** Tells a journal what it has counted, in one commit. */
class Counter {
  count = 0

  add(journal: ActorRef<Journal>): number {
    journal.tell.note(++this.count)
    return this.count
  }

  async addLater(journal: ActorRef<Journal>): Promise<number> {
    await Promise.resolve()
    return this.add(journal)
  }

  addAndFail(journal: ActorRef<Journal>): never {
    this.add(journal)
    throw new Error('it fails')
  }

  counted(): number {
    return this.count
  }
}
const Counters = defineActor(import.meta.url, Counter, { durable: true })

const SPEC = { maxRestarts: Infinity, backoff: { firstMs: 1, factor: 2, maxMs: 5 } }
const PARTS = 4
const SEEDS_A_PART = 250
const parts = Array.from({ length: PARTS }, (_, part) => ({ from: part * SEEDS_A_PART, to: (part + 1) * SEEDS_A_PART }))

describe('durable mailboxes on a store that is slow and refuses, while threads crash', () => {
  test.each(parts)('have each message once, in its order: seeds $from to $to', async ({ from, to }) => {
    await simulate(
      {
        seeds: Array.from({ length: to - from }, (_, n) => from + n),
        threads: 3,
        log: () => undefined,
        store: seed => simulatedStore({ seed, refusals: (seed % 4) / 10, latencyMs: 1 + (seed % 20) }),
      },
      async simulation => {
        const { system } = simulation
        const poison: unknown[] = []
        system.events.on('dead-letter', ({ reason, method }) => reason === 'poison' && poison.push(method))
        const own = await system.spawn(Journals, { ...SPEC, name: 'own' })
        const others = await system.spawn(Journals, { ...SPEC, name: 'others' })
        const counter = await system.spawn(Counters, { ...SPEC, name: 'counter' })

        const told = await storm(simulation, { own, others, counter })

        const unhurried = { timeoutMs: Infinity }
        const counted = await counter.ask(unhurried).counted()
        // What was committed is told by the thread of the counter, or found a while later.
        await simulation.pass(20_000)
        expect(await own.ask(unhurried).report()).toEqual({ noted: told, wrong: expect.toSatisfy(few(poison)) })
        expect(await others.ask(unhurried).report()).toEqual({ noted: counted, wrong: expect.toSatisfy(few(poison)) })
      },
    )
  })
})

/** One that is given up leaves a gap. */
function few(poison: readonly unknown[]): (wrong: number) => boolean {
  return wrong => wrong <= poison.length
}

interface Cast {
  readonly own: ActorRef<Journal>
  readonly others: ActorRef<Journal>
  readonly counter: ActorRef<Counter>
}

/** Returns how many the program has told its own journal. */
async function storm(simulation: Simulation, { own, others, counter }: Cast): Promise<number> {
  const { random } = simulation
  const upTo = (most: number): number => 1 + Math.floor(random.next() * most)
  let told = 0
  for (let wave = upTo(5); wave > 0; wave--) {
    for (let sent = upTo(8); sent > 0; sent--) {
      const choice = random.next()
      if (choice < 0.1) own.tell.fail()
      else if (choice < 0.5) own.tell[choice < 0.3 ? 'note' : 'noteLater'](++told)
      else if (choice < 0.6) {
        const least = told
        void own.ask.report().then(
          ({ noted, wrong }) => expect(noted + wrong).toBeGreaterThanOrEqual(least),
          () => undefined,
        )
      } else {
        const ask = counter.ask({ timeoutMs: 200 })
        const method = choice < 0.75 ? 'add' : choice < 0.9 ? 'addLater' : 'addAndFail'
        void (ask[method](others) as Promise<unknown>).catch(() => undefined)
      }
    }
    await simulation.pass(upTo(30))
    if (random.next() < 0.7) simulation.crash()
  }
  await simulation.pass(5000)
  return told
}

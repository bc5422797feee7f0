import { actorContext, defineActor } from '@zera/actors'
import { simulate, type Simulation } from '@zera/actors/testing'
import { describe, expect, test } from 'vitest'
import { testStore } from '../fixtures/store-contract.js'
import { newDisk, SimulatedEngine } from './simulated-disk.js'
import { simulatedStore, type SimulatedStore } from './simulated-store.js'

/** Adds up, and has a reminder for every other message, which has to come once. */
class Ledger {
  readonly context = actorContext<Ledger>()
  total = 0
  pending = new Set<number>()
  rings = false
  twice = 0

  add(): number {
    this.total += 1
    if (this.total % 2 === 0) {
      this.pending.add(this.total)
      this.context.remind('fire', { at: new Date(this.total), id: String(this.total) }, this.total)
    }
    return this.total
  }

  async addLater(): Promise<number> {
    await Promise.resolve()
    return this.add()
  }

  addAndFail(): never {
    this.total += 1000
    throw new Error('it fails')
  }

  /** Sets a reminder, or takes it back. */
  flip(inMs: number): void {
    this.rings = !this.rings
    if (this.rings) this.context.remind('ring', { at: new Date(inMs), id: 'ring' })
    else this.context.forget('ring')
  }

  ring(): void {
    if (!this.rings) this.twice += 1
    this.rings = false
  }

  fire(number: number): void {
    if (!this.pending.delete(number)) this.twice += 1
  }

  report(): { readonly total: number; readonly pending: number; readonly twice: number } {
    return { total: this.total, pending: this.pending.size, twice: this.twice }
  }
}
const Ledgers = defineActor(import.meta.url, Ledger, { durable: true })

const NAMES = ['a', 'b', 'c']
const PARTS = 4
const SEEDS_A_PART = 250
const parts = Array.from({ length: PARTS }, (_, part) => ({ from: part * SEEDS_A_PART, to: (part + 1) * SEEDS_A_PART }))

/** What was answered, and how many were sent, by ledger. */
interface Account {
  readonly answers: number[]
  sent: number
  /** Reminders that took a thread along three times, which crashed just then. */
  givenUp: number
}

testStore('SimulatedEngine', () => {
  const props = { disk: newDisk(), seed: 0, latencyMs: 0, refusals: 0 }
  return async () => ({ store: new SimulatedEngine(props, async () => undefined), close: async () => undefined })
})

describe('durable actors on a store that is slow and refuses, while threads crash', () => {
  test.each(parts)('lose nothing that was answered, and do nothing twice: seeds $from to $to', async ({ from, to }) => {
    const seeds = Array.from({ length: to - from }, (_, n) => from + n)
    let store: SimulatedStore | undefined
    await simulate(
      {
        seeds,
        threads: 2,
        log: () => undefined,
        store: seed => (store = simulatedStore({ seed, refusals: (seed % 4) / 10, latencyMs: 1 + (seed % 20) })),
      },
      async simulation => {
        const accounts = await storm(simulation, store as SimulatedStore)

        for (const [name, { answers, sent, givenUp }] of accounts) {
          const { total, pending, twice } = await simulation.system
            .lookup(name, Ledgers)
            .then(ledger => ledger!.ask({ timeoutMs: Infinity }).report())
          expect(new Set(answers).size).toBe(answers.length)
          expect(total).toBeGreaterThanOrEqual(Math.max(0, ...answers))
          expect(total).toBeLessThanOrEqual(sent)
          expect({ pending, twice }).toEqual({ pending: givenUp, twice: 0 })
        }
      },
    )
  })
})

async function storm(simulation: Simulation, store: SimulatedStore): Promise<Map<string, Account>> {
  const { system, random } = simulation
  const upTo = (most: number): number => 1 + Math.floor(random.next() * most)
  const ledgers = await Promise.all(
    NAMES.map(name =>
      system.spawn(Ledgers, { name, maxRestarts: Infinity, backoff: { firstMs: 1, factor: 2, maxMs: 5 } }),
    ),
  )
  const accounts = new Map<string, Account>(NAMES.map(name => [name, { answers: [], sent: 0, givenUp: 0 }]))
  system.events.on('dead-letter', ({ method, reason, target }) => {
    const account = accounts.get(target.name ?? '')
    if (account !== undefined && method === 'fire' && reason === 'poison') account.givenUp += 1
  })
  for (let wave = upTo(5); wave > 0; wave--) {
    for (const [index, ledger] of ledgers.entries()) {
      const name = NAMES[index] as string
      const account = accounts.get(name) as Account
      for (let asks = upTo(6); asks > 0; asks--) {
        const choice = random.next()
        if (choice < 0.1) void ledger.ask.addAndFail().catch(() => undefined)
        else if (choice < 0.3) ledger.tell.flip(simulation.nowMs + upTo(20))
        else {
          account.sent += 1
          const ask = ledger.ask({ timeoutMs: 200 })
          void (choice < 0.6 ? ask.add() : ask.addLater()).then(
            answer => {
              account.answers.push(answer)
              // It was on disk before it was answered.
              const { state = '' } = store.kept(`Ledger/${name}`) ?? {}
              expect(totalIn(state)).toBeGreaterThanOrEqual(answer)
            },
            () => undefined,
          )
        }
      }
    }
    await simulation.pass(upTo(30))
    if (random.next() < 0.7) simulation.crash()
  }
  await simulation.pass(5000)
  return accounts
}

/** The first number of a state is its total. */
function totalIn(state: string): number {
  const [, numbers] = JSON.parse(state) as [unknown, number[]]
  return numbers[0] ?? NaN
}

import { describe, expect, test } from 'vitest'
import { defineActor } from '../model/definition.js'
import { ActorDownError } from '../model/errors.js'
import type { DeadLetter } from '../model/events/dead-letter.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Random } from '../model/time/random.js'
import { simulate } from './simulation/simulate.js'
import type { Simulation } from './simulation/simulation.js'

/** What a message says of itself, so that it is known again wherever it turns up. */
type Label = `${number}>${number} ${number}`

/** What the actors of one simulation write down, outside of all hosts: it survives them. */
let journal: { readonly told: Set<Label>; readonly handled: Label[] }

class Receiver {
  async take(label: Label, isSlow: boolean): Promise<Label> {
    if (isSlow) await Promise.resolve()
    journal.handled.push(label)
    return label
  }
}
const Receivers = defineActor(import.meta.url, Receiver)

class Sender {
  #sender = 0
  #receivers: ActorRef<Receiver>[] = []

  onStart({ sender, receivers }: { sender: number; receivers: ActorRef<Receiver>[] }): void {
    this.#sender = sender
    this.#receivers = receivers
  }

  /** Sends some messages to each receiver, every fourth as an ask. Returns how the asks ended. */
  async send(from: number, to: number): Promise<string[]> {
    const asked: Promise<string>[] = []
    for (let number = from; number < to; number++) {
      for (const [index, receiver] of this.#receivers.entries()) {
        const label: Label = `${this.#sender}>${index} ${number}`
        if (number % 4 === 0) {
          asked.push(
            receiver
              .ask({ timeoutMs: 1000 })
              .take(label, true)
              .then(answer => (answer === label ? 'answered' : 'wrong'), nameOf),
          )
        } else {
          receiver.tell.take(label, number % 3 === 0)
          journal.told.add(label)
        }
      }
    }
    return Promise.all(asked)
  }
}
const Senders = defineActor(import.meta.url, Sender)

/** At least so many seeds; in parts, so that a test tells soon what is wrong. */
const PARTS = 6
const SEEDS_A_PART = 1000

const parts = Array.from({ length: PARTS }, (_, part) => ({ from: part * SEEDS_A_PART, to: (part + 1) * SEEDS_A_PART }))

describe('a storm of crashes', () => {
  test.each(parts)(
    'keeps order, handles nothing twice, settles each ask and accounts for each message: seeds $from to $to',
    async ({ from, to }) => {
      const seeds = Array.from({ length: to - from }, (_, n) => from + n)

      await simulate({ seeds, threads: 3 }, async simulation => {
        const { deadLetters, lost, asked } = await storm(simulation)

        expect(new Set(asked)).not.toContain('wrong')
        expectInOrder(journal.handled)
        expectAccount(deadLetters, lost)
      })
    },
  )
})

/** Everybody sends to everybody while threads crash. */
async function storm(simulation: Simulation) {
  const { system, random } = simulation
  journal = { told: new Set(), handled: [] }
  const deadLetters: DeadLetter[] = []
  let lost = 0
  system.events.on('dead-letter', letter => void deadLetters.push(letter))
  system.events.on('messages-lost', ({ messages }) => void (lost += messages))
  const spec = { maxRestarts: Infinity }
  const receivers = await Promise.all(upTo(random, 3).map(() => system.spawn(Receivers, spec)))
  const senders = await Promise.all(
    upTo(random, 3).map(sender => system.spawn(Senders, { ...spec, props: { sender, receivers } })),
  )

  simulation.crashEvery(upTo(random, 40).length)
  const asked: string[] = []
  await Promise.all(
    senders.map(async sender => {
      let next = 0
      for (const round of upTo(random, 4)) {
        const until = next + upTo(random, 8 + round).length
        asked.push(...(await sender.ask({ timeoutMs: Infinity }).send(next, until).catch(ignoreDown)))
        next = until
      }
    }),
  )
  simulation.calm()
  // All restarts and all that is under way come to their end.
  await simulation.pass(1000)
  return { deadLetters, asked, lost }
}

function expectInOrder(handled: readonly Label[]): void {
  const last = new Map<string, number>()
  const late = handled.filter(label => {
    const [pair, number] = label.split(' ') as [string, string]
    const before = last.get(pair) ?? -1
    last.set(pair, Number(number))
    return Number(number) <= before
  })
  expect(late).toEqual([])
}

/** Each tell was handled, or is a dead letter, or was counted as lost; one that is said not to have begun was not. */
function expectAccount(deadLetters: readonly DeadLetter[], lost: number): void {
  const handled = new Set(journal.handled)
  const dead = new Map(
    deadLetters.filter(({ method }) => method === 'take').map(({ args, progress }) => [args[0] as Label, progress]),
  )
  expect([...dead].filter(([label, progress]) => progress === 'not-begun' && handled.has(label))).toEqual([])
  expect([...journal.told].filter(label => !handled.has(label) && !dead.has(label)).length).toBeLessThanOrEqual(lost)
}

/** Some numbers from 0 on, at least one. */
function upTo(random: Random, most: number): number[] {
  return Array.from({ length: 1 + Math.floor(random.next() * most) }, (_, number) => number)
}

function nameOf(error: unknown): string {
  return (error as Error).name
}

function ignoreDown(error: unknown): string[] {
  if (error instanceof ActorDownError) return []
  throw error
}

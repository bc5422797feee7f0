import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { actorContext } from '../model/actor-context.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { defineActor } from '../model/definition.js'
import { MailboxFullError } from '../model/errors.js'
import type { ActorRef } from '../model/refs/ref.js'

/** Holds its first message until it is let go. */
class Slow {
  readonly context = actorContext()
  readonly handled: number[] = []
  async work(number: number): Promise<number> {
    if (this.handled.length === 0) await gate
    this.handled.push(number)
    return number
  }
  seen(): number[] {
    return this.handled
  }
}
class Failing extends Slow {}
class Newest extends Slow {}
class Oldest extends Slow {}
class Waiting extends Slow {}

const FAILING = defineActor(import.meta.url, Failing, { mailbox: { maxMessages: 2, overflow: 'fail' } })
const NEWEST = defineActor(import.meta.url, Newest, { mailbox: { maxMessages: 2, overflow: 'drop-newest' } })
const OLDEST = defineActor(import.meta.url, Oldest, { mailbox: { maxMessages: 2, overflow: 'drop-oldest' } })
const WAITING = defineActor(import.meta.url, Waiting, { mailbox: { maxMessages: 2 } })

let hosts: OneThreadHosts
let gate: Promise<void>
let letGo: () => void

expectNoLeaksAfterEach()
beforeEach(() => {
  hosts = new OneThreadHosts()
  gate = new Promise(resolve => (letGo = resolve))
})
afterEach(() => {
  letGo()
  hosts.close()
})

/** An actor that is busy with message 0, seen from its own host or from another one. */
async function busy(definition: ActorDefinition<Slow>, view: 'here' | 'there'): Promise<ActorRef<Slow>> {
  const { ref } = await hosts.spawn(hosts.add(1), definition)
  const seen = view === 'here' ? ref : hosts.seenFrom(hosts.main, ref)
  seen.tell.work(0)
  await settled()
  return seen
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    hosts.clock.turn()
    await Promise.resolve()
  }
}

describe.each(['here', 'there'] as const)('a full mailbox, for a sender %s', view => {
  test.each([
    ['fail', FAILING, [1, 2], [3]],
    ['drop-newest', NEWEST, [1, 2], [3]],
    ['drop-oldest', OLDEST, [2, 3], [1]],
  ] as const)(
    'of the policy %s keeps what it should, and tells of the rest',
    async (_policy, definition, kept, dropped) => {
      const ref = await busy(definition, view)

      for (const number of [1, 2, 3]) {
        const tell = (): boolean => ref.tell.work(number)
        if (number === 3 && definition === FAILING && view === 'here') expect(tell).toThrow(MailboxFullError)
        else tell()
      }
      await settled()
      const letters = hosts.deadLetters.map(({ args, reason }) => [args[0], reason])
      letGo()
      await settled()

      expect(await answerOf(ref.ask.seen())).toEqual([0, ...kept])
      if (definition === FAILING && view === 'here') expect(letters).toEqual([])
      else expect(letters).toEqual(dropped.map(number => [number, 'mailbox-full']))
    },
  )

  test.each([
    ['fail', FAILING, 3],
    ['drop-newest', NEWEST, 3],
    ['drop-oldest', OLDEST, 1],
  ] as const)('of the policy %s refuses the ask that finds no room', async (_policy, definition, refused) => {
    const ref = await busy(definition, view)

    const asks = [1, 2, 3].map(number => outcomeOf(ref.ask.work(number)))
    await settled()
    letGo()
    await settled()

    expect(await Promise.all(asks)).toEqual([1, 2, 3].map(number => (number === refused ? 'MailboxFullError' : number)))
    expect(hosts.deadLetters).toEqual([])
  })
})

describe('a full mailbox of the policy wait', () => {
  test('asks senders of its host to wait, refuses them when they do not, and ready() waits for room', async () => {
    const ref = await busy(WAITING, 'here')

    const accepted = [1, 2].map(number => ref.tell.work(number))
    expect(() => ref.tell.work(3)).toThrow(MailboxFullError)
    let isReady = false
    const ready = ref.ready().then(() => (isReady = true))
    await settled()
    const before = isReady
    letGo()
    await settled()
    await ready

    expect([accepted, before, isReady]).toEqual([[false, false], false, true])
  })

  test('takes all that another host had room to send', async () => {
    const ref = await busy(WAITING, 'there')

    for (const number of [1, 2, 3, 4]) ref.tell.work(number)
    letGo()
    await settled()

    expect(await answerOf(ref.ask.seen())).toEqual([0, 1, 2, 3, 4])
    expect(hosts.deadLetters).toEqual([])
  })
})

async function answerOf<T>(asked: Promise<T>): Promise<T> {
  await settled()
  return asked
}

function outcomeOf(asked: Promise<number>): Promise<number | string> {
  return asked.catch((error: Error) => error.name)
}

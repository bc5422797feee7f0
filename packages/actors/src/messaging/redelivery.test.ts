import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { actorContext, ActorDownError, ActorStoppedError, AskTimeoutError, defineActor } from '../index.js'
import type { ActorRef } from '../model/refs/ref.js'
import { ASK, OPEN, TELL, WITHDRAW, type CallBody } from './format/message-format.js'
import { fateOf } from './redelivery.js'

/** What every incarnation has done. */
const done: string[] = []
let go: (() => void)[] = []

class Clerk {
  readonly #context = actorContext()

  write(text: string): string {
    done.push(`${text} after ${this.#context.redelivered}`)
    return text
  }

  /** Is begun, and ends when the test lets it. */
  async hold(text: string): Promise<string> {
    done.push(`holds ${text} after ${this.#context.redelivered}`)
    await new Promise<void>(resolve => go.push(resolve))
    return text
  }

  async *count(): AsyncGenerator<number> {
    yield 1
    await new Promise(() => undefined)
  }
}
const clerk = defineActor(import.meta.url, Clerk, { redeliver: true, maxRedeliveries: 2 })
class Neighbour extends Clerk {}
const neighbour = defineActor(import.meta.url, Neighbour)

let hosts: OneThreadHosts
beforeEach(() => {
  hosts = new OneThreadHosts()
  done.length = 0
  go = []
})
afterEach(() => hosts.close())

/** Starts a clerk and its neighbour on host 1. */
async function spawnBoth() {
  const one = hosts.add(1)
  const { ref } = await hosts.spawn(one, clerk, 16)
  const other = await hosts.spawn(one, neighbour, 17)
  return { ref: hosts.seenFrom(hosts.main, ref), other: hosts.seenFrom(hosts.main, other.ref) }
}

/** The next incarnation of both, with what waits for them. */
async function startAgain() {
  const one = hosts.add(1, false)
  await hosts.spawn(one, clerk, 16)
  await hosts.spawn(one, neighbour, 17)
  hosts.open(1)
}

async function untilDone(...lines: string[]): Promise<void> {
  await expect.poll(() => done).toEqual(lines)
}

describe('fateOf()', () => {
  const actors = [[16, 2]] as const
  const isAwaited = (correlation: number): boolean => correlation === 5
  const body = (kind: CallBody[0], to: number, correlation: number, redelivered = 0): CallBody => [
    kind,
    to,
    0,
    'act',
    [],
    correlation,
    redelivered,
  ]

  test.each([
    {
      what: 'a tell that was begun',
      message: body(TELL, 16, 0),
      progress: 'begun',
      fate: { kind: 'again', redelivered: 1 },
    },
    {
      what: 'one that was begun as often as it may',
      message: body(TELL, 16, 0, 1),
      progress: 'begun',
      fate: { kind: 'again', redelivered: 2 },
    },
    {
      what: 'one that was begun once too often',
      message: body(TELL, 16, 0, 2),
      progress: 'begun',
      fate: { kind: 'poison' },
    },
    {
      what: 'one that was not begun this time',
      message: body(TELL, 16, 0, 2),
      progress: 'not-begun',
      fate: { kind: 'again', redelivered: 2 },
    },
    { what: 'an ask', message: body(ASK, 16, 5), progress: 'begun', fate: { kind: 'again', redelivered: 1 } },
    {
      what: 'an ask that no asker waits for',
      message: body(ASK, 16, 6),
      progress: 'not-begun',
      fate: { kind: 'given-back' },
    },
    { what: 'a stream', message: body(OPEN, 16, 5), progress: 'not-begun', fate: { kind: 'given-back' } },
    { what: 'a withdrawal', message: [WITHDRAW, 5], progress: 'not-begun', fate: { kind: 'given-back' } },
    { what: "another actor's tell", message: body(TELL, 17, 0), progress: 'not-begun', fate: { kind: 'given-back' } },
  ] as const)('decides on $what', ({ message, progress, fate }) => {
    expect(fateOf(message, progress, { actors, keepsUnbegun: false }, isAwaited)).toMatchObject(fate)
  })

  test('keeps what no actor had begun for all actors when that is wanted', () => {
    const redelivery = { actors, keepsUnbegun: true }

    expect(fateOf(body(TELL, 17, 0), 'not-begun', redelivery, isAwaited)).toMatchObject({
      kind: 'again',
      redelivered: 0,
    })
    expect(fateOf(body(TELL, 17, 0), 'begun', redelivery, isAwaited)).toEqual({ kind: 'given-back' })
  })
})

describe('an actor with redeliver', () => {
  test('is given again what its thread had not finished, in order and before what is sent later', async () => {
    const { ref } = await spawnBoth()
    ref.tell.write('1')
    ref.tell.hold('2')
    ref.tell.write('3')
    await untilDone('1 after 0', 'holds 2 after 0')

    hosts.kill(1)
    ref.tell.write('4')
    await startAgain()
    ref.tell.write('5')
    await untilDone('1 after 0', 'holds 2 after 0', 'holds 2 after 1')
    go.at(-1)?.()

    await untilDone('1 after 0', 'holds 2 after 0', 'holds 2 after 1', '3 after 0', '4 after 0', '5 after 0')
    expect(hosts.deadLetters).toEqual([])
  })

  test('answers asks by its next incarnation, within their deadline', async () => {
    const { ref } = await spawnBoth()
    const begun = ref.ask.hold('begun')
    const waits = ref.ask.write('waits')
    const late = ref.ask({ timeoutMs: 50 }).write('late')
    await untilDone('holds begun after 0')

    hosts.kill(1)
    hosts.clock.advance(60)
    await expect(late).rejects.toThrow(AskTimeoutError)
    await startAgain()
    await untilDone('holds begun after 0', 'holds begun after 1')
    go.at(-1)?.()

    expect(await Promise.all([begun, waits])).toEqual(['begun', 'waits'])
    expect(done).toEqual(['holds begun after 0', 'holds begun after 1', 'waits after 0'])
  })

  test('leaves its neighbours as they are', async () => {
    const { other } = await spawnBoth()
    const ask = other.ask.hold('ask')
    other.tell.write('tell')
    await untilDone('holds ask after 0')

    hosts.kill(1)

    await expect(ask).rejects.toMatchObject({ name: 'ActorDownError', progress: 'begun' })
    await startAgain()
    expect(hosts.deadLetters.map(({ method, reason, progress }) => [method, reason, progress])).toEqual([
      ['write', 'thread-down', 'not-begun'],
    ])
  })

  test('ends its streams', async () => {
    const { ref } = await spawnBoth()
    const stream = ref.stream.count()
    await stream.next()
    const next = stream.next()

    hosts.kill(1)

    await expect(next).rejects.toThrow(ActorDownError)
  })

  test('is rid of a message that was begun once too often, which is a dead letter, and its asker has an error', async () => {
    const { ref } = await spawnBoth()
    const refusal = ref
      .ask({ timeoutMs: Infinity })
      .hold('poison')
      .catch((error: unknown) => error)
    ref.tell.write('behind')
    for (const count of [0, 1, 2]) {
      await expect.poll(() => done.at(-1)).toBe(`holds poison after ${count}`)
      hosts.kill(1)
      await startAgain()
    }

    expect(await refusal).toMatchObject({ name: 'ActorDownError', progress: 'begun' })
    await expect.poll(() => done.at(-1)).toBe('behind after 0')
    expect(hosts.deadLetters.map(({ method, args, reason, progress }) => [method, args, reason, progress])).toEqual([
      ['hold', ['poison'], 'poison', 'begun'],
    ])
  })

  test('keeps the order when its thread goes down again before the link to it is open', async () => {
    const { ref } = await spawnBoth()
    for (const text of ['1', '2']) ref.tell.write(text)
    hosts.kill(1)
    // Linked while what came back is being settled, and gone again.
    hosts.add(1)
    hosts.kill(1)
    ref.tell.write('3')
    await startAgain()

    await untilDone('1 after 0', '2 after 0', '3 after 0')
  })

  test('gives messages and asks back when no other thread takes the place', async () => {
    const { ref } = await spawnBoth()
    ref.tell.hold('told')
    const refusal = ref.ask.write('asked').catch((error: unknown) => error)
    await untilDone('holds told after 0')
    hosts.kill(1)
    await Promise.resolve()
    ref.tell.write('later')

    await hosts.main.peers.settled()
    hosts.retire(1)

    expect(await refusal).toBeInstanceOf(ActorStoppedError)
    expect(hosts.deadLetters.map(({ method, reason }) => [method, reason])).toEqual([
      ['hold', 'actor-stopped'],
      ['write', 'actor-stopped'],
    ])
  })

  test('is given again binaries and refs as they were', async () => {
    class Keeper {
      async hold(bytes: Uint8Array, ref: ActorRef<Clerk>): Promise<number> {
        await new Promise<void>(resolve => go.push(resolve))
        ref.tell.write(`${bytes.length} bytes, the last ${bytes.at(-1)}`)
        return bytes.length
      }
    }
    const keeper = defineActor(import.meta.url, Keeper, { redeliver: true })
    const first = hosts.add(2)
    const { ref: writer } = await hosts.spawn(hosts.main, clerk)
    const { ref } = await hosts.spawn(first, keeper, 30)
    const ask = hosts.seenFrom(hosts.main, ref).ask.hold(new Uint8Array(10_000).fill(7), writer)
    await expect.poll(() => go.length).toBe(1)

    hosts.kill(2)
    await hosts.spawn(hosts.add(2), keeper, 30)
    await expect.poll(() => go.length).toBe(2)
    go.at(-1)?.()

    expect(await ask).toBe(10_000)
    await untilDone('10000 bytes, the last 7 after 0')
  })
})

describe('an ask that was given up before it has arrived', () => {
  test('is not begun, and those around it are', async () => {
    const one = hosts.add(1)
    const { ref } = await hosts.spawn(one, neighbour, 17)
    const seen = hosts.seenFrom(hosts.main, ref)
    await seen.ask.write('before')
    const refusal = seen.ask.write('given up').catch((error: unknown) => error)

    one.peers.connections.get(0)?.withdrawn(hosts.main.messenger.asks.last)

    expect(await seen.ask.write('after')).toBe('after')
    expect(done).toEqual(['before after 0', 'after after 0'])
    expect(hosts.deadLetters.map(({ args, reason }) => [args, reason])).toEqual([[['given up'], 'withdrawn']])
    hosts.main.messenger.close()
    expect(await refusal).toMatchObject({ code: 'ZERA_SYSTEM_STOPPED' })
  })
})

describe('the killing of a thread for the sake of one actor', () => {
  test('keeps what no actor had begun for the next incarnation of all, and gives the rest back', async () => {
    const { other } = await spawnBoth()
    const begun = other.ask.hold('begun')
    other.tell.write('1')
    const waits = other.ask.write('2')
    await untilDone('holds begun after 0')

    hosts.kill(1, true)
    other.tell.write('3')
    await startAgain()

    await expect(begun).rejects.toThrow(ActorDownError)
    expect(await waits).toBe('2')
    await untilDone('holds begun after 0', '1 after 0', '2 after 0', '3 after 0')
    expect(hosts.deadLetters).toEqual([])
  })
})

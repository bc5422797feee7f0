import { inspect } from 'node:util'
import { decodeValues, encodeValues, MessageTooLargeError, NotCloneableError } from '@zera/core/internal'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { PoolSender } from '../host/pools/pool-sender.js'
import { actorContext } from '../model/actor-context.js'
import { POOL_HOST } from '../model/address.js'
import { defineActor } from '../model/definition.js'
import {
  ActorStoppedError,
  LinkError,
  MailboxFullError,
  SystemStoppedError,
  UnknownMethodError,
} from '../model/errors.js'
import { BoundRef } from '../model/refs/bound-ref.js'
import type { ActorRef } from '../model/refs/ref.js'
import { RefusedMessageError, refusing } from '../model/refused-message.js'

const codec = { encode: () => undefined, decode: () => undefined }

/** Handles nothing as long as it is held. */
class Narrow {
  readonly context = actorContext()
  work(..._args: unknown[]): Promise<void> {
    return held
  }
  *items(_from: number): Generator<number> {
    yield 1
  }
  askOther(other: ActorRef<Narrow>, secret: string): Promise<void> {
    return other.ask.work(secret)
  }
}
class Other extends Narrow {}
const NARROW = defineActor(import.meta.url, Narrow, { mailbox: { maxMessages: 1, overflow: 'fail' } })
const OTHER = defineActor(import.meta.url, Other)

let hosts: OneThreadHosts
let held: Promise<void>
let letGo: () => void
expectNoLeaksAfterEach()
beforeEach(() => {
  hosts = new OneThreadHosts()
  held = new Promise(resolve => (letGo = resolve))
})
afterEach(() => {
  letGo()
  hosts.close()
})

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    hosts.clock.turn()
    await Promise.resolve()
  }
}

async function thrownBy(send: () => unknown): Promise<unknown> {
  try {
    const sent = send()
    await settled()
    await sent
  } catch (error) {
    return error
  }
  throw new Error('It was accepted')
}

/** An actor that has no room, seen from its own host and from another. */
async function fullOne(view: 'its own host' | 'another host') {
  const [here, there] = [hosts.add(1), hosts.add(2)]
  const { ref, cell } = await hosts.spawn(here, NARROW)
  ref.tell.work()
  await settled()
  ref.tell.work()
  return { here, cell, ref: hosts.seenFrom(view === 'its own host' ? here : there, ref) }
}

describe.each(['its own host', 'another host'] as const)(
  'the error of a message that was refused, seen from %s',
  view => {
    test('carries the ref and the message when a mailbox is full', async () => {
      const { ref } = await fullOne(view)
      const args = [1, { deep: ['a'] }]

      const error = await thrownBy(() => ref.ask.work(...args))

      expect(error).toBeInstanceOf(MailboxFullError)
      const { ref: target, method, args: sent } = error as MailboxFullError
      expect([target, method, sent]).toEqual([ref, 'work', args])
      expect(target).toBe(ref)
      expect(sent?.[1]).toBe(args[1])
    })

    test('carries them when the actor has no such method', async () => {
      const { ref } = await hosts.spawn(hosts.add(1), OTHER)
      const seen = hosts.seenFrom(view === 'its own host' ? hosts.main : hosts.add(2), ref)
      const any = seen as unknown as ActorRef<{ steal(what: string): void }>

      const error = await thrownBy(() => any.ask.steal('all'))

      expect(error).toBeInstanceOf(UnknownMethodError)
      expect(error).toMatchObject({ ref: seen, method: 'steal', args: ['all'] })
    })

    test('carries them when the actor is gone, to be sent to another', async () => {
      const here = hosts.add(1)
      const [{ ref, cell }, other] = [await hosts.spawn(here, OTHER), await hosts.spawn(here, OTHER)]
      const seen = hosts.seenFrom(view === 'its own host' ? here : hosts.add(2), ref)
      here.remove(cell.id)
      letGo()

      const asked = thrownBy(() => seen.ask.work('again'))
      await settled()
      hosts.clock.advance(1000)
      const error = (await asked) as ActorStoppedError

      expect(error).toBeInstanceOf(ActorStoppedError)
      expect(error).toMatchObject({ ref: seen, method: 'work', args: ['again'] })
      await other.ref.ask.work(...(error.args as unknown[]))
      expect(other.cell.loop.mailbox.statistics.received).toBe(1)
    })

    test('carries them when a stream is refused', async () => {
      const { ref } = await fullOne(view)

      const error = await thrownBy(() => ref.stream.items(7).next())

      expect(error).toMatchObject({ ref, method: 'items', args: [7] })
    })

    test('carries them after the stop', async () => {
      const { ref } = await hosts.spawn(hosts.add(1), OTHER)
      const host = view === 'its own host' ? (hosts.add(3), hosts.main) : hosts.add(2)
      const seen = hosts.seenFrom(host, ref)
      host.close()

      for (const send of [() => seen.tell.work(1), () => seen.ask.work(1)]) {
        const error = await thrownBy(send)
        expect(error).toBeInstanceOf(SystemStoppedError)
        expect(error).toMatchObject({ ref: seen, method: 'work', args: [1] })
      }
    })
  },
)

test('the error of a tell carries the ref and the message', async () => {
  const { ref } = await fullOne('its own host')

  const error = await thrownBy(() => ref.tell.work('told'))

  expect(error).toBeInstanceOf(MailboxFullError)
  expect(error).toMatchObject({ ref, method: 'work', args: ['told'] })
})

test('the error of a tell to a host whose backlog is full carries the ref and the message', async () => {
  const { ref } = await hosts.spawn(hosts.add(1), OTHER)
  const seen = hosts.seenFrom(hosts.add(2), ref)

  const error = await thrownBy(() => {
    for (let n = 0; ; n++) seen.tell.work(n)
  })

  expect(error).toBeInstanceOf(MailboxFullError)
  expect(error).toMatchObject({ ref: seen, method: 'work', args: [131_072], cause: { code: 'ZERA_PIPE_FULL' } })
})

test('the error of a message to a pool carries the worker that was chosen, and the pool when it has none', async () => {
  const { ref, here } = await fullOne('its own host')
  const pool = new BoundRef<Narrow>(here.messenger, { host: POOL_HOST, id: 1, name: 'p', url: '', definition: '' })
  const pools = here.messenger.pools as PoolSender
  pools.set({ id: 1, route: 'round-robin', workers: [(ref as BoundRef<Narrow>).data] })

  const refused = (await thrownBy(() => pool.tell.work(1))) as MailboxFullError
  expect([refused.ref?.equals(ref), refused.method, refused.args]).toEqual([true, 'work', [1]])

  pools.delete(1)
  const asked = thrownBy(() => pool.ask.work(2))
  await settled()
  hosts.clock.advance(1000)
  expect(await asked).toMatchObject({ name: 'ActorStoppedError', ref: pool, method: 'work', args: [2] })
})

describe('the error of a message that cannot leave for another host', () => {
  const callback = (): void => undefined

  test('carries the ref and the message when its arguments cannot travel', async () => {
    const { ref } = await hosts.spawn(hosts.add(1), OTHER)
    const seen = hosts.seenFrom(hosts.add(2), ref)

    for (const send of [
      () => seen.tell.work('a', callback),
      () => seen.ask.work('a', callback),
      () => seen.stream.items(callback as unknown as number).next(),
    ]) {
      const error = (await thrownBy(send)) as NotCloneableError & RefusedMessageError
      expect([error instanceof NotCloneableError, error instanceof RefusedMessageError]).toEqual([true, true])
      expect([error.name, error.code, error.constructor]).toEqual([
        'NotCloneableError',
        'ZERA_NOT_CLONEABLE',
        NotCloneableError,
      ])
      expect(error.ref).toBe(seen)
      expect(error.args?.at(-1)).toBe(callback)
    }
  })

  test('carries them when it is too large', () => {
    const ref = { name: 'a ref' } as ActorRef<object>
    const error = refusing(new MessageTooLargeError('p', 2, 1), ref, 'work', ['large'])

    expect([error instanceof MessageTooLargeError, error instanceof RefusedMessageError]).toEqual([true, true])
    expect(error).toMatchObject({ code: 'ZERA_MESSAGE_TOO_LARGE', sizeBytes: 2, ref, method: 'work', args: ['large'] })
  })

  test('carries those of its own ask when there is no link, and none in a dead letter', async () => {
    const [here, there] = [hosts.add(1), hosts.add(2)]
    const { ref } = await hosts.spawn(there, OTHER)
    const seen = hosts.seenFrom(here, ref)
    hosts.refuseLinks(1, 1)

    seen.tell.work('told')
    const asked = [thrownBy(() => seen.ask.work('first')), thrownBy(() => seen.ask.work('second'))]
    const errors = (await Promise.all(asked)) as LinkError[]

    for (const [at, error] of errors.entries()) {
      expect(error).toBeInstanceOf(LinkError)
      expect(error).toBeInstanceOf(RefusedMessageError)
      expect(error).toMatchObject({ ref: seen, method: 'work', args: [['first', 'second'][at]] })
    }
    expect(hosts.deadLetters).toMatchObject([{ method: 'work', args: ['told'], error: { code: 'ZERA_LINK' } }])
    expect(hosts.deadLetters.map(({ error }) => (error as LinkError).args)).toEqual([undefined])
  })

  test('is no RefusedMessageError when it is about no message to an actor', () => {
    const error = refusing(new NotCloneableError('a function', ''), undefined, 'work', [])

    expect([error instanceof RefusedMessageError, error instanceof NotCloneableError]).toEqual([false, true])
    expect(error instanceof MailboxFullError).toBe(false)
  })

  test('hides them as others do', async () => {
    const { ref } = await hosts.spawn(hosts.add(1), OTHER)
    const seen = hosts.seenFrom(hosts.add(2), ref)

    const error = (await thrownBy(() => seen.tell.work('the secret', callback))) as NotCloneableError

    const [travelled] = decodeValues(JSON.parse(encodeValues([error], codec)), codec) as [Partial<RefusedMessageError>]
    expect([travelled.name, travelled.ref, travelled.args]).toEqual(['NotCloneableError', undefined, undefined])
    for (const text of [
      JSON.stringify(error),
      inspect(error, { depth: 10, getters: true }),
      inspect(error, { depth: 10, showHidden: true }),
      encodeValues([error], codec),
    ])
      expect(text).not.toContain('the secret')
  })
})

describe('what the error of a refused message carries', () => {
  const secret = 'the secret'

  test('does not travel, and gets into no log', async () => {
    const { ref } = await fullOne('another host')
    const error = (await thrownBy(() => ref.ask.work(secret))) as MailboxFullError
    expect(error.args).toEqual([secret])

    const [travelled] = decodeValues(JSON.parse(encodeValues([error], codec)), codec) as [Partial<MailboxFullError>]
    expect([travelled.name, travelled.ref, travelled.method, travelled.args]).toEqual([
      'MailboxFullError',
      undefined,
      undefined,
      undefined,
    ])
    const copied = structuredClone(error) as Partial<MailboxFullError>
    expect([copied.ref, copied.method, copied.args]).toEqual([undefined, undefined, undefined])
    for (const text of [
      JSON.stringify(error),
      JSON.stringify(Object.assign({}, error)),
      inspect(error, { depth: 10, getters: true }),
      inspect(error, { depth: 10, showHidden: true }),
      `${error.message} ${error.stack}`,
      encodeValues([error], codec),
    ])
      expect(text).not.toContain(secret)
    const keys: string[] = []
    for (const key in error) keys.push(key)
    expect(keys.filter(key => ['ref', 'method', 'args'].includes(key))).toEqual([])
  })

  test('stays with the actor that was refused, when its asker gets the error', async () => {
    const { ref, here } = await fullOne('its own host')
    const { ref: between } = await hosts.spawn(hosts.add(3), OTHER)

    const error = (await thrownBy(() =>
      hosts.seenFrom(here, between).ask.askOther(ref, secret),
    )) as Partial<MailboxFullError>

    expect([error.name, error.ref, error.args]).toEqual(['MailboxFullError', undefined, undefined])
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret)
  })
})

test('an error that is about no message carries none', () => {
  const errors = [
    new SystemStoppedError('start actor /a'),
    new ActorStoppedError('/a'),
    new MailboxFullError('/a', 'its mailbox is full'),
    new UnknownMethodError('/a', 'b'),
    new LinkError(1, { problem: 'no room' }),
  ]

  for (const { ref, method, args } of errors) expect([ref, method, args]).toEqual([undefined, undefined, undefined])
})

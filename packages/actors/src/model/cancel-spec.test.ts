import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import stubborn, {
  leftAlone,
  patient,
  spinner,
  STUBBORN,
  stubbornWords,
  type Stubborn,
} from '../fixtures/actors/failing/stubborn.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import {
  AskAbortedError,
  AskTimeoutError,
  startSystem,
  type ActorRef,
  type System,
  type SystemEvents,
} from '../index.js'
import { cancelSpec, DEFAULT_CANCEL } from './cancel-spec.js'

describe('cancelSpec()', () => {
  test('fills in the defaults, and keeps what JSON cannot say', () => {
    expect(cancelSpec({})).toEqual(DEFAULT_CANCEL)
    expect(cancelSpec({ graceMs: 5, killMs: Infinity })).toEqual({ graceMs: 5, killMs: Number.MAX_SAFE_INTEGER })
  })

  test.each([{ graceMs: -1 }, { killMs: NaN }])('refuses %o', options => {
    expect(() => cancelSpec(options)).toThrow(RangeError)
  })
})

describe('the cancellation ladder', () => {
  expectNoLeaksAfterAll()
  const words = stubbornWords()
  let system: System
  const failed: SystemEvents['actor-failed'][] = []
  beforeAll(async () => {
    system = await startSystem({ threads: 1, handleSignals: false })
    system.events.on('actor-failed', event => failed.push(event))
  })
  afterAll(() => system.stop())

  const spawn = (): Promise<ActorRef<Stubborn>> => system.spawn(stubborn, { maxRestarts: 100 })
  /** Gives an ask up when its handler has begun. */
  const giveUp = async (ask: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> => {
    const abort = new AbortController()
    const begun = words[STUBBORN.begun]
    const refusal = errorOf(ask(abort.signal))
    await expect.poll(() => words[STUBBORN.begun]).not.toBe(begun)
    abort.abort()
    return refusal
  }
  const errorOf = (ask: Promise<unknown>): Promise<unknown> => ask.catch((error: unknown) => error)

  test('stops at the signal when the handler heeds it, also by an abort, whose reason is the cause', async () => {
    const ref = await system.spawn(patient)
    const abort = new AbortController()

    const timeout = await errorOf(ref.ask({ timeoutMs: 5 }).heed())
    const aborted = errorOf(ref.ask({ signal: abort.signal }).heed())
    abort.abort(new Error('changed my mind'))

    expect(timeout).toBeInstanceOf(AskTimeoutError)
    expect(timeout).toMatchObject({ timeoutMs: 5, cancellation: 'signalled' })
    expect(await aborted).toBeInstanceOf(AskAbortedError)
    expect(await aborted).toMatchObject({ cancellation: 'signalled', cause: { message: 'changed my mind' } })
    expect(failed).toEqual([])
  })

  test('restarts an actor whose handler goes on; what waits behind it is handled by the new instance', async () => {
    const ref = await spawn()
    words[STUBBORN.last] = 0
    const refusal = giveUp(signal => ref.ask({ signal }).ignore())
    const behind = ref.ask({ timeoutMs: 20_000 }).take(1)

    expect(await refusal).toMatchObject({ name: 'AskAbortedError', cancellation: 'actor-restarted' })
    expect(await behind).toBe(1)
    expect(failed.map(({ actor, error, method }) => [actor.id, error.name, method])).toEqual([
      [ref.address.id, 'IgnoredSignalError', 'ignore'],
    ])
  })

  test('gives up a message that had not begun, and restarts nothing', async () => {
    failed.length = 0
    const ref = await system.spawn(patient)
    const busy = errorOf(ref.ask({ timeoutMs: 20 }).heed())
    const waiting = errorOf(ref.ask({ timeoutMs: 5 }).ignore())

    expect(await waiting).toMatchObject({ cancellation: 'signalled' })
    expect(await busy).toMatchObject({ cancellation: 'signalled' })
    expect(failed).toEqual([])
  })

  test('kills a thread that spins, and that alone; its neighbours miss nothing and handle nothing twice', async () => {
    const [spinning, neighbour] = [await system.spawn(spinner), await system.spawn(leftAlone)]
    const own = await system.spawn(stubborn, { placement: 'own-thread' })
    const downs: SystemEvents['host-down'][] = []
    system.events.on('host-down', event => downs.push(event))
    words[STUBBORN.last] = 0
    const begun = words[STUBBORN.begun] ?? 0
    const refusal = giveUp(signal => spinning.ask({ signal }).spin())
    for (let number = 1; number <= 500; number++) neighbour.tell.take(number)
    const asked = neighbour.ask({ timeoutMs: 20_000 }).take(501)

    expect(await refusal).toMatchObject({ name: 'AskAbortedError', cancellation: 'thread-killed' })
    neighbour.tell.take(502)
    expect(await asked).toBe(501)
    await expect.poll(() => words[STUBBORN.last]).toBe(502)

    expect(words[STUBBORN.wrong]).toBe(0)
    expect(words[STUBBORN.begun]).toBe(begun + 1)
    expect(downs.map(({ host }) => host)).toEqual([spinning.address.host])
    words[STUBBORN.last] = 0
    expect(await own.ask.take(1)).toBe(1)
  })

  test('is not there without cancel: the ask rejects at once, with the reason itself when it is aborted', async () => {
    const ref = await system.spawn(leftAlone)
    const abort = new AbortController()

    const timeout = await errorOf(ref.ask({ timeoutMs: 5 }).ignore())
    const aborted = errorOf(ref.ask({ signal: abort.signal }).ignore())
    const reason = new Error('changed my mind')
    abort.abort(reason)

    expect(timeout).toMatchObject({ cancellation: 'signalled' })
    expect(await aborted).toBe(reason)
  })

  test('reaches as far for an actor that asks from another thread, or from the same one, by a ref that was looked up', async () => {
    await system.spawn(stubborn, { name: 'found', maxRestarts: 100 })
    const found = (await system.lookup('found', stubborn)) as ActorRef<Stubborn>
    const elsewhere = await system.spawn(leftAlone, { placement: 'own-thread' })
    const beside = await system.spawn(leftAlone)

    expect(await elsewhere.ask.outcomeOf(found)).toBe('actor-restarted')
    expect(await beside.ask.outcomeOf(found)).toBe('actor-restarted')
  })
})

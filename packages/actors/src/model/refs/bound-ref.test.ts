import { NotCloneableError } from '@zera/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Gate, { openGate } from '../../fixtures/actors/gate.js'
import Journal, { journalLines, untilWritten } from '../../fixtures/actors/journal.js'
import Worker, { type WorkerProps } from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { startSystem } from '../../system/start-system.js'
import type { System } from '../../system/system.js'
import { AskTimeoutError, UnknownMethodError } from '../errors.js'
import type { ActorRef } from './ref.js'

expectNoLeaksAfterAll()

let system: System
let journal: NonNullable<WorkerProps['journal']>
beforeAll(async () => {
  system = await startSystem({ threads: 2 })
  journal = await system.spawn(Journal, { placement: 'main' })
})
afterAll(() => system.stop())

function spawnWorker(placement: 'shared' | 'own-thread' | 'main', label = 'worker'): Promise<ActorRef<typeof Worker>> {
  return system.spawn(Worker, { placement, maxRestarts: 100, props: { label, journal } })
}

describe.each(['shared', 'own-thread', 'main'] as const)('ActorRef of an actor with placement %s', placement => {
  test('ask gives what the method returns, and tells arrive in order', async () => {
    const worker = await spawnWorker(placement, `told ${placement}`)

    for (let n = 0; n < 100; n++) worker.tell.write(`${n}`)

    expect(await worker.ask.echo({ a: [1, new Map([[1n, undefined]])] })).toEqual({
      a: [1, new Map([[1n, undefined]])],
    })
    await untilWritten(`told ${placement}: 99`)
    expect(
      journalLines()
        .filter(line => line.startsWith(`told ${placement}: `))
        .slice(1),
    ).toEqual(Array.from({ length: 100 }, (_, n) => `told ${placement}: ${n}`))
  })

  test('lives where it shall', async () => {
    const [worker, main] = await Promise.all([spawnWorker(placement), spawnWorker('main')])

    expect((await worker.ask.thread()) === (await main.ask.thread())).toBe(placement === 'main')
  })

  test('ask rejects with what the handler threw: name, text, code, cause and stack as they were there', async () => {
    const worker = await spawnWorker(placement)

    const error = (await worker.ask.fail('no').catch((thrown: unknown) => thrown)) as NodeJS.ErrnoException

    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({
      name: 'TypeError',
      message: 'no',
      code: 'E_FAIL',
      cause: { name: 'Error', message: 'the cause' },
    })
    expect(error.stack).toMatch(/^TypeError: no\n\s+at Worker\.fail \(.*worker\.(js|ts)/)
  })

  test('ask rejects at its timeoutMs, the signal of the handler aborts, and the next message is handled', async () => {
    const worker = await spawnWorker(placement, `timeout ${placement}`)

    const asked = worker.ask({ timeoutMs: 20 }).untilWithdrawn()

    await expect(asked).rejects.toBeInstanceOf(AskTimeoutError)
    expect(await worker.ask.echo('next')).toBe('next')
    expect(await worker.ask.restarts()).toBe(0)
    await untilWritten(`timeout ${placement}: withdrawn`)
  })

  test('ask rejects when its signal aborts: before, while and after it is handled', async () => {
    const worker = await spawnWorker(placement, `signal ${placement}`)
    const controller = new AbortController()
    const reason = new Error('enough')
    expect(await worker.ask({ signal: controller.signal }).echo(1)).toBe(1)
    const asked = worker.ask({ signal: controller.signal }).untilWithdrawn()
    await untilWritten(`signal ${placement}: waits`)

    controller.abort(reason)

    await expect(asked).rejects.toBe(reason)
    await untilWritten(`signal ${placement}: withdrawn`)
    await expect(worker.ask({ signal: controller.signal }).echo(2)).rejects.toBe(reason)
  })

  test('stream reads at its own pace, and leaving the loop ends the generator', async () => {
    const worker = await spawnWorker(placement, `stream ${placement}`)
    const read: number[] = []

    for await (const n of worker.stream.count(500)) read.push(n)
    for await (const n of worker.stream.count(1_000_000)) if (n > 100) break

    expect(read).toHaveLength(500)
    await untilWritten(`stream ${placement}: left`, 2)
    expect(journalLines().filter(line => line === `stream ${placement}: counted`)).toHaveLength(1)
  })

  test('stream throws what the generator throws, after its items', async () => {
    const worker = await spawnWorker(placement)
    const read: number[] = []
    const reading = (async () => {
      for await (const n of worker.stream.failAfter(10)) read.push(n)
    })()

    await expect(reading).rejects.toMatchObject({ name: 'TypeError', message: 'in the stream' })
    expect(read).toHaveLength(10)
  })

  test('is for methods that the actor has', async () => {
    const worker = (await spawnWorker(placement)) as unknown as ActorRef<{ steal(): void; rob(): AsyncGenerator }>

    const given = nextEvent(system, 'dead-letter')
    worker.tell.steal()
    expect(await given).toMatchObject({ method: 'steal', reason: 'unknown-method' })
    await expect(worker.ask.steal()).rejects.toBeInstanceOf(UnknownMethodError)
    await expect(worker.stream.rob().next()).rejects.toBeInstanceOf(UnknownMethodError)
  })

  test('refuses options whose values are of another kind', async () => {
    const worker = await spawnWorker(placement)

    for (const timeoutMs of [-1, NaN, '5' as never, null as never])
      for (const verb of ['ask', 'stream'] as const) expect(() => worker[verb]({ timeoutMs })).toThrow(RangeError)
    for (const signal of [1, {}, new AbortController()])
      expect(() => worker.ask({ signal: signal as AbortSignal })).toThrow(TypeError)
  })
})

describe('ActorRef of an actor on another thread', () => {
  test('refuses what cannot be cloned where it is sent', async () => {
    const worker = await spawnWorker('shared')

    expect(() => worker.tell.echo(() => undefined)).toThrow(NotCloneableError)
    await expect(worker.ask.echo(Symbol('s'))).rejects.toBeInstanceOf(NotCloneableError)
  })

  test('rejects when the answer cannot be cloned, and the actor goes on as it was', async () => {
    const worker = await spawnWorker('shared')

    await expect(worker.ask.function()).rejects.toMatchObject({ code: 'ZERA_NOT_CLONEABLE' })

    expect(await worker.ask.restarts()).toBe(0)
  })

  test('waits at most 5 seconds for what does not come, when nothing else is said', async () => {
    const worker = await spawnWorker('shared')

    const asked = worker.ask.forever()

    // The deadline itself is tested with a manual clock.
    expect(
      await Promise.race([
        asked,
        worker
          .ask({ timeoutMs: 30 })
          .echo(1)
          .catch((error: unknown) => error),
      ]),
    ).toBeInstanceOf(AskTimeoutError)
    await system.killHost(worker)
    await expect(asked).rejects.toMatchObject({ code: 'ZERA_ACTOR_DOWN', reason: 'killed', progress: 'begun' })
  })

  test('makes a tell whose handler threw a dead letter', async () => {
    const worker = await spawnWorker('shared')
    const letter = nextEvent(system, 'dead-letter')

    worker.tell.fail('told')

    expect(await letter).toMatchObject({
      target: { id: worker.address.id },
      method: 'fail',
      args: ['told'],
      reason: 'handler-threw',
      error: { message: 'told' },
    })
  })
})

describe('actors that talk to each other', () => {
  test('across threads: refs in messages, the sender, and errors of errors', async () => {
    const [a, b] = await Promise.all([spawnWorker('own-thread', 'a'), spawnWorker('own-thread', 'b')])

    a.tell.tellOther(b, 'from a')
    await untilWritten('b: from a')

    expect(await a.ask.askOther(b)).toBe(a.address.id)
    expect(await b.ask.senderId()).toBeUndefined()
    await expect(a.ask.askWhatFails(b)).rejects.toMatchObject({
      name: 'TypeError',
      message: 'over there',
      code: 'E_FAIL',
    })
  })

  test('spawn children, which end with them', async () => {
    const parent = await spawnWorker('shared', 'parent')
    const child = await parent.ask.spawn({ label: 'child', journal }, 'child of parent')

    expect(child.name).toBe('child of parent')
    expect(await child.ask.name()).toBe('child of parent')
    const other = await spawnWorker('shared')
    await expect(other.ask.spawn({ label: '' }, 'child of parent')).rejects.toMatchObject({ code: 'ZERA_NAME_TAKEN' })
    await system.stop(parent)

    await expect(child.ask.name()).rejects.toMatchObject({ code: 'ZERA_ACTOR_STOPPED' })
    await other.ask.spawn({ label: '' }, 'child of parent')
  })

  test('hold each other up only as long as they are asked', async () => {
    const [gate, worker] = await Promise.all([system.spawn(Gate, { placement: 'main' }), spawnWorker('shared', 'held')])
    const held = worker.ask.hold(gate)
    await untilWritten('held: holds')

    openGate('open')

    expect(await held).toBe('open')
  })
})

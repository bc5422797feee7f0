import { setEnvironmentData } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import Counter from '../fixtures/actors/counter.js'
import Spinner from '../fixtures/actors/failing/spinner.js'
import Gate, { openGate } from '../fixtures/actors/gate.js'
import Journal, { journalLines, untilWritten } from '../fixtures/actors/journal.js'
import Worker, { type WorkerProps } from '../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { defineHidden } from '../fixtures/modules/definitions.js'
import { nextEvent } from '../fixtures/next-event.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { defineActor } from '../model/definition.js'
import { ActorStartError, ActorStoppedError, NameTakenError, SystemStoppedError } from '../model/errors.js'
import { child, type ChildSpec, type SpawnOptions } from '../model/supervision/child-spec.js'
import { startSystem } from './start-system.js'
import type { SystemOptions } from './system-options.js'

expectNoLeaksAfterEach()

describe('startSystem()', () => {
  test.each([
    { threads: -1 },
    { threads: NaN },
    { threads: 1.5 },
    { threads: Infinity },
    { startMs: -1 },
    { stopMs: NaN },
    { stopTimeoutMs: -1 },
  ] satisfies SystemOptions[])('rejects %o with a RangeError', async options => {
    await expect(startSystem(options)).rejects.toBeInstanceOf(RangeError)
  })

  test('rejects when its threads are not ready in time, and leaves nothing', async () => {
    await expect(startSystem({ threads: 2, startMs: 0 })).rejects.toMatchObject({ code: 'ZERA_THREAD_START' })
  })

  test('without threads puts all actors on the main thread, unless they want one of their own', async () => {
    await using system = await startSystem({ threads: 0 })

    const [shared, own] = await Promise.all([system.spawn(Counter), system.spawn(Counter, { placement: 'own-thread' })])

    expect([shared.address.host, own.address.host]).toEqual([0, 1])
    expect(await Promise.all([shared.ask.add(1), own.ask.add(2)])).toEqual([1, 2])
  })

  test('starts systems that do not know each other', async () => {
    await using a = await startSystem({ threads: 1, name: 'a' })
    await using b = await startSystem({ threads: 1, name: 'b' })

    const [ofA, ofB] = await Promise.all([a.spawn(Counter, { name: 'counter' }), b.spawn(Counter, { name: 'counter' })])
    await ofA.ask.add(1)
    await a.stop()

    expect(await ofB.ask.add(10)).toBe(10)
  })

  test('runs the example of the README', async () => {
    await using system = await startSystem({ threads: 2 })
    const counter = await system.spawn(Counter, { name: 'counter' })
    counter.tell.add(1)

    const answers = [await counter.ask.add(2), await counter.ask({ timeoutMs: 5000 }).add(1)]
    for await (const n of counter.stream.upTo(10)) answers.push(n)

    expect(answers).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('System.spawn()', () => {
  test('rejects what is no definition with a TypeError', async () => {
    await using system = await startSystem({ threads: 0 })

    for (const value of [undefined, Object, { ...Counter }] as unknown as (typeof Counter)[]) {
      await expect(system.spawn(value)).rejects.toBeInstanceOf(TypeError)
      await expect(system.root.spawn(value)).rejects.toBeInstanceOf(TypeError)
    }
    const wrong = Object as unknown as typeof Counter
    const text = 'it is the class Object and no definition'
    for (const call of [
      () => system.spawn(wrong),
      () => system.startPool(wrong),
      () => system.lookup('x', wrong),
      () => system.supervise([wrong as unknown as ChildSpec]),
      () => system.supervise([child(wrong)]),
    ])
      await expect(call()).rejects.toThrow(text)
  })

  test.each([
    { placement: 'elsewhere' },
    { restart: 'sometimes' },
    { maxRestarts: -1 },
    { periodMs: NaN },
    { backoff: { firstMs: -1, factor: 2, maxMs: 10 } },
    { backoff: { firstMs: 1, factor: 2 } },
    { shutdownMs: -1 },
    { maxHeapMb: 1.99, placement: 'own-thread' },
    { maxHeapMb: NaN, placement: 'own-thread' },
  ])('rejects %o with a RangeError', async options => {
    await using system = await startSystem({ threads: 0 })

    await expect(system.spawn(Counter, options as SpawnOptions<object>)).rejects.toBeInstanceOf(RangeError)
  })

  test('rejects a heap limit without a thread of its own with a TypeError', async () => {
    await using system = await startSystem({ threads: 0 })

    await expect(system.spawn(Counter, { maxHeapMb: 64 })).rejects.toBeInstanceOf(TypeError)
  })

  test.each(['shared', 'own-thread'] as const)(
    'rejects a definition that a thread cannot find (%s), and leaves nothing',
    async placement => {
      await using system = await startSystem({ threads: 1 })
      const elsewhere = defineElsewhere()

      const spawned = system.spawn(elsewhere, { placement, name: 'x' })
      await expect(spawned).rejects.toBeInstanceOf(ActorStartError)
      await expect(spawned).rejects.toMatchObject({ cause: { name: 'DefinitionError', code: 'ZERA_DEFINITION' } })
      await expect(system.spawn(defineHidden(), { placement, name: 'x' })).rejects.toMatchObject({
        cause: { code: 'ZERA_DEFINITION' },
      })

      expect((await system.stop()).actors).toEqual([])
    },
  )

  test('rejects props that cannot be cloned, and leaves nothing', async () => {
    await using system = await startSystem({ threads: 1 })
    const props = { label: 'a', trouble: (() => undefined) as unknown as 'start-throws' } satisfies WorkerProps

    for (const placement of ['shared', 'own-thread'] as const) {
      await expect(system.spawn(Worker, { placement, props })).rejects.toMatchObject({ code: 'ZERA_NOT_CLONEABLE' })
    }

    expect((await system.stop()).actors).toEqual([])
  })

  test('rejects a name that another actor has, until that has stopped', async () => {
    await using system = await startSystem({ threads: 1 })
    const first = await system.spawn(Counter, { name: 'counter' })

    await expect(system.spawn(Counter, { name: 'counter' })).rejects.toBeInstanceOf(NameTakenError)
    const starting = [system.spawn(Counter, { name: 'other' }), system.spawn(Counter, { name: 'other' })]
    expect((await Promise.allSettled(starting)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await system.stop(first)

    expect((await system.spawn(Counter, { name: 'counter' })).name).toBe('counter')
  })

  test('rejects when the system has stopped, or stops meanwhile', async () => {
    const system = await startSystem({ threads: 1 })
    const spawned = (['shared', 'own-thread', 'main'] as const).map(placement =>
      system.spawn(Counter, { placement }).catch((error: unknown) => error),
    )

    const receipt = await system.stop()

    for (const outcome of await Promise.all(spawned)) expect(outcome).toBeInstanceOf(SystemStoppedError)
    await expect(system.spawn(Counter)).rejects.toBeInstanceOf(SystemStoppedError)
    expect(receipt.threads.every(({ outcome }) => outcome === 'clean')).toBe(true)
  })
})

describe('System.killHost()', () => {
  test('refuses to kill the main thread', async () => {
    await using system = await startSystem({ threads: 0 })
    const counter = await system.spawn(Counter)

    await expect(system.killHost(counter)).rejects.toBeInstanceOf(RangeError)
  })
})

describe('System.stop()', () => {
  test('stops actors, last started first, then threads, and proves it', async () => {
    const system = await startSystem({ threads: 2, name: 'proof' })
    await system.root.add(child(Journal, { id: 'journal', placement: 'main' }))
    const journal = system.root.actor(Journal, 'journal')
    for (const label of ['a', 'b', 'c'])
      await system.root.add(child(Worker, { name: label, props: { label, journal } }))

    const receipt = await system.stop()

    expect(journalLines().slice(3)).toEqual(['c', 'b', 'a'].map(label => `${label}: stop: the system stops`))
    expect(receipt.actors.map(({ name, definition, outcome }) => [name, definition, outcome])).toEqual([
      ['c', 'Worker', 'drained'],
      ['b', 'Worker', 'drained'],
      ['a', 'Worker', 'drained'],
      ['', 'Journal', 'drained'],
    ])
    expect(receipt.threads.map(({ thread, exitCode, outcome }) => [thread, exitCode, outcome])).toEqual([
      ['proof/2.1', 0, 'clean'],
      ['proof/1.1', 0, 'clean'],
    ])
    expect(receipt).toMatchObject({ restarts: 0, deadLetters: 0, messagesLost: 0, isClean: true })
    expect(Object.values(receipt.left)).toEqual([0, 0, 0, 0, 0, 0])
    expect(receipt.durationMs).toBe(receipt.stoppedAtMs - receipt.startedAtMs)
  })

  test('twice gives the same receipt, also in the event', async () => {
    const system = await startSystem({ threads: 1 })
    const told = nextEvent(system, 'stopped')

    const stops = [system.stop(), system.stop()]

    expect(await stops[0]).toBe(await stops[1])
    expect(await told).toBe(await stops[0])
  })

  test('lets actors finish what they have, and refuses what comes after', async () => {
    const system = await startSystem({ threads: 1 })
    const { root } = system
    await root.add(child(Journal, { id: 'journal', placement: 'main' }))
    await root.add(child(Gate, { id: 'gate', placement: 'main' }))
    const [journal, gate] = [root.actor(Journal, 'journal'), root.actor(Gate, 'gate')]
    const worker = await system.spawn(Worker, { props: { label: 'a', journal } })
    const held = worker.ask.hold(gate)
    worker.tell.write('behind')
    await untilWritten('a: holds')
    const stopped = system.stop()

    openGate()

    expect(await held).toBe('passed')
    expect((await stopped).isClean).toBe(true)
    expect(journalLines()).toContain('a: behind')
    await expect(worker.ask.echo(1)).rejects.toBeInstanceOf(SystemStoppedError)
    expect(() => worker.tell.echo(1)).toThrow(SystemStoppedError)
  })

  test('does not wait longer for an actor than its shutdownMs', async () => {
    const system = await startSystem({ threads: 1 })
    const worker = await system.spawn(Worker, { shutdownMs: 20 })
    const asked = worker.ask.forever().catch((error: unknown) => error)

    const receipt = await system.stop()

    expect(await asked).toBeInstanceOf(ActorStoppedError)
    expect(receipt.actors).toMatchObject([{ outcome: 'hurried' }])
    expect([receipt.isClean, receipt.threads[0]?.outcome]).toEqual([false, 'clean'])
  })

  test.each(['shared', 'main'] as const)('does not wait for an onStop that does not end (%s)', async placement => {
    const system = await startSystem({ threads: 1 })
    await system.spawn(Worker, { placement, shutdownMs: 300, props: { label: 'a', trouble: 'stop-hangs' } })

    const receipt = await system.stop()

    expect(receipt.actors).toMatchObject([{ outcome: 'hurried' }])
    expect(receipt.threads).toMatchObject([{ outcome: 'clean' }])
  })

  test('kills the thread of an actor that spins', async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4))
    setEnvironmentData('spinner', flag.buffer)
    const system = await startSystem({ threads: 2 })
    const spinner = await system.spawn(Spinner, { shutdownMs: 0 })
    const asked = spinner.ask.spin().catch((error: unknown) => error)
    await Atomics.waitAsync(flag, 0, 0).value

    const receipt = await system.stop()

    expect(await asked).toMatchObject({ code: 'ZERA_ACTOR_DOWN', reason: 'killed', progress: 'begun' })
    expect(receipt.actors[0]).toMatchObject({ outcome: 'lost' })
    expect(receipt.threads.map(({ outcome }) => outcome).toSorted()).toEqual(['clean', 'killed'])
    expect(receipt.isClean).toBe(false)
  })

  test('says which actor failed to stop', async () => {
    const system = await startSystem({ threads: 1 })
    await system.spawn(Worker, { props: { label: 'a', trouble: 'stop-throws' } })
    const failed = nextEvent(system, 'actor-failed')

    const receipt = await system.stop()

    expect([receipt.actors[0]?.outcome, receipt.isClean]).toEqual(['failed', false])
    expect(await failed).toMatchObject({ error: { message: 'no stop' } })
  })

  test('ends while a thread is being restarted, and leaves it stopped', async () => {
    const system = await startSystem({ threads: 1 })
    const counter = await system.spawn(Counter, { maxRestarts: Infinity })
    const down = nextEvent(system, 'host-down')
    void system.killHost(counter)
    await down

    const receipt = await system.stop()

    expect(receipt.actors).toMatchObject([{ outcome: 'down' }])
    expect(receipt.isClean).toBe(true)
  })

  test('ends while an actor is being restarted', async () => {
    const system = await startSystem({ threads: 1 })
    const counter = await system.spawn(Counter, { maxRestarts: Infinity })
    const failed = nextEvent(system, 'actor-failed')
    counter.tell.fail('no')
    await failed

    const { actors, threads } = await system.stop()

    expect(actors).toHaveLength(1)
    expect(threads).toMatchObject([{ outcome: 'clean' }])
  })

  test('has a record of every message that was not handled, however many there are', async () => {
    const system = await startSystem({ threads: 1 })
    const [flooder, gone] = [await system.spawn(Worker), await system.spawn(Worker)] as const
    await system.stop(gone)
    const flood = 200_000

    await flooder.ask({ timeoutMs: Infinity }).flood(gone, flood)
    const { deadLetters, messagesLost, isClean } = await system.stop()

    expect(deadLetters + messagesLost).toBe(flood)
    expect(isClean).toBe(true)
  })

  test('tells what happens, in order', async () => {
    const system = await startSystem({ threads: 1 })
    const told: string[] = []
    system.events.onAny(({ type }) => told.push(type))
    const counter = await system.spawn(Counter)
    await expect(counter.ask.fail('no')).rejects.toThrow(TypeError)
    await counter.ask.add(1)

    await system.stop()

    expect(told).toEqual(['actor-started', 'actor-failed', 'actor-restarted', 'stopping', 'actor-stopped', 'stopped'])
  })
})

/** An actor whose definition names a module that is not there. */
function defineElsewhere(): ActorDefinition<object> {
  class Elsewhere {
    act(): void {}
  }
  return defineActor(new URL('./nowhere.js', import.meta.url).href, Elsewhere)
}

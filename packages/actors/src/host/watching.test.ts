import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import Gate, { openGate } from '../fixtures/actors/gate.js'
import Observer, { type Observer as ObserverActor } from '../fixtures/actors/observer.js'
import Worker, { type Worker as WorkerActor } from '../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { SpawnOptions } from '../model/supervision/child-spec.js'
import { startSystem } from '../system/start-system.js'
import type { System } from '../system/system.js'

expectNoLeaksAfterAll()

let system: System
beforeAll(async () => {
  system = await startSystem({ threads: 2 })
})
afterAll(async () => {
  expect((await system.stop()).left.asks).toBe(0)
})

function spawnWorker(options: SpawnOptions<WorkerActor> = {}): Promise<ActorRef<WorkerActor>> {
  return system.spawn(Worker, { maxRestarts: 5, ...options })
}

async function untilToldOf(observer: ActorRef<ObserverActor>, downs: number): ReturnType<typeof observer.ask.downs> {
  await vi.waitUntil(async () => (await observer.ask.downs()).length >= downs)
  return observer.ask.downs()
}

describe('System.watch()', () => {
  test('resolves when the actor fails, with what it was handling, also when it is restarted', async () => {
    const worker = await spawnWorker()
    const down = system.watch(worker)

    await expect(worker.ask.fail('no')).rejects.toThrow(TypeError)

    expect(await down).toMatchObject({
      target: { id: worker.address.id },
      reason: 'failed',
      error: { message: 'no' },
      method: 'fail',
    })
    expect(await worker.ask.restarts()).toBe(1)
  })

  test('resolves when it is stopped, and at once when it is gone', async () => {
    const worker = await spawnWorker()
    const down = system.watch(worker)

    await system.stop(worker)

    expect(await down).toMatchObject({ reason: 'stopped', error: undefined })
    expect(await system.watch(worker)).toMatchObject({ reason: 'gone' })
  })

  test('says that the heap limit was reached', async () => {
    const worker = await spawnWorker({ placement: 'own-thread', maxHeapMb: 24 })
    const down = system.watch(worker)

    await expect(worker.ask({ timeoutMs: Infinity }).fillHeap()).rejects.toMatchObject({ code: 'ZERA_ACTOR_DOWN' })

    expect(await down).toMatchObject({ reason: 'heap-limit', error: { cause: { code: 'ZERA_HEAP_LIMIT' } } })
  })

  test('rejects with the reason of a signal that gives it up', async () => {
    const worker = await spawnWorker()
    const controller = new AbortController()
    const down = system.watch(worker, { signal: controller.signal })

    controller.abort(new Error('enough'))

    await expect(down).rejects.toThrow('enough')
    await expect(system.watch(worker, { signal: controller.signal })).rejects.toThrow('enough')
  })
})

describe('ActorContext.watch()', () => {
  test.each(['shared', 'main', 'own-thread'] as const)(
    'tells once how an actor ended, across hosts (%s)',
    async placement => {
      const worker = await spawnWorker({
        placement: placement === 'main' ? 'main' : 'own-thread',
        restart: 'temporary',
      })
      const observer = await system.spawn(Observer, { placement })
      await observer.ask.watch(worker)

      worker.tell.fail('no')
      await untilToldOf(observer, 1)
      await observer.ask.watch(worker)

      expect(await untilToldOf(observer, 2)).toMatchObject([
        {
          target: { id: worker.address.id },
          reason: 'failed',
          method: 'fail',
          error: { name: 'TypeError', message: 'no' },
        },
        { target: { id: worker.address.id }, reason: 'gone' },
      ])
    },
  )

  test('tells of the death of a thread', async () => {
    const worker = await spawnWorker({ placement: 'own-thread' })
    const observer = await system.spawn(Observer)
    await observer.ask.watch(worker)

    await system.killHost(worker)

    expect(await untilToldOf(observer, 1)).toMatchObject([{ reason: 'thread-down' }])
  })

  test('tells nothing after cancel(), nor to the next instance', async () => {
    const worker = await spawnWorker()
    const [unwatching, restarted, other] = (await Promise.all(
      [1, 2, 3].map(() => system.spawn(Observer, { maxRestarts: 5, placement: 'main' })),
    )) as [ActorRef<ObserverActor>, ActorRef<ObserverActor>, ActorRef<ObserverActor>]
    for (const observer of [unwatching, restarted, other]) await observer.ask.watch(worker)
    await unwatching.ask.unwatch()
    const again = nextEvent(system, 'actor-restarted')
    const doomed = await spawnWorker({ restart: 'temporary' })
    await restarted.ask.link(doomed)
    doomed.tell.fail('no')
    await again

    worker.tell.fail('no')
    await untilToldOf(other, 1)

    expect(await Promise.all([unwatching.ask.downs(), restarted.ask.downs()])).toEqual([[], []])
  })

  test('tells nothing after cancel() of an end that waits in the mailbox', async () => {
    const [observer, other] = [
      await system.spawn(Observer, { placement: 'main' }),
      await system.spawn(Observer, { placement: 'main' }),
    ]
    const [gate, worker] = [
      await system.spawn(Gate, { placement: 'main' }),
      await spawnWorker({ restart: 'temporary' }),
    ]
    await observer.ask.watch(worker)
    const unwatched = observer.ask.unwatchAfter(gate)
    // Its news comes after that of the first.
    await other.ask.watch(worker)
    worker.tell.fail('no')
    await untilToldOf(other, 1)

    openGate()
    await unwatched

    expect(await observer.ask.downs()).toEqual([])
  })

  test('throws a RangeError for a pool', async () => {
    const pool = await system.startPool(Worker, { size: 1 })

    await expect(system.watch(pool)).rejects.toBeInstanceOf(RangeError)
    await system.stop(pool)
  })
})

describe('ActorContext.link()', () => {
  test('fails the actor when the other fails, and not when that is stopped', async () => {
    const [stopped, failing] = [await spawnWorker(), await spawnWorker({ restart: 'temporary' })]
    const observer = await system.spawn(Observer, { maxRestarts: 5 })
    await observer.ask.link(stopped)
    await observer.ask.link(failing)
    const failed = nextEvent(system, 'actor-failed', ({ actor }) => actor.id === observer.address.id)
    await system.stop(stopped)

    failing.tell.fail('no')

    expect(await failed).toMatchObject({ error: { code: 'ZERA_LINKED_ACTOR_DOWN', cause: { message: 'no' } } })
  })
})

import { describe, expect, test } from 'vitest'
import Gate, { openGate } from '../../fixtures/actors/gate.js'
import Journal, { journalLines, untilWritten } from '../../fixtures/actors/journal.js'
import Worker, { type Worker as WorkerActor, type WorkerProps } from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { ActorRestartedError, ActorStartError, ActorStoppedError, MailboxFullError } from '../../model/errors.js'
import type { ActorRef } from '../../model/refs/ref.js'
import type { SpawnOptions } from '../../model/supervision/child-spec.js'
import { startSystem } from '../start-system.js'
import type { System } from '../system.js'

expectNoLeaksAfterEach()

/** A system with a journal, and a way to start workers that write into it. */
async function startWorkers(threads = 1) {
  const system = await startSystem({ threads })
  const journal = await system.spawn(Journal, { placement: 'main' })
  const spawn = (
    label: string,
    options: SpawnOptions<WorkerActor> = {},
    trouble?: WorkerProps['trouble'],
  ): Promise<ActorRef<WorkerActor>> =>
    system.spawn(Worker, { ...options, props: { label, journal, ...(trouble === undefined ? {} : { trouble }) } })
  return { system, spawn, [Symbol.asyncDispose]: async () => void (await system.stop()) }
}

describe('an actor whose handler throws', () => {
  test('is restarted with its props, and goes on with the messages behind', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a')
    const [failed, restarted] = [nextEvent(system, 'actor-failed'), nextEvent(system, 'actor-restarted')]
    const asked = worker.ask.fail('asked')
    worker.tell.write('behind')

    await expect(asked).rejects.toThrow(TypeError)
    await untilWritten('a: behind')

    expect(journalLines()).toEqual([
      'a: start',
      'a: stop: it failed: asked',
      'a: start',
      'a: restart after fail: asked',
      'a: behind',
    ])
    expect(await failed).toMatchObject({
      actor: { id: worker.address.id, definition: 'Worker' },
      error: { message: 'asked' },
      method: 'fail',
    })
    expect(await restarted).toMatchObject({ actor: { id: worker.address.id }, restarts: 1 })
  })

  test('is restarted as often as messages fail that come one behind the other', async () => {
    await using workers = await startWorkers()
    const worker = await workers.spawn('a', { maxRestarts: 10 })

    for (let n = 0; n < 10; n++) worker.tell.fail(`${n}`)

    expect(await worker.ask.echo('still there')).toBe('still there')
    expect((await workers.system.stop()).restarts).toBe(10)
  })

  test('is given up when it fails too often: asks reject, tells are dead letters, and its name is free', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { name: 'fragile', maxRestarts: 1, periodMs: Infinity })
    const letters: unknown[] = []
    system.events.on('dead-letter', ({ method, reason }) => letters.push([method, reason]))
    const givenUp = nextEvent(system, 'actor-given-up')

    worker.tell.fail('1')
    worker.tell.fail('2')
    worker.tell.write('behind')
    const asked = worker.ask.echo(1)

    await expect(asked).rejects.toBeInstanceOf(ActorStoppedError)
    expect(await givenUp).toMatchObject({ actor: { name: 'fragile' }, error: { message: '2' } })
    await expect(worker.ask.echo(2)).rejects.toBeInstanceOf(ActorStoppedError)
    worker.tell.write('later')
    expect(await (await spawn('b', { name: 'fragile' })).ask.echo(3)).toBe(3)
    await system.stop()
    expect(letters).toEqual([
      ['fail', 'handler-threw'],
      ['fail', 'handler-threw'],
      ['write', 'actor-stopped'],
      ['write', 'actor-stopped'],
    ])
  })

  test('is not restarted when it is temporary', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { restart: 'temporary' })
    const stopped = nextEvent(system, 'actor-stopped')

    await expect(worker.ask.fail('no')).rejects.toThrow(TypeError)

    expect(await stopped).toMatchObject({ actor: { id: worker.address.id } })
    await expect(worker.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
  })

  test('breaks the streams that read from it', async () => {
    await using workers = await startWorkers()
    const worker = await workers.spawn('a')
    const stream = worker.stream.count(1_000_000)
    await stream.next()

    await expect(worker.ask.fail('no')).rejects.toThrow(TypeError)

    const exhausted = (async () => {
      while ((await stream.next()).done !== true);
    })()
    await expect(exhausted).rejects.toBeInstanceOf(ActorRestartedError)
  })

  test('that throws as soon as it has started, by a message of its own, is restarted and given up in the end', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const givenUp = nextEvent(system, 'actor-given-up')

    const worker = await spawn('a', { maxRestarts: 3 }, 'tells-itself-to-fail')

    expect(await givenUp).toMatchObject({ actor: { id: worker.address.id }, error: { message: 'poison' } })
    expect(journalLines().filter(line => line === 'a: start')).toHaveLength(4)
  })

  test('and whose onRestart throws, is tried again as often as it may, then given up', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { maxRestarts: 2 }, 'restart-throws')
    const givenUp = nextEvent(system, 'actor-given-up')

    worker.tell.fail('no')

    expect(await givenUp).toMatchObject({ error: { message: 'no restart' } })
    expect(journalLines().filter(line => line === 'a: start')).toHaveLength(3)
  })
})

describe('an actor that cannot be started', () => {
  test('rejects its spawn with the cause, and nothing of it is left', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers

    for (const placement of ['shared', 'own-thread', 'main'] as const) {
      const spawned = spawn('a', { name: 'a', placement }, 'start-throws')

      await expect(spawned).rejects.toBeInstanceOf(ActorStartError)
      await expect(spawned).rejects.toMatchObject({
        cause: { name: 'RangeError', message: 'no start', code: 'E_START' },
      })
    }
    expect(await (await spawn('b', { name: 'a' })).ask.echo(1)).toBe(1)
    const { actors, threads, isClean } = await system.stop()
    expect([actors.length, threads.length, isClean]).toEqual([2, 2, true])
  })

  test('because it stops itself, too', async () => {
    await using workers = await startWorkers()

    await expect(workers.spawn('a', {}, 'stops-itself')).rejects.toMatchObject({ code: 'ZERA_ACTOR_START' })

    expect(journalLines()).toEqual(['a: start', 'a: stop: it stopped itself'])
  })
})

describe('an actor that stops itself', () => {
  test('handles what it has, runs its onStop, and is stopped for good', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { name: 'a' })
    const stopped = nextEvent(system, 'actor-stopped')

    worker.tell.stopSelf()
    worker.tell.write('behind')

    expect(await stopped).toMatchObject({ actor: { name: 'a' }, reason: 'it stopped itself' })
    expect(journalLines()).toEqual(['a: start', 'a: behind', 'a: stop: it stopped itself'])
    await expect(worker.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
  })
})

describe('actors whose thread goes down', () => {
  test.each([
    ['is killed', 'killed', (system: System, worker: ActorRef<WorkerActor>): Promise<void> => system.killHost(worker)],
    ['exits', 'exited', (_system: System, worker: ActorRef<WorkerActor>): void => void worker.tell.exit(3)],
    [
      'has an unhandled rejection',
      'threw',
      (_system: System, worker: ActorRef<WorkerActor>): void => void worker.tell.rejectUnhandled('nobody'),
    ],
  ] as const)('are all restarted, in the order of their start, when it %s', async (_how, reason, end) => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const [a, b, c] = [await spawn('a'), await spawn('b'), await spawn('c')] as const
    const down = nextEvent(system, 'host-down')
    const restarted = nextEvent(system, 'actor-restarted', ({ actor }) => actor.id === c.address.id)

    await end(system, b)
    await restarted

    expect(await down).toMatchObject({
      host: 1,
      incarnation: 1,
      reason,
      actors: [{ id: a.address.id }, { id: b.address.id }, { id: c.address.id }],
    })
    expect(journalLines().filter(line => line.endsWith('start'))).toEqual(
      ['a', 'b', 'c', 'a', 'b', 'c'].map(label => `${label}: start`),
    )
    expect(await Promise.all([a, b, c].map(ref => ref.ask.restarts()))).toEqual([1, 1, 1])
  })

  test('have their asks rejected, with how far they came; later tells are handled', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a')
    const asked = Promise.allSettled([worker.ask.forever(), worker.ask.echo(1)])
    worker.tell.write('lost')
    const letter = nextEvent(system, 'dead-letter')
    await untilWritten('a: never ends')

    await system.killHost(worker)
    worker.tell.write('later')

    expect(await asked).toMatchObject([
      { reason: { code: 'ZERA_ACTOR_DOWN', reason: 'killed', progress: 'begun' } },
      { reason: { code: 'ZERA_ACTOR_DOWN', reason: 'killed', progress: 'not-begun' } },
    ])
    expect(await letter).toMatchObject({
      method: 'write',
      args: ['lost'],
      reason: 'thread-down',
      progress: 'not-begun',
    })
    await untilWritten('a: later')
    expect(journalLines()).not.toContain('a: lost')
  })

  test('are each treated by their own spec', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const [lasting, passing, exhausted] = [
      await spawn('lasting'),
      await spawn('passing', { restart: 'temporary' }),
      await spawn('exhausted', { maxRestarts: 0 }),
    ] as const
    const restarted = nextEvent(system, 'actor-restarted')

    await system.killHost(lasting)
    await restarted

    expect(await lasting.ask.restarts()).toBe(1)
    for (const ref of [passing, exhausted]) await expect(ref.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
  })

  test('are restarted when it dies again while they are', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const refs = await Promise.all(['a', 'b', 'c', 'd'].map(label => spawn(label, { maxRestarts: Infinity })))
    const [first] = refs as [ActorRef<WorkerActor>]

    for (let death = 0; death < 5; death++) {
      const coming = nextEvent(system, 'host-started')
      await system.killHost(first)
      await coming
    }

    expect(await Promise.all(refs.map(ref => ref.ask.echo('there')))).toEqual(['there', 'there', 'there', 'there'])
    expect(await Promise.all(refs.map(ref => ref.ask.restarts()))).toEqual([1, 1, 1, 1])
    expect((await system.stop()).threads).toHaveLength(6)
  })

  test('come back with an actor that was started meanwhile', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a')
    const down = nextEvent(system, 'host-down')
    void system.killHost(worker)
    await down

    const late = await spawn('late')

    expect(await late.ask.echo(1)).toBe(1)
    expect(await worker.ask.restarts()).toBe(1)
  })

  test('are not half-started when it dies while they start', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { maxRestarts: Infinity })
    const spawned = Array.from({ length: 20 }, (_, n) =>
      spawn(`${n}`, { maxRestarts: Infinity }).catch((error: unknown) => error),
    )

    await system.killHost(worker)

    for (const outcome of await Promise.all(spawned)) {
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ActorStartError)
      else expect(await (outcome as ActorRef<WorkerActor>).ask.echo(1)).toBe(1)
    }
    expect(await worker.ask.restarts()).toBe(1)
  })

  test('get a thread of their own again when they had one', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const [own, other] = [await spawn('own', { placement: 'own-thread' }), await spawn('other')] as const

    await system.killHost(own)

    expect(await own.ask.restarts()).toBe(1)
    expect(await other.ask.restarts()).toBe(0)
    expect(own.address.host).not.toBe(other.address.host)
  })

  test('learn of its heap limit', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { placement: 'own-thread', maxHeapMb: 24 })
    const down = nextEvent(system, 'host-down')

    await expect(worker.ask({ timeoutMs: Infinity }).fillHeap()).rejects.toMatchObject({
      code: 'ZERA_ACTOR_DOWN',
      reason: 'heap-limit',
      progress: 'begun',
    })

    expect(await down).toMatchObject({ reason: 'heap-limit' })
    expect(await worker.ask({ timeoutMs: Infinity }).restarts()).toBe(1)
  })

  test('that is their own, and are temporary, leave nothing', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { placement: 'own-thread', restart: 'temporary' })
    const stopped = nextEvent(system, 'actor-stopped')

    await system.killHost(worker)
    await stopped

    await expect(worker.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
    expect((await system.stop()).isClean).toBe(true)
  })
})

describe('System.stop(ref)', () => {
  test('refuses an undefined ref, and does not stop the system', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers

    expect(() => system.stop(undefined as never, {})).toThrow(TypeError)
    expect(() => system.stop(undefined)).toThrow(TypeError)

    await system.stop(await spawn('a'))
  })

  test('drains the actor, runs its onStop, and is done when it has stopped, whichever caller asks', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const [worker, gate] = [await spawn('a'), await system.spawn(Gate, { placement: 'main' })] as const
    const held = worker.ask.hold(gate)
    worker.tell.write('behind')
    await untilWritten('a: holds')
    const stops = [system.stop(worker), system.stop(worker)]

    openGate()
    expect(await held).toBe('passed')
    await stops[1]

    expect(journalLines()).toEqual(['a: start', 'a: holds', 'a: behind', 'a: stop: system.stop stopped it'])
    await Promise.all(stops)
    await system.stop(worker)
  })

  test('gives back what is left after shutdownMs', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', { shutdownMs: 20 })
    const asked = Promise.allSettled([worker.ask.forever(), worker.ask.echo(1)])
    worker.tell.write('told')
    const letter = nextEvent(system, 'dead-letter')

    await system.stop(worker)

    for (const ask of await asked) expect(ask).toMatchObject({ reason: { code: 'ZERA_ACTOR_STOPPED' } })
    expect(await letter).toMatchObject({ method: 'write', reason: 'actor-stopped' })
    expect(journalLines().at(-1)).toBe('a: stop: system.stop stopped it')
  })

  test('ends when a handler throws meanwhile, and restarts nothing', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const [worker, gate] = [await spawn('a'), await system.spawn(Gate, { placement: 'main' })] as const
    const asked = Promise.allSettled([worker.ask.holdAndFail(gate), worker.ask.echo(1)])
    await untilWritten('a: holds')
    const stopped = system.stop(worker)

    openGate()

    expect(await asked).toMatchObject([{ reason: { name: 'TypeError' } }, { reason: { code: 'ZERA_ACTOR_STOPPED' } }])
    await stopped
    expect((await system.stop()).restarts).toBe(0)
  })

  test('tells of an onStop that throws', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const worker = await spawn('a', {}, 'stop-throws')
    const failed = nextEvent(system, 'actor-failed')

    await system.stop(worker)

    expect(await failed).toMatchObject({
      actor: { id: worker.address.id },
      error: { message: 'no stop' },
      method: 'onStop',
    })
  })

  test('stands behind what was sent before, however much that is', async () => {
    await using workers = await startWorkers()
    const { system, spawn } = workers
    const [worker, gate] = [
      await spawn('a', { shutdownMs: Infinity }),
      await system.spawn(Gate, { placement: 'main' }),
    ] as const
    worker.tell.hold(gate)
    let sent = 0
    const fill = (): never => {
      for (; ; sent++) worker.tell.echo(sent)
    }
    expect(fill).toThrow(MailboxFullError)
    const stopped = system.stop(worker)

    openGate()
    await stopped

    expect(sent).toBeGreaterThan(100_000)
    const { deadLetters, actors } = await system.stop()
    expect([deadLetters, actors.length]).toEqual([0, 2])
  })
})

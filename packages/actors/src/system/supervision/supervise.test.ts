import { describe, expect, test, vi } from 'vitest'
import Gate, { openGate } from '../../fixtures/actors/gate.js'
import Journal, { journalLines, untilWritten } from '../../fixtures/actors/journal.js'
import Worker, { type Worker as WorkerActor, type WorkerProps } from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { TestServices } from '../../fixtures/test-service.js'
import {
  ActorStoppedError,
  ChildIdTakenError,
  ChildStartError,
  NoSuchChildError,
  RestartLimitError,
  SystemStoppedError,
} from '../../model/errors.js'
import type { SystemEvent } from '../../model/events/events.js'
import { child, type ActorChild, type ChildSpec } from '../../model/supervision/child-spec.js'
import type { Strategy } from '../../model/supervision/supervisor-spec.js'
import { startSystem } from '../start-system.js'
import type { System } from '../system.js'
import type { Supervisor } from './supervisor.js'

expectNoLeaksAfterEach()

/**
 * A system whose actors live on the main thread, with a journal, and specs of workers that write into it under their
 * id.
 */
async function startStage(threads = 0) {
  const system = await startSystem({ threads })
  const journal = await system.spawn(Journal, { placement: 'main' })
  const worker = (id: string, options: ActorChild<WorkerActor> = {}, trouble?: WorkerProps['trouble']): ChildSpec =>
    child(Worker, { id, ...options, props: { label: id, journal, ...(trouble === undefined ? {} : { trouble }) } })
  return { system, worker, [Symbol.asyncDispose]: async () => void (await system.stop()) }
}

/** What was written since, without the first starts. */
function linesAfterStart(children: number): readonly string[] {
  return journalLines().slice(children)
}

function statesOf({ children }: Supervisor): string[] {
  return children.map(({ id, state }) => `${id} ${state}`)
}

async function untilRestarted({ system }: { readonly system: System }, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await nextEvent(system, 'actor-restarted')
}

describe('System.supervise()', () => {
  test('starts children left to right, and stops them right to left', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise(['a', 'b', 'c'].map(id => worker(id)))

    expect(statesOf(supervisor)).toEqual(['a running', 'b running', 'c running'])
    await system.stop()

    expect(journalLines()).toEqual([
      'a: start',
      'b: start',
      'c: start',
      ...['c', 'b', 'a'].map(id => `${id}: stop: the system stops`),
    ])
  })

  test('rejects when a child does not start, and stops those before it, right to left', async () => {
    await using stage = await startStage()
    const { system, worker } = stage

    const supervised = system.supervise([worker('a'), worker('b'), worker('c', {}, 'start-throws'), worker('d')], {
      id: 'shop',
    })

    await expect(supervised).rejects.toBeInstanceOf(ChildStartError)
    await expect(supervised).rejects.toMatchObject({ cause: { name: 'RangeError', code: 'E_START' } })
    await untilWritten('a: stop: a sibling did not start')
    expect(journalLines()).toEqual([
      'a: start',
      'b: start',
      'b: stop: a sibling did not start',
      'a: stop: a sibling did not start',
    ])
    expect(system.root.children.map(({ kind }) => kind)).toEqual(['actor'])
    expect((await system.stop()).isClean).toBe(true)
  })

  test('rejects what is no spec, and one after the stop of the system', async () => {
    await using stage = await startStage()
    const { system, worker } = stage

    await expect(system.supervise([{} as ChildSpec])).rejects.toBeInstanceOf(TypeError)
    await expect(system.supervise([worker('a'), worker('a')])).rejects.toBeInstanceOf(ChildIdTakenError)
    await system.stop()
    await expect(system.supervise([])).rejects.toBeInstanceOf(SystemStoppedError)
  })

  test.each<[Strategy, string[]]>([
    ['one-for-one', ['b: stop: it failed: no', 'b: start', 'b: restart after fail: no']],
    [
      'rest-for-one',
      [
        'b: stop: it failed: no',
        'd: stop: its sibling b is restarted',
        'c: stop: its sibling b is restarted',
        'b: start',
        'b: restart after fail: no',
        'c: start',
        'c: restart after its thread: no',
        'd: start',
        'd: restart after its thread: no',
      ],
    ],
    [
      'one-for-all',
      [
        'b: stop: it failed: no',
        'd: stop: its sibling b is restarted',
        'c: stop: its sibling b is restarted',
        'a: stop: its sibling b is restarted',
        'a: start',
        'a: restart after its thread: no',
        'b: start',
        'b: restart after fail: no',
        'c: start',
        'c: restart after its thread: no',
        'd: start',
        'd: restart after its thread: no',
      ],
    ],
  ])('%s restarts the siblings that it says, in order', async (strategy, lines) => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise(
      ['a', 'b', 'c', 'd'].map(id => worker(id)),
      { strategy },
    )

    supervisor.actor(Worker, 'b').tell.fail('no')
    await untilRestarted(stage, { 'one-for-one': 1, 'rest-for-one': 3, 'one-for-all': 4 }[strategy])

    expect(linesAfterStart(4)).toEqual(lines)
    expect(statesOf(supervisor)).toEqual(['a running', 'b running', 'c running', 'd running'])
    await system.stop()
  })

  test('keeps the messages of siblings while they are restarted, and their refs', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const gate = await system.spawn(Gate, { placement: 'main' })
    const supervisor = await system.supervise([worker('a'), worker('b')], { strategy: 'one-for-all' })
    const [a, b] = [supervisor.actor(Worker, 'a'), supervisor.actor(Worker, 'b')]
    const held = a.ask.hold(gate)
    a.tell.write('behind')
    b.tell.fail('no')
    const answer = a.ask.echo('still there')
    await untilWritten('a: holds')
    await vi.waitUntil(() => statesOf(supervisor).includes('a down'))

    openGate()

    // What it was handling it finishes; what waits is for the next instance.
    expect([await held, await answer]).toEqual(['passed', 'still there'])
    expect(linesAfterStart(2).filter(line => line.startsWith('a'))).toEqual([
      'a: holds',
      'a: stop: its sibling b is restarted',
      'a: start',
      'a: restart after its thread: no',
      'a: behind',
    ])
  })

  test('gives what a sibling is handling back when it does not finish within its shutdownMs', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([worker('a', { shutdownMs: 10 }), worker('b')], {
      strategy: 'one-for-all',
    })
    const [a, b] = [supervisor.actor(Worker, 'a'), supervisor.actor(Worker, 'b')]
    const asked = a.ask.forever()
    const later = a.ask.echo('later')
    await untilWritten('a: never ends')

    b.tell.fail('no')

    await expect(asked).rejects.toBeInstanceOf(ActorStoppedError)
    expect(await later).toBe('later')
  })

  test('restarts a permanent child that stops itself, forgets a temporary one, and keeps a transient one for later', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const kinds = ['permanent', 'transient', 'temporary'] as const
    const supervisor = await system.supervise(kinds.map(restart => worker(restart, { restart })))
    const idOf = (id: string): number => supervisor.actor(Worker, id).address.id
    const [transient, temporary] = [idOf('transient'), idOf('temporary')]
    const stopped = [transient, temporary].map(id => nextEvent(system, 'actor-stopped', ({ actor }) => actor.id === id))
    const restarted = nextEvent(system, 'actor-restarted')

    for (const id of kinds) supervisor.actor(Worker, id).tell.stopSelf()
    await Promise.all([...stopped, restarted])

    expect(statesOf(supervisor)).toEqual(['permanent running', 'transient stopped'])
    await supervisor.start('transient')
    expect(await supervisor.actor(Worker, 'transient').ask.echo(1)).toBe(1)
  })

  test('stops a temporary sibling for good, and starts one again that had ended, as OTP does', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise(
      [worker('a', { restart: 'transient' }), worker('b', { restart: 'temporary' }), worker('c')],
      { strategy: 'one-for-all' },
    )
    const stopped = nextEvent(system, 'actor-stopped')
    supervisor.actor(Worker, 'a').tell.stopSelf()
    await stopped

    supervisor.actor(Worker, 'c').tell.fail('no')
    await untilRestarted(stage, 2)

    expect(statesOf(supervisor)).toEqual(['a running', 'c running'])
  })

  test('tries a restart that fails again until its limit is reached', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([worker('a'), worker('b', {}, 'restart-throws'), worker('c')], {
      strategy: 'one-for-all',
      maxRestarts: 3,
      restart: 'temporary',
    })
    const gone = nextEvent(system, 'child-stopped')

    supervisor.actor(Worker, 'a').tell.fail('no')
    await gone

    expect(journalLines().filter(line => line === 'b: start')).toHaveLength(4)
    expect(journalLines().filter(line => line === 'c: start')).toHaveLength(1)
    expect(system.root.children).toHaveLength(1)
  })

  test('serves a stop while a restart hangs', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([worker('a', { shutdownMs: 0 }, 'restart-hangs'), worker('b')], {
      strategy: 'one-for-all',
    })
    supervisor.actor(Worker, 'b').tell.fail('no')
    await untilWritten('a: hangs')

    await supervisor.remove('a')
    expect(await supervisor.actor(Worker, 'b').ask.echo('goes on')).toBe('goes on')

    expect(statesOf(supervisor)).toEqual(['b running'])
  })

  test('treats the death of a thread as the death of each of its actors', async () => {
    await using stage = await startStage(2)
    const { system, worker } = stage
    const supervisor = await system.supervise([worker('a'), worker('b'), worker('c', { placement: 'own-thread' })], {
      strategy: 'rest-for-one',
      maxRestarts: 5,
    })
    const refs = ['a', 'b', 'c'].map(id => supervisor.actor(Worker, id))
    const restarted = untilRestarted(stage, 2)

    await system.killHost(supervisor.actor(Worker, 'b'))
    await restarted

    expect(await Promise.all(refs.map(ref => ref.ask.restarts()))).toEqual([0, 1, 1])
  })

  test("kills the thread of an own-thread child with shutdownMs 'kill', and runs no onStop of a shared one", async () => {
    await using stage = await startStage(1)
    const { system, worker } = stage
    await system.supervise([
      worker('a', { shutdownMs: 'kill' }),
      worker('b', { shutdownMs: 'kill', placement: 'own-thread' }),
    ])

    const { stopped } = await system.stop()

    expect(stopped.map(({ outcome }) => outcome)).toEqual(['killed', 'drained', 'drained', 'drained'])
    expect(journalLines()).toEqual(['a: start', 'b: start'])
  })
})

describe('autoShutdown', () => {
  const significant = { restart: 'temporary', significant: true } as const

  test("'any' ends the supervisor with the first significant child that ends by itself", async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([worker('a'), worker('b', significant), worker('c', significant)], {
      autoShutdown: 'any',
      id: 'job',
    })
    const stopped = nextEvent(system, 'child-stopped')
    await supervisor.stop('c')

    supervisor.actor(Worker, 'b').tell.stopSelf()

    expect(await stopped).toEqual({
      child: { kind: 'supervisor', path: '/job' },
      reason: 'its significant child b has ended',
    })
    expect(linesAfterStart(3)).toEqual([
      'c: stop: its supervisor was asked to stop it',
      'b: stop: it stopped itself',
      'a: stop: its significant child b has ended',
    ])
    expect(system.root.children).toHaveLength(1)
  })

  test("'all' ends it with the last of them, and a permanent supervisor is started again then", async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([worker('a', significant), worker('b', significant)], {
      autoShutdown: 'all',
      restart: 'permanent',
    })
    const restarted = nextEvent(system, 'child-restarted')
    const stopped = nextEvent(system, 'actor-stopped')
    supervisor.actor(Worker, 'a').tell.stopSelf()
    await stopped
    expect(statesOf(supervisor)).toEqual(['b running'])

    supervisor.actor(Worker, 'b').tell.stopSelf()
    await restarted

    expect(statesOf(supervisor)).toEqual(['a running', 'b running'])
  })
})

describe('a supervisor that gives up', () => {
  test('is restarted by its own, with the children that it was started with, whose refs and messages stay', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const outer = await system.supervise(
      [{ id: 'inner', start: { children: [worker('a'), worker('b')], maxRestarts: 0 } }, worker('c')],
      { strategy: 'rest-for-one' },
    )
    const inner = outer.supervisor('inner')
    const late = await inner.spawn(Worker)
    const a = inner.actor(Worker, 'a')
    const givenUp = nextEvent(system, 'supervisor-given-up')
    const restarted = nextEvent(system, 'child-restarted')

    a.tell.fail('no')
    a.tell.write('behind')

    expect(await givenUp).toMatchObject({ supervisor: '/supervisor-1/inner', child: 'a', error: { message: 'no' } })
    expect(await restarted).toMatchObject({ child: { kind: 'supervisor', path: '/supervisor-1/inner' }, restarts: 1 })
    await untilWritten('a: behind')
    await expect(late.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
    expect(statesOf(inner)).toEqual(['a running', 'b running'])
    expect(journalLines().filter(line => line === 'c: start')).toHaveLength(2)
  })

  test('escalates to the system in the end, which stops with the error', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const inner: ChildSpec = { id: 'inner', start: { children: [worker('a')], maxRestarts: 1 } }
    const told: string[] = []
    system.events.on('supervisor-given-up', ({ supervisor }) => told.push(supervisor))
    const failed = nextEvent(system, 'system-failed')
    const stopped = nextEvent(system, 'stopped')

    const outer = await system.supervise([worker('b'), inner], { id: 'outer', maxRestarts: 1 })
    for (let failure = 0; failure < 8; failure++) outer.supervisor('inner').actor(Worker, 'a').tell.fail('poison')

    const { error } = await failed
    expect(error).toBeInstanceOf(RestartLimitError)
    expect(error).toMatchObject({
      supervisor: '',
      child: 'outer',
      cause: {
        supervisor: '/outer',
        child: 'inner',
        cause: { supervisor: '/outer/inner', child: 'a', cause: { message: 'poison' } },
      },
    })
    expect(await stopped).toMatchObject({ error: { code: 'ZERA_RESTART_LIMIT' } })
    expect(await system.stopped).toBe(await system.stop())
    expect(told.at(-1)).toBe('')
  })
})

describe('a service', () => {
  test('is restarted when it fails, and stopped within its shutdownMs', async () => {
    await using stage = await startStage()
    const { system } = stage
    const services = new TestServices()
    const supervisor = await system.supervise([child(services.start, { id: 'server', shutdownMs: 100 })], {
      maxRestarts: 3,
    })
    const restarted = nextEvent(system, 'child-restarted')
    services.startErrors.push(new Error('not yet'))

    services.end(new Error('it broke'))

    expect(await restarted).toMatchObject({
      child: { kind: 'service', path: '/supervisor-1/server' },
      restarts: 2,
      error: { message: 'not yet' },
    })
    expect(statesOf(supervisor)).toEqual(['server running'])
    const { stopped, isClean } = await system.stop()
    expect(stopped.slice(0, 2)).toEqual([
      { kind: 'service', path: '/supervisor-1/server', outcome: 'drained' },
      { kind: 'supervisor', path: '/supervisor-1', outcome: 'drained' },
    ])
    expect(services.lines).toEqual(['service: start', 'service: start', 'service: stop within 100'])
    expect(isClean).toBe(true)
  })

  test('that has nothing more to do is done, unless it is permanent', async () => {
    await using stage = await startStage()
    const { system } = stage
    const [once, again] = [new TestServices(), new TestServices()]
    const supervisor = await system.supervise([
      child(once.start, { id: 'once', restart: 'transient' }),
      child(again.start, { id: 'again' }),
    ])
    const events = [nextEvent(system, 'child-stopped'), nextEvent(system, 'child-restarted')]

    once.end()
    again.end()
    await Promise.all(events)

    expect(statesOf(supervisor)).toEqual(['once stopped', 'again running'])
  })

  test('that has ended when its start resolves has started, and is treated by its spec', async () => {
    await using stage = await startStage()
    const { system } = stage
    const ended = (error?: Error) => async () => ({ ended: Promise.resolve(error), stop: async () => undefined })

    const supervisor = await system.supervise([
      child(ended(), { id: 'done', restart: 'transient' }),
      child(ended(new Error('no')), { id: 'failed', restart: 'temporary' }),
    ])

    expect(statesOf(supervisor)).toEqual(['done stopped'])
    await expect(system.supervise([child(ended())])).rejects.toMatchObject({ cause: { code: 'ZERA_RESTART_LIMIT' } })
  })

  test('that does not start rejects its add; so does one that is stopped while it starts', async () => {
    await using stage = await startStage()
    const { system } = stage
    const services = new TestServices()
    services.startErrors.push(new Error('no port'))

    await expect(system.root.add(child(services.start))).rejects.toMatchObject({
      code: 'ZERA_CHILD_START',
      cause: { message: 'no port' },
    })
    services.startHangs = true
    const added = system.root.add(child(services.start))
    await vi.waitUntil(() => services.lines.length > 0)
    await Promise.all([system.stop(), expect(added).rejects.toBeInstanceOf(SystemStoppedError)])

    expect(services.lines).toEqual(['service: hangs', 'service: aborted'])
  })

  test('whose stop does not end is left alone, and the receipt says so', async () => {
    await using stage = await startStage()
    const { system } = stage
    const services = new TestServices()
    services.stopHangs = true
    await system.root.add(child(services.start, { id: 'server', shutdownMs: 0 }))

    const { stopped, isClean } = await system.stop()

    expect(stopped[0]).toEqual({ kind: 'service', path: '/server', outcome: 'hurried' })
    expect(isClean).toBe(false)
  })
})

describe('Supervisor', () => {
  test('calls a child that it had forgotten as before when it is restarted', async () => {
    await using stage = await startStage()
    const { system } = stage
    const services = [new TestServices(), new TestServices()] as const
    const outer = await system.supervise([
      {
        id: 'inner',
        start: { children: services.map(({ start }) => child(start, { restart: 'transient' })), maxRestarts: 0 },
      },
    ])
    const inner = outer.supervisor('inner')
    const restarted = nextEvent(system, 'child-restarted', event => event.child.kind === 'supervisor')
    await inner.remove('service-1')

    services[1].end(new Error('no'))
    await restarted

    expect(statesOf(inner)).toEqual(['service-1 running', 'service-2 running'])
  })

  test('adds, stops, starts and removes children while it runs', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([])
    const id = await supervisor.add(worker('a'))
    const spawned = await supervisor.spawn(Worker, { name: 'spawned' })
    const a = supervisor.actor(Worker, id)

    await supervisor.stop(id)
    await supervisor.stop('spawned')

    expect(statesOf(supervisor)).toEqual(['a stopped'])
    for (const ref of [a, spawned]) await expect(ref.ask.echo(1)).rejects.toBeInstanceOf(ActorStoppedError)
    await supervisor.start(id)
    await supervisor.start(id)
    expect(await a.ask.echo(1)).toBe(1)
    await supervisor.remove(id)
    expect(supervisor.children).toEqual([])
    expect(() => supervisor.actor(Worker, id)).toThrow(NoSuchChildError)
  })

  test('knows its children by kind, and by id', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const supervisor = await system.supervise([
      worker('a'),
      { id: 'b', start: { children: [] } },
      child(new TestServices().start),
    ])

    expect(supervisor.children.map(({ id, kind, address }) => [id, kind, address?.host])).toEqual([
      ['a', 'actor', 0],
      ['b', 'supervisor', undefined],
      ['service-1', 'service', undefined],
    ])
    expect(supervisor.supervisor('b').path).toBe(`${supervisor.path}/b`)
    expect(() => supervisor.actor(Gate, 'a')).toThrow(NoSuchChildError)
    expect(() => supervisor.supervisor('a')).toThrow(NoSuchChildError)
    await expect(supervisor.add(worker('a'))).rejects.toBeInstanceOf(ChildIdTakenError)
  })

  test('tells of all that happens under it, in order', async () => {
    await using stage = await startStage()
    const { system, worker } = stage
    const told: string[] = []
    system.events.onAny(({ type }: SystemEvent) => told.push(type))

    const supervisor = await system.supervise([worker('a')], { id: 'shop' })
    await supervisor.remove('a')
    await system.root.remove('shop')

    expect(told).toEqual(['actor-started', 'child-started', 'actor-stopped', 'child-stopped'])
  })
})

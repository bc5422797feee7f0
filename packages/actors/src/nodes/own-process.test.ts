import { existsSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import fragile, { redelivered, type Crash, type Fragile } from '../fixtures/actors/failing/fragile.js'
import lodger, { notesIn } from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { expectTmpdirLeftEmpty } from '../fixtures/own-tmpdir.js'
import { child, startSystem, type ActorRef, type SpawnOptions, type System } from '../index.js'

expectNoLeaksAfterEach()
expectTmpdirLeftEmpty()

let system: System
beforeEach(async () => {
  system = await startSystem({ threads: 1, handleSignals: false, startMs: 60_000 })
})
afterEach(() => system.stop())

const spawn = (options: SpawnOptions<Fragile> = {}): Promise<ActorRef<Fragile>> =>
  system.spawn(fragile, { placement: 'own-process', ...options })

function expectGone(pid: number): void {
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
}

describe('an actor with a process to itself', () => {
  test('has a child process, which ends with it', async () => {
    const ref = await spawn()

    const pid = await ref.ask.pid()
    await system.stop(ref)

    expect(pid).not.toBe(process.pid)
    expectGone(pid)
    const receipt = await system.stop()
    expect(receipt).toMatchObject({ isClean: true, threads: [{ outcome: 'clean' }, { outcome: 'clean' }] })
  })

  test.runIf(process.platform === 'linux')('goes before the system when the machine has no memory left', async () => {
    const ref = await spawn()
    const scoreOf = async (pid: number): Promise<number> => Number(await readFile(`/proc/${pid}/oom_score_adj`, 'utf8'))

    expect(await scoreOf(await ref.ask.pid())).toBeGreaterThan(await scoreOf(process.pid))
  })

  test('is seen as a process in a snapshot', async () => {
    const ref = await spawn()
    const pid = await ref.ask.pid()

    await eventually(async () =>
      expect((await system.snapshot()).hosts.at(-1)?.process?.rssBytes).toBeGreaterThan(10_000_000),
    )

    expect((await system.snapshot()).hosts.map(host => host.process?.pid)).toEqual([undefined, undefined, pid])
  })

  test('takes tells, asks and streams from others of its kind, and belongs to supervisors, topics and watches as all do', async () => {
    const supervisor = await system.supervise([
      child(lodger, { name: 'kept', placement: 'own-process', maxRssMb: 2000, maxHeapMb: 200 }),
    ])
    const kept = await system.lookup('kept', lodger)
    const [other, local] = [await system.spawn(lodger, { placement: 'own-process' }), await system.spawn(lodger)]
    if (kept === undefined) throw new Error('kept is not there')

    for (const [from, to] of [
      [kept, other],
      [other, local],
      [local, kept],
    ] as const) {
      await from.ask({ timeoutMs: 60_000 }).tellAll(to, 5000)
      await eventually(async () =>
        expect(await to.ask.taken()).toEqual(Array.from({ length: 5000 }, (_, at) => at + 1)),
      )
      expect(await from.ask.sumOf(to, 100)).toBe(5050)
    }
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251)
    expect(Buffer.compare((await kept.ask.echo(bytes)) as Uint8Array, bytes)).toBe(0)
    await expect(local.ask.sendBlock(other)).rejects.toMatchObject({ code: 'ZERA_BLOCK_LOCAL' })
    const down = system.watch(kept)
    for (const { id } of supervisor.children) await supervisor.stop(id)
    expect(await down).toMatchObject({ reason: 'stopped' })
  })

  test('may be spawned by an actor', async () => {
    const ref = await system.spawn(fragile)

    expect(await ref.ask({ timeoutMs: 60_000 }).spawnsAnother()).not.toBe(process.pid)
  })

  test.each<[how: Crash, down: object]>([
    ['segv', { reason: 'crashed', exitCode: 139, error: { code: 'ZERA_PROCESS_DOWN', signal: 'SIGSEGV' } }],
    ['abort', { reason: 'crashed', exitCode: 134, error: { code: 'ZERA_PROCESS_DOWN', signal: 'SIGABRT' } }],
    ['kill', { reason: 'crashed', exitCode: 137, error: { code: 'ZERA_PROCESS_DOWN', signal: 'SIGKILL' } }],
    ['exit', { reason: 'exited', exitCode: 7, error: undefined }],
    ['throw-late', { reason: 'threw', exitCode: 1, error: { name: 'RangeError' } }],
  ])('is started again in another process when its own ends by %s', async (how, down) => {
    const ref = await spawn()
    const neighbour = await system.spawn(fragile)
    const pid = await ref.ask.pid()
    const [hostDown, restarted, watched] = [
      nextEvent(system, 'host-down'),
      nextEvent(system, 'actor-restarted'),
      system.watch(ref),
    ]

    const { reason } = down as { reason: string }
    await expect(ref.ask.crash(how)).rejects.toMatchObject({ name: 'ActorDownError', reason, progress: 'begun' })
    expect(await neighbour.ask.pid()).toBe(process.pid)
    await restarted

    expect(await hostDown).toMatchObject({ host: ref.address.host, ...down })
    expect(await watched).toMatchObject({ reason: reason === 'crashed' ? reason : 'thread-down' })
    expect(await ref.ask.pid()).not.toBe(pid)
    await eventually(() => expectGone(pid))
  })

  test('takes no other actor along with one allocation beyond the limit of its heap', async () => {
    const ref = await spawn({ maxHeapMb: 64 })
    const hostDown = nextEvent(system, 'host-down')

    await expect(ref.ask({ timeoutMs: Infinity }).crash('one-allocation')).rejects.toMatchObject({
      name: 'ActorDownError',
      progress: 'begun',
    })

    const { reason, error } = await hostDown
    // V8 aborts the process, unless its limit is met by something smaller before.
    expect(['crashed', 'heap-limit']).toContain(reason)
    if (reason === 'crashed')
      expect(error).toMatchObject({ signal: 'SIGABRT', stderr: expect.stringContaining('FATAL ERROR') })
    expect(await ref.ask({ timeoutMs: 60_000 }).pid()).not.toBe(process.pid)
  })

  test('is ended for more memory than it may have, also for what is on no heap, and started again', async () => {
    const ref = await spawn({ maxRssMb: 250 })
    const pid = await ref.ask.pid()
    const [hostDown, watched] = [nextEvent(system, 'host-down'), system.watch(ref)]

    await expect(ref.ask({ timeoutMs: Infinity }).keepBuffersForEver()).rejects.toMatchObject({
      reason: 'memory-limit',
      progress: 'begun',
    })

    expect(await hostDown).toMatchObject({
      reason: 'memory-limit',
      error: { code: 'ZERA_MEMORY_LIMIT', maxRssMb: 250 },
    })
    expect(await watched).toMatchObject({ reason: 'memory-limit' })
    expect(await ref.ask({ timeoutMs: 60_000 }).pid()).not.toBe(pid)
  })

  test('is not lost while the main thread is blocked', async () => {
    await using blocked = await startSystem({
      threads: 0,
      handleSignals: false,
      startMs: 60_000,
      heartbeat: { heartbeatMs: 300, deadlineMs: 1500 },
    })
    const ref = await blocked.spawn(fragile, { placement: 'own-process' })
    const pid = await ref.ask.pid()

    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500)

    expect(await ref.ask.pid()).toBe(pid)
  })

  test('is given up when its process is not heard any more, which is ended then', async () => {
    await using strict = await startSystem({
      threads: 0,
      handleSignals: false,
      startMs: 60_000,
      heartbeat: { heartbeatMs: 200, deadlineMs: 1000 },
    })
    const ref = await strict.spawn(fragile, { placement: 'own-process' })
    const pid = await ref.ask.pid()
    const [hostDown, restarted] = [nextEvent(strict, 'host-down'), nextEvent(strict, 'actor-restarted')]

    process.kill(pid, 'SIGSTOP')
    await restarted

    expect(await hostDown).toMatchObject({ reason: 'unreachable', error: { code: 'ZERA_NODE_UNREACHABLE' } })
    expectGone(pid)
  })

  test('that spins is ended with its process, by the deadline of a stop, by a kill, and when the host is killed', async () => {
    const [stopped, killed, restarted] = [
      await spawn({ shutdownMs: 50 }),
      await spawn({ shutdownMs: 'kill' }),
      await spawn({ maxRestarts: 5 }),
    ]
    const refs = [stopped, killed, restarted]
    const pids = await Promise.all(refs.map(ref => ref.ask.pid()))
    for (const ref of refs) ref.tell.spin()
    const hostDown = nextEvent(system, 'host-down', ({ host }) => host === restarted.address.host)

    await Promise.all([system.stop(stopped), system.stop(killed), system.killHost(restarted)])

    expect(await hostDown).toMatchObject({ reason: 'killed' })
    expect(await restarted.ask({ timeoutMs: 60_000 }).pid()).not.toBe(pids[2])
    for (const pid of pids) await eventually(() => expectGone(pid))
  })

  test('that does not come back from native code is ended with its process, which no thread could be', async () => {
    const fifo = `${process.env['TMPDIR']}.fifo`
    const ref = await spawn({ shutdownMs: 50 })
    const pid = await ref.ask.pid()
    ref.tell.hang(fifo)
    await eventually(() => expect(existsSync(fifo)).toBe(true))

    await system.killHost(ref)
    await eventually(() => expectGone(pid))
    rmSync(fifo)

    expect(await ref.ask({ timeoutMs: 60_000 }).pid()).not.toBe(pid)
  })

  test('loses and disorders no tell when it has redeliver', async () => {
    const notes = `${process.env['TMPDIR']}.notes`
    const ref = await system.spawn(redelivered, { placement: 'own-process', maxRestarts: Infinity })
    const numbers = Array.from({ length: 2000 }, (_, at) => at + 1)

    for (const number of numbers) {
      ref.tell.note(notes, number)
      if (number % 1000 !== 500) continue
      await expect.poll(() => notesIn(notes).length, { timeout: 60_000, interval: 1 }).toBeGreaterThan(number - 450)
      process.kill(Number((await system.snapshot()).hosts.at(-1)?.process?.pid), 'SIGSEGV')
    }
    await ref.ask({ timeoutMs: 60_000 }).pid()

    expect([...new Set(notesIn(notes).map(Number))]).toEqual(numbers)
    expect(system.deadLetters.statistics.received).toBe(0)
  })
})

describe('a pool of processes', () => {
  test('may start many at once, of which the process does not warn', async () => {
    const warnings: Error[] = []
    const warned = (warning: Error): number => warnings.push(warning)
    process.on('warning', warned)

    const pool = await system.startPool(fragile, { size: 11, placement: 'own-process' })
    await system.stop(pool)
    process.off('warning', warned)

    expect(warnings).toEqual([])
  })

  test('has a process for each worker, and replaces one whose memory has grown, without losing a message', async () => {
    const pool = await system.startPool(fragile, {
      size: 2,
      placement: 'own-process',
      maxRssMb: 2000,
      recycle: { rssGrowthMb: 60 },
    })
    const first = new Set(await Promise.all(Array.from({ length: 4 }, () => pool.ask.pid())))

    const answers: number[] = []
    await eventually(async () => {
      answers.push(
        ...(await Promise.all(Array.from({ length: 4 }, () => pool.ask({ timeoutMs: 60_000 }).keepBuffers(5)))),
      )
      const pids = new Set(await Promise.all(Array.from({ length: 4 }, () => pool.ask.pid())))
      expect([...first].some(pid => !pids.has(pid))).toBe(true)
    })

    expect(first.size).toBe(2)
    expect(answers.length).toBeGreaterThan(0)
    expect(await system.stop()).toMatchObject({ isClean: true, restarts: 0, deadLetters: 0, messagesLost: 0 })
  })
})

describe('a process that does not start', () => {
  test('is reported with its signal, and leaves nothing', async () => {
    process.env['ZERA_SURVIVES'] = String(process.pid)
    await using crashing = await startSystem({
      threads: 0,
      handleSignals: false,
      startMs: 60_000,
      container: new URL('../fixtures/containers/container-that-crashes.js', import.meta.url),
    })

    await expect(crashing.spawn(fragile, { placement: 'own-process' })).rejects.toMatchObject({
      name: 'ActorStartError',
      cause: { name: 'ThreadStartError', process: { signal: 'SIGABRT' }, cause: { code: 'ZERA_PROCESS_DOWN' } },
    })
  })

  test('is given up within startMs', async () => {
    await using late = await startSystem({ threads: 0, handleSignals: false, startMs: 10 })

    await expect(late.spawn(fragile, { placement: 'own-process' })).rejects.toMatchObject({
      name: 'ActorStartError',
      cause: { name: 'ThreadStartError' },
    })
  })

  test('is given up when the system stops', async () => {
    const starting = spawn().catch((error: unknown) => error)

    await system.stop()

    expect(await starting).toMatchObject({ name: 'SystemStoppedError' })
  })
})

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setEnvironmentData } from 'node:worker_threads'
import { expectNoLeaks } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runProgram } from '../fixtures/run-program.js'
import { startSystem, WaitTimeoutError, type SystemOptions } from '../index.js'

expectNoLeaksAfterEach()

const HANGING: SystemOptions = {
  handleSignals: false,
  // What hangs is not ended by that.
  startMs: 600_000,
  container: new URL('../fixtures/containers/container-that-hangs.js', import.meta.url),
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-hangs-'))
  vi.stubEnv('ZERA_HANGS_AT', directory)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

/** Resolves when the container hangs in so many threads. */
async function hangsIn(threads: number): Promise<void> {
  await eventually(async () =>
    expect((await readdir(directory)).filter(name => name.startsWith('hangs-'))).toHaveLength(threads),
  )
}

describe('startSystem() that is given up', () => {
  test('begins nothing when its signal has aborted before', async () => {
    vi.stubEnv('ZERA_HANGS_IN', 'main')
    const reason = new Error('no longer wanted')

    await expect(startSystem({ ...HANGING, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

    expect(await readdir(directory)).toEqual([])
  })

  test('rejects with a RangeError when timeoutMs is no time', async () => {
    await expect(startSystem({ timeoutMs: -1 })).rejects.toBeInstanceOf(RangeError)
    await expect(startSystem({ timeoutMs: NaN })).rejects.toBeInstanceOf(RangeError)
  })

  test.each<[where: string, hanging: number, SystemOptions]>([
    ['threads', 2, { threads: 2 }],
    ['all-but-one', 2, { threads: 3 }],
    ['threads', 3, { threads: 1, spares: 2 }],
    ['threads', 1, { threads: 0, spareProcesses: 1 }],
    ['threads', 2, { threads: 0, nodes: [{ name: 'a', threads: 2 }] }],
    ['all-but-one', 1, { threads: 0, nodes: [{ name: 'a', threads: 2 }] }],
  ])('has stopped everything when it rejects: hanging in %s (%i), with %j', async (where, hanging, options) => {
    vi.stubEnv('ZERA_HANGS_IN', where)
    const giveUp = new AbortController()
    const reason = new Error('no longer wanted')
    const starting = startSystem({ ...HANGING, ...options, signal: giveUp.signal })
    starting.catch(() => undefined)
    await hangsIn(hanging)

    giveUp.abort(reason)

    // Nothing is open after the test, which does not wait for it.
    await expect(starting).rejects.toBe(reason)
  })

  test('has stopped waiting for a node that does not answer when it rejects', async () => {
    const nodes = [{ name: 'a', endpoint: `ipc://${join(directory, 'none')}` }]

    await expect(
      startSystem({ handleSignals: false, startMs: 600_000, threads: 1, nodes, timeoutMs: 300 }),
    ).rejects.toMatchObject({ name: 'WaitTimeoutError', timeoutMs: 300, leaves: 'nothing' })
  })

  test('rejects at once while a module of the main thread hangs, and starts nothing', async () => {
    vi.stubEnv('ZERA_HANGS_IN', 'main')

    await expect(startSystem({ ...HANGING, threads: 1, timeoutMs: 50 })).rejects.toBeInstanceOf(WaitTimeoutError)

    expect(await readdir(directory)).toHaveLength(1)
  })

  test('disposes of a container of the main thread that comes back late, and starts nothing', async () => {
    const words = new Int32Array(new SharedArrayBuffer(4))
    setEnvironmentData('late container', words.buffer)
    const container = new URL('../fixtures/containers/container-that-is-late.js', import.meta.url)
    await expect(startSystem({ handleSignals: false, container, timeoutMs: 50 })).rejects.toBeInstanceOf(
      WaitTimeoutError,
    )

    Atomics.store(words, 0, 1)
    Atomics.notify(words, 0)
    await Atomics.waitAsync(words, 0, 1).value

    expect(Atomics.load(words, 0)).toBe(2)
    expectNoLeaks()
  })

  test('is not given up any more once it is done', async () => {
    const giveUp = new AbortController()
    await using system = await startSystem({
      threads: 1,
      handleSignals: false,
      signal: giveUp.signal,
      timeoutMs: 600_000,
    })

    giveUp.abort()

    expect((await system.snapshot()).hosts.map(({ isStale }) => isStale)).toEqual([false, false])
  })

  test.each([
    ['main', 'timeoutMs', 'WaitTimeoutError'],
    ['main', 'signal', 'TimeoutError'],
    ['threads', 'timeoutMs', 'WaitTimeoutError'],
    ['threads', 'signal', 'TimeoutError'],
  ])('keeps the process alive for as long as it takes: hanging in %s, by %s', async (where, by, name) => {
    vi.stubEnv('ZERA_HANGS_IN', where)

    expect(await runProgram('programs/main-gives-up-start', [by])).toEqual({
      code: 0,
      signal: null,
      stdout: `${name} 0 0\n`,
      stderr: '',
    })
  })
})

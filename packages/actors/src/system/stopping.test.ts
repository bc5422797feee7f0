import { setEnvironmentData } from 'node:worker_threads'
import { expect, test } from 'vitest'
import slowToStop from '../fixtures/actors/failing/slow-to-stop.js'
import spinner from '../fixtures/actors/failing/spinner.js'
import worker, { type WorkerProps } from '../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runProgram } from '../fixtures/run-program.js'
import { TestServices } from '../fixtures/test-service.js'
import { child, startSystem, type System, type SystemReceipt } from '../index.js'

expectNoLeaksAfterEach()

const STOPS_HANGING: WorkerProps = { label: '', trouble: 'stop-hangs' }

async function timeOf(system: System, timeoutMs?: number): Promise<SystemReceipt & { readonly tookMs: number }> {
  const before = performance.now()
  const receipt = await system.stop({ timeoutMs })
  return { ...receipt, tookMs: performance.now() - before }
}

test('System.stop() stops what was spawned together', async () => {
  const system = await startSystem({ threads: 1, handleSignals: false })
  for (let each = 0; each < 40; each++)
    await system.spawn(slowToStop, { placement: each % 2 === 0 ? 'shared' : 'main' })
  await system.startPool(slowToStop, { size: 4 })
  const tree = await system.supervise([child(slowToStop)])
  for (let each = 0; each < 20; each++) await tree.spawn(slowToStop)

  const { tookMs, stopped, isClean, phase } = await timeOf(system)

  // A tenth of a second each: those of the system, those of the tree, and the one that the tree declares.
  expect(tookMs).toBeLessThan(3000)
  expect([stopped.length, isClean, phase]).toEqual([66, true, 'unhurried'])
})

test.each(['shared', 'main', 'own-thread'] as const)(
  'System.stop() gives an actor no more than its shutdownMs (%s)',
  async placement => {
    const flag = new Int32Array(new SharedArrayBuffer(4))
    setEnvironmentData('spinner', flag.buffer)
    const system = await startSystem({ threads: 1, handleSignals: false })
    await system.spawn(worker, { placement, shutdownMs: 300, props: STOPS_HANGING })
    if (placement !== 'main') (await system.spawn(spinner, { placement, shutdownMs: 300 })).tell.spin()
    if (placement !== 'main') await Atomics.waitAsync(flag, 0, 0).value

    const { tookMs, actors } = await timeOf(system)

    expect(tookMs).toBeGreaterThan(290)
    expect(tookMs).toBeLessThan(placement === 'main' ? 500 : 900)
    expect(actors.map(({ outcome }) => outcome)).toEqual(
      { main: ['hurried'], shared: ['lost', 'lost'], 'own-thread': ['killed', 'hurried'] }[placement],
    )
  },
)

test('System.stop() keeps its limit, whatever hangs: it hurries what is left, then kills it', async () => {
  const system = await startSystem({ threads: 1, handleSignals: false, stopTimeoutMs: 60_000 })
  const services = new TestServices()
  services.stopHangs = true
  await system.root.add(child(services.start, { id: 'server', shutdownMs: Infinity }))
  for (let each = 0; each < 30; each++)
    await system.root.add(
      child(worker, {
        id: `worker-${each}`,
        placement: each % 2 === 0 ? 'shared' : 'main',
        shutdownMs: Infinity,
        props: STOPS_HANGING,
      }),
    )
  await system.spawn(worker, { placement: 'own-process', shutdownMs: Infinity, props: STOPS_HANGING })
  const job = system
    .compute(() => {
      for (;;);
    }, [])
    .catch((error: unknown) => error)
  const stopped = system.stop()

  const { tookMs, phase, isClean, stopped: parts } = await timeOf(system, 3000)

  expect(tookMs).toBeLessThan(3300)
  expect([phase, isClean]).toEqual(['killed', false])
  expect(parts.map(part => part.outcome)).toEqual(
    Array.from({ length: 32 }, () => expect.stringMatching(/hurried|killed|lost/) as unknown),
  )
  expect((await stopped).phase).toBe('killed')
  expect(await job).toMatchObject({ code: 'ZERA_SYSTEM_STOPPED' })
  expect(() => void system.stop({ timeoutMs: -1 })).toThrow(RangeError)
})

test.each([
  ['stop', []],
  ['signal', ['SIGTERM']],
] as const)(
  'a thread that nothing can kill does not keep a stop, nor a process that is interrupted (%s)',
  async (mode, signals) => {
    const ended = await runProgram('programs/main-hangs-in-native-code', [mode], signals)

    expect(ended).toEqual({ code: null, signal: 'SIGKILL', stdout: 'hangs\nabandoned false\n', stderr: '' })
  },
)

import type { Down, ThreadReceipt } from '@zera/core'
import type { DownReason, Signal } from '@zera/core/internal'
import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../fixtures/eventually.js'
import type { HostThread, StartHostThread } from '../../platform/platform.js'
import { SpareThreads } from './spare-threads.js'

type Options = Parameters<StartHostThread>[0]

/** A thread that does nothing but end on demand. */
class FakeThread implements HostThread {
  readonly words = new SharedArrayBuffer(0)
  readonly signals: [string, unknown][] = []
  readonly link = {
    signal: ({ signal }: Signal, handOver?: { readonly content: unknown }): void =>
      void this.signals.push([signal, handOver?.content]),
  }
  readonly remains = { returned: [], lost: 0 }
  readonly options: Options
  readonly down: Promise<Down>
  isReferenced = true
  readonly faults: string[] = []
  #end: (reason: DownReason) => void = () => undefined

  constructor(options: Options) {
    this.options = options
    const { name: thread = '', incarnation = 1 } = options
    this.down = new Promise(
      resolve => (this.#end = reason => resolve({ thread, incarnation, reason, exitCode: 0, error: undefined })),
    )
  }

  end(): void {
    this.#end('exited')
  }

  receive(): void {}

  fault(problem: string): void {
    this.faults.push(problem)
  }

  async stop(): Promise<ThreadReceipt> {
    this.#end('stopped')
    const { thread, incarnation, reason } = await this.down
    return {
      thread,
      incarnation,
      reason,
      startedAtMs: 0,
      stoppedAtMs: 0,
      durationMs: 0,
      exitCode: 0,
      outcome: 'clean',
      left: undefined,
    }
  }

  async kill(): Promise<Down> {
    this.#end('killed')
    return this.down
  }

  ref(): void {
    this.isReferenced = true
  }

  unref(): void {
    this.isReferenced = false
  }
}

function spareThreads(count: number) {
  const threads: FakeThread[] = []
  const clock = new ManualClock()
  const trouble: Error[] = []
  const failures: Error[] = []
  const startThread: StartHostThread = async options => {
    const error = trouble.pop()
    if (error !== undefined) throw error
    const thread = new FakeThread(options)
    threads.push(thread)
    return thread
  }
  const spares = new SpareThreads({
    count,
    name: 'test',
    container: undefined,
    startMs: 1000,
    startThread,
    clock,
    random: { next: () => 0.5 },
    failed: error => void failures.push(error),
  })
  return { spares, threads, clock, trouble, failures }
}

const place = { number: 7, blackBox: new SharedArrayBuffer(8) }
const wanted: Options = { name: 'test/7.2', incarnation: 2, data: { place, container: undefined } }

describe('SpareThreads', () => {
  test('keeps as many ready as its options say, and gives one the place that is to be taken', async () => {
    const { spares, threads, clock } = spareThreads(2)
    await spares.fill()
    const [first] = threads as [FakeThread]

    const thread = await spares.start(wanted)
    clock.advance(50)
    await eventually(() => expect(spares.size).toBe(2))

    expect(thread).toBe(first)
    expect(first.signals).toEqual([['assume', place]])
    expect(threads.map(({ options }) => [options.name, options.data.place])).toEqual(
      [1, 2, 3].map(number => [`test/spare-${number}`, undefined]),
    )
  })

  test('gives one whose process can be faulted as one that was started for its place', async () => {
    const { spares, threads } = spareThreads(1)
    await spares.fill()

    const thread = await spares.start(wanted)
    thread.fault?.('it has sent nonsense')

    expect(threads[0]?.faults).toEqual(['it has sent nonsense'])
  })

  test('has those that are ready, and those to come, import the modules of actors, each once', async () => {
    const { spares, threads, clock } = spareThreads(1)
    await spares.fill()

    for (const url of ['file:///a.js', 'file:///a.js', 'file:///b.js']) spares.preload(url)
    await spares.start(wanted)
    clock.advance(50)
    await eventually(() => expect(threads).toHaveLength(2))

    expect(threads[0]?.signals.map(([signal]) => signal)).toEqual(['preload', 'preload', 'assume'])
    expect(threads[1]?.options.data.modules).toEqual(['file:///a.js', 'file:///b.js'])
  })

  test('starts a thread when none is ready, or one with a heap limit is wanted', async () => {
    const { spares, threads } = spareThreads(0)
    await spares.fill()

    await spares.start(wanted)
    await spares.start({ ...wanted, maxHeapMb: 64 })

    expect(threads.map(({ options }) => options)).toEqual([wanted, { ...wanted, maxHeapMb: 64 }])
  })

  test('replaces one that ends while it waits', async () => {
    const { spares, threads } = spareThreads(1)
    await spares.fill()

    threads[0]?.end()
    await eventually(() => expect(threads).toHaveLength(2))

    const thread = await spares.start(wanted)
    expect([threads[1]?.signals, thread.words]).toEqual([[['assume', place]], threads[1]?.words])
    await eventually(() => expect(spares.receipts.last).toMatchObject([{ thread: 'test/spare-1', reason: 'exited' }]))
  })

  test('waits before it replaces those that end again and again, until it is stopped', async () => {
    const { spares, threads, clock } = spareThreads(1)
    await spares.fill()
    threads[0]?.end()
    await eventually(() => expect(threads).toHaveLength(2))

    threads[1]?.end()
    await eventually(() => expect(clock.timers).toBe(1))
    expect(threads).toHaveLength(2)
    clock.advance(5)
    await eventually(() => expect(threads).toHaveLength(3))
    threads[2]?.end()
    await eventually(() => expect(clock.timers).toBe(1))
    await spares.stop(100)

    expect([clock.timers, threads.length]).toEqual([0, 3])
    expect(spares.receipts.count).toBe(3)
  })

  test('says why one could not be started, and tries again with the next that is taken', async () => {
    const { spares, threads, clock, trouble, failures } = spareThreads(1)
    await spares.fill()
    trouble.push(new Error('no memory'))

    await spares.start(wanted)
    clock.advance(50)
    await eventually(() => expect(failures).toMatchObject([{ message: 'no memory' }]))
    expect(spares.size).toBe(0)
    await spares.fill()

    expect([spares.size, threads.length]).toEqual([1, 2])
  })

  test('stops those that were never taken, and starts none afterwards', async () => {
    const { spares, threads, clock } = spareThreads(2)
    await spares.fill()
    await spares.start(wanted)

    await spares.stop(100)
    clock.advance(50)

    expect(spares.lastReceipts.map(({ thread }) => thread)).toEqual(['test/spare-2'])
    expect([spares.size, threads.length]).toEqual([0, 2])
  })

  test('keeps the process alive as long as it is to', async () => {
    const { spares, threads } = spareThreads(1)
    await spares.fill()

    spares.unref()
    expect(threads[0]?.isReferenced).toBe(false)
    spares.ref()

    expect(threads[0]?.isReferenced).toBe(true)
  })
})

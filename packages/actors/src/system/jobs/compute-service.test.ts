import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import {
  ComputeQueueFullError,
  ComputeThreadError,
  ComputeTimeoutError,
  SystemStoppedError,
} from '../../model/errors.js'
import type { JobOrder, JobReport, JobThreads } from '../../model/jobs/job-threads.js'
import type { JobKey, JobSource } from '../../model/jobs/job.js'
import { readPayload, writePayload } from '../../model/jobs/payload.js'
import { ComputeService } from './compute-service.js'

const SOURCE: JobSource = { kind: 'module', url: 'file:///jobs.js', name: 'job' }

interface Given {
  readonly order: JobOrder
  readonly finish: (value: unknown) => void
  readonly break: (error: Error) => void
  /** The kill, once it is asked for. */
  endThread: (() => void) | undefined
}

/** Threads that a test moves. */
class ManualThreads implements JobThreads {
  readonly given: Given[] = []
  fail: (error: Error) => void = () => undefined
  readonly failed = new Promise<Error>(resolve => (this.fail = resolve))
  isClosed = false

  run(order: JobOrder): { report: Promise<JobReport>; kill: () => Promise<void> } {
    let settle: Pick<Given, 'finish' | 'break'> | undefined
    const report = new Promise<JobReport>((resolve, reject) => {
      settle = { finish: value => resolve({ result: writePayload([value]) }), break: reject }
    })
    const given: Given = { order, ...(settle as NonNullable<typeof settle>), endThread: undefined }
    this.given.push(given)
    return {
      report,
      kill: () => {
        given.break(new Error('aborted'))
        return new Promise(resolve => (given.endThread = resolve))
      },
    }
  }

  close(): Promise<void> {
    this.isClosed = true
    for (const { break: end } of this.given) end(new Error('Terminating worker thread'))
    return Promise.resolve()
  }
}

async function start(
  threads = 1,
  maxQueue = 10,
): Promise<{ service: ComputeService; manual: ManualThreads; clock: ManualClock }> {
  const manual = new ManualThreads()
  const clock = new ManualClock()
  const service = new ComputeService(() => Promise.resolve(manual), { threads, maxQueue }, clock)
  // The first job has the threads started.
  const first = service.run(nextKey(), SOURCE, [])
  await turn()
  manual.given[0]?.finish(undefined)
  await first
  manual.given.length = 0
  return { service, manual, clock }
}

let lastKey = 0
function nextKey(host = 1): JobKey {
  lastKey += 1
  return [host, lastKey]
}

async function turn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

describe('ComputeService.run()', () => {
  test('gives each thread one job at a time, in the order in which they came', async () => {
    const { service, manual } = await start(2)
    const results = ['a', 'b', 'c'].map(name => service.run(nextKey(), SOURCE, [name]))

    expect(service.statistics).toEqual({ running: 2, waiting: 1 })
    manual.given[1]?.finish('b done')
    await turn()
    expect(readPayload(manual.given[2]?.order.args as never)).toEqual(['c'])
    manual.given[0]?.finish('a done')
    manual.given[2]?.finish('c done')

    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done'])
  })

  test('keeps jobs until there are threads', async () => {
    let open: (threads: JobThreads) => void = () => undefined
    const service = new ComputeService(
      () => new Promise(resolve => (open = resolve)),
      { threads: 1, maxQueue: 0 },
      new ManualClock(),
    )
    const manual = new ManualThreads()

    const result = service.run(nextKey(), SOURCE, [])
    open(manual)
    await turn()
    manual.given[0]?.finish(1)

    expect(await result).toBe(1)
  })

  test('refuses a job when as many wait as may, and never runs it', async () => {
    const { service, manual } = await start(1, 1)
    const accepted = [service.run(nextKey(), SOURCE, [1]), service.run(nextKey(), SOURCE, [2])]

    await expect(service.run(nextKey(), SOURCE, [3])).rejects.toBeInstanceOf(ComputeQueueFullError)
    manual.given[0]?.finish('one')
    await turn()
    manual.given[1]?.finish('two')

    expect(await Promise.all(accepted)).toEqual(['one', 'two'])
    expect(manual.given).toHaveLength(2)
  })

  test('takes a snapshot of what waits', async () => {
    const { service, manual } = await start()
    const bytes = new Uint8Array([1])
    const moved = new Uint8Array([2])
    const first = service.run(nextKey(), SOURCE, [])

    const second = service.run(nextKey(), SOURCE, [bytes, moved], { transfer: [moved.buffer] })
    bytes[0] = 9
    manual.given[0]?.finish(undefined)
    await turn()
    manual.given[1]?.finish(undefined)

    expect(readPayload(manual.given[1]?.order.args as never)).toEqual([new Uint8Array([1]), new Uint8Array([2])])
    expect(moved.byteLength).toBe(0)
    await Promise.all([first, second])
  })

  test('rejects at its deadline when the thread has ended, and then gives the next job a thread', async () => {
    const { service, manual, clock } = await start()
    let isSettled = false
    const late = service.run(nextKey(), SOURCE, [], { timeoutMs: 10 }).finally(() => (isSettled = true))
    const next = service.run(nextKey(), SOURCE, [])

    clock.advance(10)
    await turn()
    expect([isSettled, manual.given.length]).toEqual([false, 1])
    manual.given[0]?.endThread?.()

    await expect(late).rejects.toBeInstanceOf(ComputeTimeoutError)
    manual.given[1]?.finish('next')
    expect(await next).toBe('next')
    expect(clock.timers).toBe(0)
  })

  test('drops a job that waits when it is given up, and kills nothing', async () => {
    const { service, manual } = await start()
    const key = nextKey()
    const first = service.run(nextKey(), SOURCE, [])
    const waiting = service.run(key, SOURCE, [])

    service.abort(key)
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    manual.given[0]?.finish(1)

    expect(await first).toBe(1)
    expect(manual.given).toHaveLength(1)
  })

  test('gives up the jobs of a host that has gone down', async () => {
    const { service, manual } = await start(2)
    const gone = service.run(nextKey(7), SOURCE, [])
    const other = service.run(nextKey(8), SOURCE, [])

    service.hostDown(7)
    manual.given[0]?.endThread?.()
    manual.given[1]?.finish('other')

    await expect(gone).rejects.toMatchObject({ name: 'AbortError' })
    expect(await other).toBe('other')
  })

  test('rejects with the cause when the thread of a job ends under it', async () => {
    const { service, manual } = await start()
    const cause = new Error('worker exited with code: 3')
    const job = service.run(nextKey(), SOURCE, [])

    manual.given[0]?.break(cause)

    await expect(job).rejects.toSatisfy(
      (error: unknown) => error instanceof ComputeThreadError && error.cause === cause,
    )
  })

  test('rejects at once what has no time', async () => {
    const { service } = await start()

    await expect(service.run(nextKey(), SOURCE, [], { timeoutMs: -1 })).rejects.toBeInstanceOf(RangeError)
  })

  test('rejects all jobs when no thread can be started, and has the next one try anew', async () => {
    const broken = new ManualThreads()
    const works = new ManualThreads()
    const all = [broken, works]
    const create = (): Promise<JobThreads> => Promise.resolve(all.shift() as ManualThreads)
    const service = new ComputeService(create, { threads: 1, maxQueue: 10 }, new ManualClock())
    const jobs = Promise.allSettled([service.run(nextKey(), SOURCE, []), service.run(nextKey(), SOURCE, [])])
    await turn()

    broken.fail(new Error('no memory'))

    expect((await jobs).map(job => (job as PromiseRejectedResult).reason as unknown)).toEqual([
      expect.any(ComputeThreadError),
      expect.any(ComputeThreadError),
    ])
    await turn()
    const next = service.run(nextKey(), SOURCE, [])
    await turn()
    works.given[0]?.finish('next')
    expect([await next, broken.isClosed]).toEqual(['next', true])
  })

  test('has the next job try anew when the threads could not be made', async () => {
    const works = new ManualThreads()
    let tries = 0
    const create = (): Promise<JobThreads> => (tries++ === 0 ? Promise.reject(new Error('no')) : Promise.resolve(works))
    const service = new ComputeService(create, { threads: 1, maxQueue: 10 }, new ManualClock())

    await expect(service.run(nextKey(), SOURCE, [])).rejects.toBeInstanceOf(ComputeThreadError)
    await turn()
    const next = service.run(nextKey(), SOURCE, [])
    await turn()
    works.given[0]?.finish('next')

    expect(await next).toBe('next')
  })
})

describe('ComputeService.stop()', () => {
  test('lets jobs come to their end, and takes no more', async () => {
    const { service, manual, clock } = await start()
    const jobs = [service.run(nextKey(), SOURCE, []), service.run(nextKey(), SOURCE, [])]

    const stopped = service.stop()
    await expect(service.run(nextKey(), SOURCE, [])).rejects.toBeInstanceOf(SystemStoppedError)
    manual.given[0]?.finish(1)
    await turn()
    manual.given[1]?.finish(2)
    await stopped

    expect(await Promise.all(jobs)).toEqual([1, 2])
    expect([manual.isClosed, clock.timers]).toEqual([true, 0])
  })

  test('rejects at the deadline what has not ended', async () => {
    const { service, clock } = await start()
    const jobs = Promise.allSettled([service.run(nextKey(), SOURCE, []), service.run(nextKey(), SOURCE, [])])

    const stopped = service.stop({ timeoutMs: 5 })
    await turn()
    clock.advance(5)
    await stopped

    expect((await jobs).map(job => (job as PromiseRejectedResult).reason as unknown)).toEqual([
      expect.any(SystemStoppedError),
      expect.any(SystemStoppedError),
    ])
  })
})

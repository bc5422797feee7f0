import { runInThisContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import {
  ComputeThreadError,
  ComputeTimeoutError,
  JobFunctionError,
  JobNotFoundError,
  startSystem,
  SystemStoppedError,
  type System,
} from '../index.js'
import computing from './fixtures/computing.js'
import fibonacci from './fixtures/jobs.js'

const url = new URL('./fixtures/jobs.js', import.meta.url).href
const thread = { url, name: 'thread' }

/** What esbuild leaves in functions. */
// oxlint-disable-next-line no-underscore-dangle -- It is esbuild's.
declare const __name: <F>(made: F, name: string) => F

expectNoLeaksAfterAll()
let system: System
beforeAll(async () => void (system = await startSystem({ threads: 1, handleSignals: false, compute: { threads: 2 } })))
afterAll(async () => {
  const { isClean } = await system.stop()
  expect(isClean).toBe(true)
})

/** Shared memory in which a job says that it has begun. */
function flag(): { memory: SharedArrayBuffer; begun: () => Promise<unknown>; letGo: () => void; turns: () => number } {
  const words = new Int32Array(new SharedArrayBuffer(8))
  return {
    memory: words.buffer,
    begun: async () => await Atomics.waitAsync(words, 0, 0).value,
    letGo: () => {
      Atomics.store(words, 1, 1)
      Atomics.notify(words, 1)
    },
    turns: () => Atomics.load(words, 1),
  }
}

describe('System.compute()', () => {
  test('needs no arguments for a job that needs none, and those that it needs do not go missing', async () => {
    expect(await system.compute(() => 1)).toBe(1)
    expect(await system.compute((n = 2) => n, undefined, { timeoutMs: 10_000 })).toBe(2)
    // @ts-expect-error -- it needs a number
    expect(await system.compute((n: number) => typeof n)).toBe('undefined')
  })

  test('runs a function of a module, and one that travels as its text, on other threads', async () => {
    expect(await system.compute(fibonacci, [20])).toBe(6765)
    expect(await system.compute((a: number, b: number) => a + b, [1, 2])).toBe(3)
    // vitest rewrites the imports of this file.
    const importing = runInThisContext(`async name => (await import('node:path')).basename(name)`) as (
      name: string,
    ) => Promise<string>
    expect(await system.compute(importing, ['/a/b.txt'])).toBe('b.txt')
    expect(await system.compute({ url, name: 'rest' }, [1])).toBe('rested')
  })

  test('rejects with what the job throws: name, message, code and cause', async () => {
    await expect(system.compute({ url, name: 'fail' }, ['too much'])).rejects.toMatchObject({
      name: 'PriceError',
      message: 'too much',
      code: 'E_PRICE',
      cause: expect.objectContaining({ name: 'TypeError', message: 'the cause' }) as unknown,
    })
  })

  test('rejects at once when the module cannot be imported, or exports no such function', async () => {
    const throws = new URL('../fixtures/modules/throws-at-import.js', import.meta.url)

    await expect(system.compute({ url: throws.href, name: 'x' }, [])).rejects.toMatchObject({
      name: JobNotFoundError.name,
      code: 'ZERA_JOB_NOT_FOUND',
    })
    await expect(system.compute({ url, name: 'PriceList' }, [])).rejects.toMatchObject({ code: 'ZERA_JOB_NOT_FOUND' })
  })

  test('says of a function that has closed over something what to do', async () => {
    const outside = 3

    await expect(system.compute((n: number) => n * outside, [2])).rejects.toMatchObject({
      name: JobFunctionError.name,
      code: 'ZERA_JOB_FUNCTION',
    })
  })

  test('runs a function into which esbuild has put the names of those inside of it', async () => {
    const named = (n: number): readonly [number, string] => {
      const inner = __name((x: number) => x + 1, 'kept')
      return [inner(n), inner.name]
    }

    expect(await system.compute(named, [1])).toEqual([2, 'kept'])
  })

  test('refuses at the door what is no job', async () => {
    await expect(system.compute(Math.max, [1, 2])).rejects.toBeInstanceOf(TypeError)
    await expect(system.compute('job' as never, [])).rejects.toBeInstanceOf(TypeError)
  })

  test('rejects when the result cannot be cloned, and the thread goes on', async () => {
    const threads = async (): Promise<Set<number>> =>
      new Set((await Promise.all(Array.from({ length: 16 }, () => system.compute(thread, [])))) as number[])
    const before = await threads()

    await expect(system.compute({ url, name: 'returnsFunction' }, [])).rejects.toMatchObject({
      name: 'NotCloneableError',
      message: expect.stringContaining('Cannot send the result of job returnsFunction: ') as string,
    })

    expect([...(await threads())].every(id => before.has(id))).toBe(true)
  })

  test('moves buffers there and back', async () => {
    const bytes = new Uint8Array([1, 2, 3])

    const result = await system.compute({ url, name: 'increment' }, [bytes], {
      transfer: [bytes.buffer],
      transferResult: true,
    })

    expect(result).toEqual(new Uint8Array([2, 3, 4]))
    expect(bytes.byteLength).toBe(0)
  })

  test('copies what is not to be moved', async () => {
    const bytes = new Uint8Array([1, 2, 3])

    expect(await system.compute({ url, name: 'increment' }, [bytes])).toEqual(new Uint8Array([2, 3, 4]))
    expect(bytes).toEqual(new Uint8Array([1, 2, 3]))
  })

  test('refuses what cannot be moved, and says so', async () => {
    await expect(
      system.compute({ url, name: 'increment' }, [1], { transfer: [new SharedArrayBuffer(1) as never] }),
    ).rejects.toBeInstanceOf(TypeError)
  })

  test('kills the thread of a job that is aborted, and no other, before it rejects', async () => {
    const [spinning, held] = [flag(), flag()]
    const abort = new AbortController()
    const spin = system.compute({ url, name: 'spin' }, [spinning.memory], { signal: abort.signal })
    const neighbour = system.compute({ url, name: 'hold' }, [held.memory])
    await Promise.all([spinning.begun(), held.begun()])

    abort.abort(new Error('enough'))
    await expect(spin).rejects.toBe(abort.signal.reason)

    const turns = spinning.turns()
    held.letGo()
    expect(await neighbour).toBe('let go')
    expect(await system.compute(fibonacci, [10])).toBe(55)
    expect(spinning.turns()).toBe(turns)
  })

  test('kills the thread of a job at its deadline', async () => {
    const spinning = flag()

    await expect(system.compute({ url, name: 'spin' }, [spinning.memory], { timeoutMs: 100 })).rejects.toMatchObject({
      name: ComputeTimeoutError.name,
      timeoutMs: 100,
    })
  })

  test('says when the thread ended under a job, and goes on', async () => {
    await expect(system.compute({ url, name: 'exit' }, [3])).rejects.toMatchObject({ name: ComputeThreadError.name })
    const outcomes = await Promise.allSettled([
      system.compute({ url, name: 'throwLate' }, []),
      system.compute({ url, name: 'throwLate' }, []),
    ])

    // It may return before it throws, or not. Its thread takes at most the job with it that it has by then.
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: ComputeThreadError.name })
    await eventually(async () => expect(await system.compute(fibonacci, [10])).toBe(55))
  })

  test('rejects what runs when the system stops at once, and leaves nothing', async () => {
    const other = await startSystem({ threads: 0, handleSignals: false, stopMs: 0, compute: { threads: 1 } })
    const spinning = flag()
    const jobs = Promise.allSettled([
      other.compute({ url, name: 'spin' }, [spinning.memory]),
      other.compute(fibonacci, [5]),
    ])
    await spinning.begun()

    const receipt = await other.stop()

    expect((await jobs).map(job => (job as PromiseRejectedResult).reason as unknown)).toEqual([
      expect.any(SystemStoppedError),
      expect.any(SystemStoppedError),
    ])
    expect(receipt.left).toEqual({ sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 })
    await expect(other.compute(fibonacci, [5])).rejects.toBeInstanceOf(SystemStoppedError)
  })
})

describe('ActorContext.compute()', () => {
  test('computes for an actor of another host, and empties what it has moved', async () => {
    const actor = await system.spawn(computing)

    expect(await actor.ask.fibonacci(15)).toBe(610)
    expect(await actor.ask.increment()).toEqual({ result: new Uint8Array([2, 2, 2]), left: 0 })
    await expect(actor.ask.fail('far away')).rejects.toMatchObject({
      name: 'PriceError',
      code: 'E_PRICE',
      message: 'far away',
    })
    await system.stop(actor)
  })

  test('gives up what an actor aborts', async () => {
    const actor = await system.spawn(computing)

    expect(await actor.ask.spinAndAbort()).toBe('enough')
    await system.stop(actor)
  })

  test('ends the jobs of a host that went down', async () => {
    const own = await startSystem({ threads: 1, handleSignals: false, compute: { threads: 1 } })
    const actor = await own.spawn(computing)
    await actor.ask.spin()

    await own.killHost(actor)

    expect(await own.compute(fibonacci, [10])).toBe(55)
    await own.stop()
  })
})

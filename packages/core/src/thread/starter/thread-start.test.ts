import { getEventListeners } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { HeapLimitError, ThreadStartError } from '../../base/errors/errors.js'
import { openResources } from '../../base/owning/resources.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { fixtureUrl, nextValue, startFixture } from '../../fixtures/threads/threads.js'
import { startThread } from './start-thread.js'
import type { ThreadOptions } from './thread-options.js'

expectNoLeaksAfterEach()

function startError(module: URL | string, options?: ThreadOptions): Promise<unknown> {
  return startThread(module, options).then(
    async thread => {
      await thread.kill()
      return 'it has started'
    },
    (error: unknown) => error,
  )
}

describe('startThread()', () => {
  test('returns when the thread is ready, with its name and incarnation', async () => {
    await using thread = await startThread(fixtureUrl('obey'), { incarnation: 3 })

    thread.pipe.send('hello')

    expect(await nextValue(thread)).toBe('hello')
    expect(thread).toMatchObject({ name: 'obey.js', incarnation: 3 })
    expect(
      openResources()
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['socket', 'thread'])
  })

  test.each([
    ['the URL as a string', fixtureUrl('obey').href],
    ['the path of the module', fileURLToPath(fixtureUrl('obey'))],
  ])('takes %s', async (_what, url) => {
    await using thread = await startThread(url, { name: 'named' })

    thread.pipe.send(1)

    expect(await nextValue(thread)).toBe(1)
  })

  test('passes data as structuredClone does', async () => {
    const data = { when: new Date(5), map: new Map([[1, 2n]]), bytes: new Uint8Array([1, 2]) }
    await using thread = await startFixture('sends-data', { data })

    expect(await nextValue(thread)).toEqual(data)
  })

  test.each<[what: string, module: URL | string, options: ThreadOptions, cause: unknown]>([
    ['a module that is missing', fixtureUrl('missing'), {}, expect.objectContaining({ code: 'ERR_MODULE_NOT_FOUND' })],
    ['a module without a function', fixtureUrl('failing/no-function'), {}, expect.any(TypeError)],
    [
      'a module that throws',
      fixtureUrl('failing/throws-at-import'),
      {},
      expect.objectContaining({ message: 'at import' }),
    ],
    [
      'a function that throws',
      fixtureUrl('failing/starts-badly'),
      { data: 'throw' },
      expect.objectContaining({ message: 'not today' }),
    ],
    ['a function that returns', fixtureUrl('failing/starts-badly'), { data: 'return' }, undefined],
    ['a thread that exits', fixtureUrl('failing/starts-badly'), { data: 'exit' }, undefined],
    ['a thread that waits too long', fixtureUrl('failing/starts-badly'), { startMs: 50 }, undefined],
    ['a thread that spins', fixtureUrl('failing/starts-badly'), { startMs: 200, data: 'spin' }, undefined],
    ['a module that spins while it is loaded', fixtureUrl('failing/spins-at-import'), { startMs: 50 }, undefined],
    [
      'data that cannot be cloned',
      fixtureUrl('obey'),
      { data: () => 1 },
      expect.objectContaining({ name: 'DataCloneError' }),
    ],
    ['a heap that is too small to start in', fixtureUrl('obey'), { maxHeapMb: 2 }, expect.any(HeapLimitError)],
  ])('rejects for %s, and leaves nothing behind', async (_what, module, options, cause) => {
    const error = await startError(module, options)

    expect(error).toBeInstanceOf(ThreadStartError)
    expect((error as ThreadStartError).cause).toEqual(cause)
    expect(openResources()).toEqual([])
  })

  test.each([{ execArgv: ['--nonsense'] }, { name: 'two\nlines' }])('starts nothing with %j', async options => {
    const error = await startError(fixtureUrl('obey'), options)

    expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
  })

  test('rejects with the reason of a signal that aborts', async () => {
    const abort = new AbortController()
    const reason = new Error('changed my mind')
    const starting = startError(fixtureUrl('failing/starts-badly'), { signal: abort.signal, startMs: Infinity })

    abort.abort(reason)

    expect(await starting).toBe(reason)
    expect(openResources()).toEqual([])
  })

  test('starts nothing when its signal was aborted before', async () => {
    const reason = new Error('never')
    const starting = startError(fixtureUrl('obey'), { signal: AbortSignal.abort(reason) })

    expect(openResources()).toEqual([])
    expect(await starting).toBe(reason)
  })

  test('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()

    await using thread = await startFixture('obey', { signal })

    expect(thread.name).toBe('obey')
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test.each<
    readonly [what: string, module: string, options: ThreadOptions, type: typeof TypeError | typeof RangeError]
  >([
    ['a relative path', './obey.js', {}, TypeError],
    ['a negative time', fixtureUrl('obey').href, { startMs: -1 }, RangeError],
    ['no time', fixtureUrl('obey').href, { startMs: NaN }, RangeError],
    ...[1.99, 1, 0, -1, NaN, Infinity, 2 ** 24 + 1, '64' as never].map(
      maxHeapMb =>
        ['a heap limit that no thread can have', fixtureUrl('obey').href, { maxHeapMb }, RangeError] as const,
    ),
  ])('refuses %s', async (_what, module, options, type) => {
    expect(await startError(module, options)).toBeInstanceOf(type)
    expect(openResources()).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { Down } from '../../base/errors/down.js'
import { HeapLimitError } from '../../base/errors/errors.js'
import { LINK_LIMITS } from '../../base/values/limits.js'
import { decodeValues, encodeValues } from '../../codec/codec.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import type { Command } from '../../fixtures/threads/obey.js'
import { nextValue, restOf, startFixture, tell } from '../../fixtures/threads/threads.js'

expectNoLeaksAfterEach()

describe('Thread.down', () => {
  test.each<[command: Command, down: Partial<Down>]>([
    [
      { do: 'exit', code: 0 },
      { reason: 'exited', exitCode: 0, error: undefined },
    ],
    [
      { do: 'exit', code: 7 },
      { reason: 'exited', exitCode: 7, error: undefined },
    ],
    [
      { do: 'throw', text: 'boom' },
      { reason: 'threw', exitCode: 1, error: expect.objectContaining({ message: 'boom' }) },
    ],
    [
      { do: 'throw-later', text: 'late' },
      { reason: 'threw', exitCode: 1, error: expect.objectContaining({ message: 'late' }) },
    ],
    [
      { do: 'throw-text', text: 'no error' },
      { reason: 'threw', exitCode: 1, error: expect.objectContaining({ cause: 'no error' }) },
    ],
    [
      { do: 'reject', text: 'unhandled' },
      { reason: 'threw', exitCode: 1, error: expect.objectContaining({ message: 'unhandled' }) },
    ],
    [{ do: 'fill-heap' }, { reason: 'heap-limit', exitCode: 1, error: expect.any(HeapLimitError) }],
  ])('says how it ended after %j, and what it had not handled comes back', async (command, expected) => {
    const thread = await startFixture('obey', { maxHeapMb: 32 })
    const [first, last] = [{ number: 1 }, { number: 2, when: new Date(9) }]

    thread.pipe.send(first)
    const echo = await nextValue(thread)
    tell(thread, command)
    thread.pipe.send(last)
    const down = await thread.down

    expect(down).toEqual({ ...down, thread: 'obey', incarnation: 1, ...expected })
    expect(thread.undelivered).toEqual([command, last])
    expect(thread.undelivered).toEqual([command, last])
    expect(thread.remains.returned.map(({ progress }) => progress)).toEqual(['begun', 'not-begun'])
    expect(echo).toEqual(first)
    expect(thread.remains.lost).toBe(0)
  })

  test('is a clean end when the function returns, and what it took last was handled', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'return' })
    thread.pipe.send('behind')

    const down = await thread.down

    expect(down).toMatchObject({ reason: 'stopped', exitCode: 0 })
    expect(thread.undelivered).toEqual(['behind'])
    expect((await thread.stop()).outcome).toBe('clean')
  })

  test('comes after all that the thread had sent', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'flood', count: 10_000, leave: 0 })

    await thread.down

    expect(await restOf(thread)).toEqual(Array.from({ length: 10_000 }, (_, number) => number))
    expect(thread.remains.lost).toBe(0)
  })

  test('counts what the thread had accepted and could not send', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'flood', count: LINK_LIMITS.windowMessages + 123, leave: 123 })

    await thread.down

    expect(await restOf(thread)).toHaveLength(LINK_LIMITS.windowMessages)
    expect(thread.remains.lost).toBe(123)
  })

  test.each(['exit', 'throw'] as const)(
    'comes after what the thread sent in the turn in which it ended by %s',
    async end => {
      const thread = await startFixture('obey')
      tell(thread, { do: 'send-and-end', count: 10, end })

      await thread.down

      expect(await restOf(thread)).toHaveLength(10)
      expect(thread.remains.lost).toBe(0)
    },
  )

  test('gives large binaries back', async () => {
    const thread = await startFixture('obey')
    tell(thread, { do: 'wait' })
    await nextValue(thread)
    const sizes = [3000, 100_000, 40 * 1024 * 1024]
    for (const size of sizes) thread.pipe.send({ bytes: new Uint8Array(size).fill(size % 251) })

    await thread.kill()

    const bytes = thread.undelivered.slice(1).map(value => (value as { bytes: Uint8Array }).bytes)
    expect(bytes.map(each => each.byteLength)).toEqual(sizes)
    expect(
      bytes.every(
        (each, at) => Buffer.compare(each, Buffer.alloc(sizes[at] as number, (sizes[at] as number) % 251)) === 0,
      ),
    ).toBe(true)
  })

  test('holds what a receiver of the thread throws', async () => {
    const thread = await startFixture('obey')
    const signalled = new Promise<void>(resolve =>
      thread.receive({ message: () => undefined, signal: () => resolve() }),
    )
    thread.link.outbox.post(encodeValues([{ do: 'throw-in-receiver', text: 'bad receiver' }]))
    await signalled
    thread.link.outbox.post(encodeValues(['for the receiver']))

    const down = await thread.down

    expect(down).toMatchObject({ reason: 'threw', error: { message: 'bad receiver' } })
    expect(thread.remains.returned.map(({ body }) => decodeValues(body))).toContainEqual(['for the receiver'])
  })
})

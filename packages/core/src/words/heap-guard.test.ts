import { describe, expect, test } from 'vitest'
import { HeapLimitError } from '../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runProgram } from '../fixtures/run-program.js'
import { restOf, startFixture, tell } from '../fixtures/threads/threads.js'

expectNoLeaksAfterEach()

test('guardHeap() lets a thread live that makes garbage many times its heap', async () => {
  const thread = await startFixture('obey', { maxHeapMb: 24 })
  tell(thread, { do: 'make-garbage', mebibytes: 100 })
  tell(thread, { do: 'return' })

  const arrived = await restOf(thread)

  expect(await thread.down).toMatchObject({ reason: 'stopped', error: undefined })
  expect(arrived).toHaveLength(100)
})

test('guardHeap() ends a thread that keeps more than it may, before Node does', async () => {
  const thread = await startFixture('talks', { maxHeapMb: 24 })
  thread.receive({
    message: (body, slot) => {
      thread.link.finish(slot)
      if (!thread.link.isClosed) thread.link.outbox.post(JSON.stringify(body))
    },
    signal: () => undefined,
  })
  thread.link.outbox.post('"leak"')
  for (let number = 0; number < 100; number++) thread.link.outbox.post(`${number}`)

  const down = await thread.down

  expect(down).toMatchObject({ reason: 'heap-limit', exitCode: 1, error: expect.any(HeapLimitError) })
  expect(down.error?.cause).toBeUndefined()
})

describe('guardHeap() ends a thread that has no messages, and nothing else with it,', { timeout: 120_000 }, () => {
  test.concurrent.each([
    [16, 'map', 20_000, 'turn'],
    [48, 'map', 1000, 'turn'],
    [48, 'set', 1000, 'timer'],
    [48, 'array', 20_000, 'turn'],
    [48, 'object', 20_000, 'timer'],
    [48, 'list', 1000, 'turn'],
  ])('when of %d MiB too many are in a %s, %d more at a time, by %s', async (...args) => {
    const ended = await runProgram('programs/main-has-hoarder', args)

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'heap-limit HeapLimitError true still here\n', stderr: '' })
  })

  test.concurrent.each([
    ['none', 'map'],
    ['none', 'array'],
    [200, 'object'],
  ])('when the process may have less, with maxHeapMb %s and a %s', async (maxHeapMb, kind) => {
    const ended = await runProgram('programs/main-has-hoarder', [maxHeapMb, kind, 1000, 'turn'], undefined, [
      '--max-old-space-size=100',
    ])

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'heap-limit HeapLimitError true still here\n', stderr: '' })
  })
})

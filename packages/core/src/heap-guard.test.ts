import { expect, test } from 'vitest'
import { HeapLimitError } from './errors.js'
import { expectNoLeaksAfterEach } from './fixtures/leaks.js'
import { restOf, startFixture, tell } from './fixtures/threads.js'

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
      if (!thread.link.isClosed) thread.link.post(JSON.stringify(body))
    },
    signal: () => undefined,
  })
  thread.link.post('"leak"')
  for (let number = 0; number < 100; number++) thread.link.post(`${number}`)

  const down = await thread.down

  expect(down).toMatchObject({ reason: 'heap-limit', exitCode: 1, error: expect.any(HeapLimitError) })
  expect(down.error?.cause).toBeUndefined()
})

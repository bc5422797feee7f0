import { expect, test } from 'vitest'
import { Waiters } from './waiters.js'

test('Waiters.wake() resolves all that wait now', async () => {
  const waiters = new Waiters()
  const waits = [waiters.wait(), waiters.wait(new AbortController().signal)]

  waiters.wake()

  await Promise.all(waits)
  expect(waiters.size).toBe(0)
})

test('Waiters.wait() resolves when its signal aborts, and leaves nothing', async () => {
  const waiters = new Waiters()
  const controller = new AbortController()
  const other = waiters.wait()
  const wait = waiters.wait(controller.signal)

  controller.abort()
  await wait

  expect(waiters.size).toBe(1)
  waiters.wake()
  await other
})

import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { startFixture } from '../../fixtures/threads/threads.js'

test('util.inspect() shows a thread by its name and state', async () => {
  const thread = await startFixture('talks', { name: 'worker' })

  expect(inspect(thread)).toBe("Thread(worker) { incarnation: 1, state: 'running' }")
  await thread.stop()
  expect(inspect(thread)).toBe("Thread(worker) { incarnation: 1, state: 'ended' }")
})

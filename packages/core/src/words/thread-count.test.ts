import { expect, test } from 'vitest'
import { startFixture } from '../fixtures/threads/threads.js'
import { threadCount } from './this-thread.js'
import { ThreadCount } from './thread-count.js'

test('ThreadCount counts threads, the main thread with them, for all who share its memory', () => {
  const ofMain = new ThreadCount()
  const ofAnother = new ThreadCount(ofMain.memory)

  const ended = ofMain.count()
  ofMain.count()
  ended()

  expect([ofMain.threads, ofAnother.threads]).toEqual([2, 2])
})

test('the count of this process has a thread from its start to its end', async () => {
  const before = threadCount.threads

  const thread = await startFixture('obey')
  const during = threadCount.threads
  await thread.kill()

  expect([during - before, threadCount.threads - before]).toEqual([1, 0])
})

import { expect, test } from 'vitest'
import { startFixture } from '../fixtures/threads.js'
import { Census } from './census.js'
import { census } from './this-thread.js'

test('Census counts threads, the main thread with them, for all who share its memory', () => {
  const ofMain = new Census()
  const ofAnother = new Census(ofMain.memory)

  const ended = ofMain.count()
  ofMain.count()
  ended()

  expect([ofMain.threads, ofAnother.threads]).toEqual([2, 2])
})

test('the census of this process has a thread from its start to its end', async () => {
  const before = census.threads

  const thread = await startFixture('obey')
  const during = census.threads
  await thread.kill()

  expect([during - before, census.threads - before]).toEqual([1, 0])
})

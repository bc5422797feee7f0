import { expect, test } from 'vitest'
import { startFixture } from '../fixtures/threads/threads.js'
import { threadCount } from './this-thread.js'
import { ThreadCount } from './thread-count.js'

test('ThreadCount counts threads, the main thread with them, for all who share its memory', () => {
  const ofMain = new ThreadCount()
  const first = ofMain.count()
  const ofFirst = new ThreadCount(ofMain.memory, first.place)

  const second = ofMain.count()
  ofFirst.count()
  second.ended()

  expect([ofMain.threads, ofFirst.threads]).toEqual([3, 3])
})

test('awake leaves out the threads that sleep, and whoever comes in the place of one is awake', () => {
  const ofMain = new ThreadCount()
  const [first, second] = [ofMain.count(), ofMain.count()]
  const [ofFirst, ofSecond] = [first, second].map(({ place }) => new ThreadCount(ofMain.memory, place)) as [
    ThreadCount,
    ThreadCount,
  ]

  const awake = [ofMain.awake]
  ofFirst.fellAsleep()
  awake.push(ofSecond.awake)
  ofMain.fellAsleep()
  awake.push(ofSecond.awake)
  first.ended()
  awake.push(ofSecond.awake)
  const third = ofMain.count()
  awake.push(ofSecond.awake)
  ofMain.awoke()
  awake.push(ofSecond.awake)

  expect([awake, third.place]).toEqual([[3, 2, 1, 1, 2, 3], first.place])
})

test('threads beyond those that are known one by one count as awake', () => {
  const ofMain = new ThreadCount()
  const threads = Array.from({ length: 300 }, () => ofMain.count())
  for (const { place } of threads) if (place >= 0) new ThreadCount(ofMain.memory, place).fellAsleep()

  const awake = [ofMain.awake]
  for (const { ended } of threads) ended()

  expect([...awake, ofMain.awake, ofMain.threads]).toEqual([300 - 255 + 1, 1, 1])
})

test('the count of this process has a thread from its start to its end', async () => {
  const before = threadCount.threads

  const thread = await startFixture('obey')
  const during = threadCount.threads
  await thread.kill()

  expect([during - before, threadCount.threads - before]).toEqual([1, 0])
})

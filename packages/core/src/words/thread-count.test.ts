import { describe, expect, test } from 'vitest'
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

describe('ThreadCount.active', () => {
  let nowMs = 1000
  const now = (): number => nowMs

  test('leaves out the threads that sleep, once they have for some time; whoever comes in the place of one is awake', () => {
    const ofMain = new ThreadCount(undefined, undefined, now)
    const [first, second] = [ofMain.count(), ofMain.count()]
    const [ofFirst, ofSecond] = [first, second].map(({ place }) => new ThreadCount(ofMain.memory, place, now)) as [
      ThreadCount,
      ThreadCount,
    ]

    const active = [ofMain.active]
    ofFirst.fellAsleep()
    active.push(ofSecond.active)
    nowMs += 21
    active.push(ofSecond.active)
    ofMain.fellAsleep()
    nowMs += 21
    active.push(ofSecond.active)
    first.ended()
    active.push(ofSecond.active)
    const third = ofMain.count()
    active.push(ofSecond.active)
    ofMain.awoke()
    active.push(ofSecond.active)

    expect([active, third.place]).toEqual([[3, 3, 2, 1, 1, 2, 3], first.place])
  })

  test('counts threads beyond those that are known one by one', () => {
    const ofMain = new ThreadCount(undefined, undefined, now)
    const threads = Array.from({ length: 300 }, () => ofMain.count())
    for (const { place } of threads) if (place >= 0) new ThreadCount(ofMain.memory, place, now).fellAsleep()
    nowMs += 21

    const active = [ofMain.active]
    for (const { ended } of threads) ended()

    expect([...active, ofMain.active, ofMain.threads]).toEqual([300 - 255 + 1, 1, 1])
  })
})

test('the count of this process has a thread from its start to its end', async () => {
  const before = threadCount.threads

  const thread = await startFixture('obey')
  const during = threadCount.threads
  await thread.kill()

  expect([during - before, threadCount.threads - before]).toEqual([1, 0])
})

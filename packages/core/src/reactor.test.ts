import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from './fixtures/leaks.js'
import { nextValue, startFixture } from './fixtures/threads.js'

expectNoLeaksAfterEach()

describe('Reactor', () => {
  test('lets timers and immediates run while threads answer each other without end', async () => {
    await using thread = await startFixture('obey')
    const fired: string[] = []
    setTimeout(() => fired.push('timer'), 1)
    setImmediate(() => fired.push('immediate'))

    while (fired.length < 2) {
      thread.pipe.send('ping')
      await nextValue(thread)
    }

    expect(fired.toSorted()).toEqual(['immediate', 'timer'])
  })

  test('lets timers run while messages arrive without end', async () => {
    await using thread = await startFixture('obey')
    const fired: string[] = []
    setTimeout(() => fired.push('timer'), 1)
    let underWay = 0

    while (fired.length < 1) {
      for (; underWay < 2000; underWay++) thread.pipe.send(underWay)
      await nextValue(thread)
      underWay -= 1
    }

    expect(fired).toEqual(['timer'])
  })
})

import { describe, expect, test } from 'vitest'
import Counter from '../fixtures/actors/counter.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startSystem } from '../system/start-system.js'

const TIMERS = 100
const SPAN_MS = 5
const LATE_MS = 5

expectNoLeaksAfterEach()

describe('a thread that sends, and is answered, without a pause', () => {
  test('runs timers within 5 ms of their time', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const [here, there] = [await system.spawn(Counter, { placement: 'main' }), await system.spawn(Counter)]
    const late: number[] = []
    const arm = (): void => {
      const due = performance.now() + SPAN_MS
      setTimeout(() => {
        late.push(performance.now() - due)
        if (late.length < TIMERS) arm()
      }, SPAN_MS)
    }
    arm()
    const flood = async (): Promise<void> => {
      while (late.length < TIMERS) {
        for (let sent = 0; sent < 64; sent++) {
          here.tell.add(1)
          there.tell.add(1)
        }
        await Promise.all([here.ready(), there.ready(), there.ask.add(1)])
      }
    }

    await Promise.all(Array.from({ length: 16 }, flood))

    // What other processes take of a busy machine's time is in the largest of them, and says nothing.
    const median = late.toSorted((a, b) => a - b)[TIMERS / 2] as number
    expect(median).toBeLessThan(LATE_MS)
  })
})

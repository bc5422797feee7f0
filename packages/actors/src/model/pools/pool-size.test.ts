import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSize } from './pool-size.js'

const bounds = { min: 2, max: 8 }

describe('planSize()', () => {
  test.each([
    ['grows by half when messages pile up', { workers: 4, waiting: 17, busy: 4 }, 0, { workers: 6, quietLooks: 0 }],
    ['does not grow for what is soon done', { workers: 4, waiting: 16, busy: 4 }, 0, { workers: 4, quietLooks: 0 }],
    ['stays at its maximum', { workers: 8, waiting: 1000, busy: 8 }, 0, { workers: 8, quietLooks: 0 }],
    ['makes good what is missing', { workers: 1, waiting: 0, busy: 0 }, 3, { workers: 2, quietLooks: 0 }],
    ['waits before it shrinks', { workers: 4, waiting: 0, busy: 1 }, 2, { workers: 4, quietLooks: 3 }],
    [
      'shrinks by one when it was quiet for long',
      { workers: 4, waiting: 0, busy: 1 },
      3,
      { workers: 3, quietLooks: 0 },
    ],
    [
      'forgets that it was quiet when all are busy',
      { workers: 4, waiting: 0, busy: 4 },
      3,
      { workers: 4, quietLooks: 0 },
    ],
    ['stays at its minimum', { workers: 2, waiting: 0, busy: 0 }, 3, { workers: 2, quietLooks: 0 }],
  ])('%s', (_what, load, quietLooks, planned) => {
    expect(planSize(load, quietLooks, bounds)).toEqual(planned)
  })

  test('stays within its bounds', () => {
    assert(
      property(
        integer({ min: 0, max: 20 }),
        integer({ min: 0, max: 5000 }),
        integer({ min: 0, max: 20 }),
        integer({ min: 0, max: 5 }),
        (workers, waiting, busy, quietLooks) => {
          const { workers: planned } = planSize({ workers, waiting, busy }, quietLooks, bounds)
          expect(planned >= bounds.min && planned <= bounds.max).toBe(true)
        },
      ),
    )
  })

  test('comes to rest at its minimum when there is nothing to do', () => {
    let size = { workers: 8, quietLooks: 0 }

    for (let look = 0; look < 100; look++)
      size = planSize({ workers: size.workers, waiting: 0, busy: 0 }, size.quietLooks, bounds)

    expect(size).toEqual({ workers: 2, quietLooks: 0 })
  })
})

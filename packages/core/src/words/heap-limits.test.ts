import { describe, expect, test } from 'vitest'
import { expectHeapMb, HeapLimits, resourceLimitsOf } from './heap-limits.js'

const MIB = 1024 * 1024

describe('resourceLimitsOf()', () => {
  test.each([2, 16, 48, 100, 200, 512, 1000, 4000, 20_000])(
    'leaves room for the largest piece of a heap of %d MiB to double, and for what comes between two looks',
    mebibytes => {
      const { maxOldGenerationSizeMb = 0 } = resourceLimitsOf(mebibytes)

      const isFull = new HeapLimits(mebibytes, maxOldGenerationSizeMb * MIB)
      expect(maxOldGenerationSizeMb - mebibytes).toBeGreaterThanOrEqual(Math.min(2 * mebibytes, 1024) + 64)
      expect(isFull.limitBytes).toBe(mebibytes * MIB)
      expect(isFull.areReached({ bytes: mebibytes * MIB - 1, largeBytes: mebibytes * MIB - 1 })).toBe(false)
      expect(isFull.lookEveryMs).toBeGreaterThan(1)
    },
  )
})

describe('HeapLimits', () => {
  test('are reached by what is kept', () => {
    const limits = new HeapLimits(48, 208 * MIB)

    expect([47, 48].map(mebibytes => limits.areReached({ bytes: mebibytes * MIB, largeBytes: 0 }))).toEqual([
      false,
      true,
    ])
  })

  test('of a thread that was given none are three quarters of what it has', () => {
    expect(new HeapLimits(undefined, 4096 * MIB).limitBytes).toBe(3072 * MIB)
  })

  test('are lower where V8 has less than the thread was promised, as with --max-old-space-size', () => {
    expect(new HeapLimits(200, 100 * MIB).limitBytes).toBe(75 * MIB)
  })

  test('are reached before the largest piece cannot double any more', () => {
    const limits = new HeapLimits(undefined, 100 * MIB)

    expect([20, 40].map(mebibytes => limits.areReached({ bytes: 40 * MIB, largeBytes: mebibytes * MIB }))).toEqual([
      false,
      true,
    ])
  })

  test('know that no piece takes more than a gibibyte', () => {
    expect(new HeapLimits(undefined, 4096 * MIB).areReached({ bytes: 2500 * MIB, largeBytes: 2400 * MIB })).toBe(false)
  })

  test.each([
    [48, 208],
    [undefined, 48],
    [undefined, 4096],
    [20_000, 26_667],
  ])('call nothing harmless that reaches them: %s of %d MiB', (maxHeapMb, mebibytes) => {
    const limits = new HeapLimits(maxHeapMb, mebibytes * MIB)

    expect(limits.areReached({ bytes: limits.harmlessBytes - 1, largeBytes: limits.harmlessBytes - 1 })).toBe(false)
  })
})

describe('expectHeapMb()', () => {
  test.each([undefined, 2, 64, 0.5 + 2, 2 ** 24])('takes %s', maxHeapMb => {
    expect(() => expectHeapMb('start it', maxHeapMb)).not.toThrow()
  })

  test.each([1.99, 1, 0, -1, NaN, Infinity, 2 ** 24 + 1, '64', null])('refuses %s', maxHeapMb => {
    expect(() => expectHeapMb('start it', maxHeapMb as number)).toThrow(RangeError)
  })
})

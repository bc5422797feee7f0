import { expect, test } from 'vitest'
import { isWornOut } from './recycling.js'

const MIB = 1024 * 1024

test.each([
  [{ handled: 9, heapBytes: 0 }, 0, { afterMessages: 10 }, false],
  [{ handled: 10, heapBytes: 0 }, 0, { afterMessages: 10 }, true],
  [{ handled: 0, heapBytes: 30 * MIB }, 10 * MIB, { heapGrowthMb: 20 }, false],
  [{ handled: 0, heapBytes: 31 * MIB }, 10 * MIB, { heapGrowthMb: 20 }, true],
  [{ handled: 1e9, heapBytes: 1e12 }, 0, {}, false],
])('isWornOut(%o) after %i bytes with %o is %s', (use, firstHeapBytes, recycling, isIt) => {
  expect(isWornOut(use, firstHeapBytes, recycling)).toBe(isIt)
})

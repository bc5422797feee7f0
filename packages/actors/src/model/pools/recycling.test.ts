import { expect, test } from 'vitest'
import { isWornOut } from './recycling.js'

const MIB = 1024 * 1024
const UNUSED = { handled: 0, heapBytes: 0, rssBytes: 0 }

test.each([
  [{ handled: 9 }, {}, { afterMessages: 10 }, false],
  [{ handled: 10 }, {}, { afterMessages: 10 }, true],
  [{ heapBytes: 30 * MIB }, { heapBytes: 10 * MIB }, { heapGrowthMb: 20 }, false],
  [{ heapBytes: 31 * MIB }, { heapBytes: 10 * MIB }, { heapGrowthMb: 20 }, true],
  [{ rssBytes: 300 * MIB }, { rssBytes: 100 * MIB }, { rssGrowthMb: 200 }, false],
  [{ rssBytes: 301 * MIB }, { rssBytes: 100 * MIB }, { rssGrowthMb: 200 }, true],
  [{ handled: 1e9, heapBytes: 1e12, rssBytes: 1e12 }, {}, {}, false],
])('isWornOut(%o) after %o with %o is %s', (use, first, recycling, isIt) => {
  expect(isWornOut({ ...UNUSED, ...use }, { ...UNUSED, ...first }, recycling)).toBe(isIt)
})

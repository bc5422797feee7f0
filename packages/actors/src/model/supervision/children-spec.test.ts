import { describe, expect, test } from 'vitest'
import { childrenSpec, type ChildrenSpec } from './children-spec.js'

describe('childrenSpec()', () => {
  test('takes what a supervisor takes, and leaves the rest to its defaults', () => {
    const backoff = { firstMs: 0, factor: 1, maxMs: 0 }
    const all: ChildrenSpec = { strategy: 'rest-for-one', maxRestarts: Infinity, periodMs: 0, backoff }

    expect([childrenSpec(all), childrenSpec({})]).toEqual([all, {}])
  })

  test.each([
    [{ strategy: 'all' }, RangeError],
    [{ maxRestarts: -1 }, RangeError],
    [{ periodMs: Number.NaN }, RangeError],
    [{ backoff: { firstMs: -1, factor: 1, maxMs: 0 } }, RangeError],
    [{ backoff: 5 }, TypeError],
    [null, TypeError],
    ['one-for-all', TypeError],
  ])('refuses %j', (options, kind) => {
    expect(() => childrenSpec(options as ChildrenSpec)).toThrow(kind)
  })
})

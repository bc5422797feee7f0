import { describe, expect, test } from 'vitest'
import { poolPlan, type PoolOptions } from './pool-options.js'

describe('poolPlan()', () => {
  test('fills in the defaults', () => {
    expect(poolPlan({ size: 3 })).toEqual({ bounds: { min: 3, max: 3 }, route: 'least-busy', recycle: {} })
    expect(poolPlan({ size: { min: 1, max: 4 }, route: 'least-busy' })).toEqual({
      bounds: { min: 1, max: 4 },
      route: 'least-busy',
      recycle: {},
    })
  })

  test.each<[PoolOptions<object>, new () => Error]>([
    [{ size: 0 }, RangeError],
    [{ size: 1.5 }, RangeError],
    [{ size: 2000 }, RangeError],
    [{ size: { min: 3, max: 2 } }, RangeError],
    [{ size: 1, route: 'nearest' as never }, RangeError],
    [{ size: 1, recycle: { afterMessages: 0 } }, RangeError],
    [{ size: 1, recycle: { heapGrowthMb: 5 } }, TypeError],
    [{ size: 1, recycle: { rssGrowthMb: 0 }, placement: 'own-process' }, RangeError],
    [{ size: 1, recycle: { rssGrowthMb: 5 }, placement: 'own-thread' }, TypeError],
    [{ size: 1, props: {} as never, propsOf: () => undefined }, TypeError],
  ])('refuses %o', (options, kind) => {
    expect(() => poolPlan(options)).toThrow(kind)
  })
})

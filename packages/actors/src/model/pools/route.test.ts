import { assert, integer, property, uniqueArray, string, array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../time/random.js'
import { consistentHash } from './consistent-hash.js'
import { EVERY, type Route, type RouteWorker } from './route.js'
import { createRoute, LeastBusy, RandomRoute, ROUTE_NAMES } from './routes.js'

const idle = (ids: readonly number[]): RouteWorker[] => ids.map(id => ({ id, underWay: 0 }))

function choices(route: Route, workers: readonly RouteWorker[], times: number, key: unknown = 'key'): number[] {
  return Array.from({ length: times }, () => route.choose(workers, [key]))
}

describe.each(ROUTE_NAMES)('the route %s', name => {
  test('chooses one of the workers that there are, or all of them, whichever come and go', () => {
    const route = createRoute(name, seededRandom(1))
    const isForAll = route.choose(idle([16]), ['key']) === EVERY

    assert(
      property(
        uniqueArray(integer({ min: 16, max: 1000 }), { minLength: 1, maxLength: 20 }),
        array(integer({ min: 0, max: 5 }), { minLength: 20, maxLength: 20 }),
        string(),
        (ids, loads, key) => {
          const at = route.choose(
            ids.map((id, i) => ({ id, underWay: loads[i] as number })),
            [key],
          )
          expect(isForAll ? at === EVERY : at >= 0 && at < ids.length && Number.isInteger(at)).toBe(true)
        },
      ),
    )
  })

  test('is one for each host, with no memory that others share', () => {
    const [one, other] = [createRoute(name, seededRandom(1)), createRoute(name, seededRandom(1))]

    expect(choices(one, idle([16, 17, 18]), 7)).toEqual(choices(other, idle([16, 17, 18]), 7))
  })
})

describe('round-robin', () => {
  test('is one after the other, also when there are fewer', () => {
    const route = createRoute('round-robin', seededRandom(1))

    expect([...choices(route, idle([1, 2, 3]), 4), ...choices(route, idle([1, 2]), 3)]).toEqual([0, 1, 2, 0, 1, 0, 1])
  })
})

describe('RandomRoute', () => {
  test('is spread evenly', () => {
    const counts = [0, 0, 0]
    for (const at of choices(new RandomRoute(seededRandom(3)), idle([1, 2, 3]), 3000))
      counts[at] = (counts[at] as number) + 1

    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('LeastBusy', () => {
  test('is the worker that has least, and among equals one after the other', () => {
    const route = new LeastBusy()
    const loaded = (...loads: number[]): RouteWorker[] => loads.map((underWay, id) => ({ id, underWay }))

    expect(
      [
        [0, 0, 0],
        [0, 0, 0],
        [2, 1, 3],
        [1, 1, 1],
        [1, 1, 1],
        [5, 5, 4],
      ].map(loads => route.choose(loaded(...loads))),
    ).toEqual([0, 1, 1, 2, 0, 2])
  })
})

describe('consistent-hash', () => {
  const keys = Array.from({ length: 2000 }, (_, n) => `key ${n}`)
  const byKey = (ids: readonly number[]): Map<string, number> =>
    new Map(keys.map(key => [key, ids[consistentHash.choose(idle(ids), [key])] as number]))

  test('is the same worker for the same key, in whatever order they stand', () => {
    expect(byKey([16, 17, 18, 19])).toEqual(byKey([19, 17, 16, 18]))
  })

  test('spreads keys evenly', () => {
    const counts = new Map<number, number>()
    for (const id of byKey([16, 17, 18, 19]).values()) counts.set(id, (counts.get(id) ?? 0) + 1)

    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100)
  })

  test('moves no key but those of a worker that goes', () => {
    const [before, after] = [byKey([16, 17, 18, 19]), byKey([16, 17, 19])]

    for (const key of keys) if (before.get(key) !== 18) expect(after.get(key)).toBe(before.get(key))
  })

  test('refuses what is no key', () => {
    expect(() => consistentHash.choose(idle([16]), [{}])).toThrow(TypeError)
    expect(() => consistentHash.choose(idle([16]), [])).toThrow(TypeError)
  })
})

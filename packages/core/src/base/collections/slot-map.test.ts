import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SlotMap } from './slot-map.js'

const step = fc.record({ what: fc.constantFrom('set', 'set', 'take', 'get'), key: fc.nat(6), value: fc.string() })

describe('SlotMap', () => {
  test('does what a Map does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const [map, model] = [new SlotMap<string>(), new Map<number, string>()]
        for (const { what, key, value } of steps) {
          if (what === 'set') {
            map.set(key, value)
            model.set(key, value)
          } else if (what === 'get') {
            expect([map.get(key), map.has(key)]).toEqual([model.get(key), model.has(key)])
          } else {
            expect(map.take(key)).toBe(model.get(key))
            model.delete(key)
          }
          expect([map.size, [...map], [...map.values()]]).toEqual([model.size, [...model], [...model.values()]])
        }
      }),
    )
  })

  test('lets go of what was taken, also while others stay', () => {
    const map = new SlotMap<object>()
    map.set(0, {})
    for (let key = 1; key < 10_000; key++) {
      map.set(key, { key })
      map.take(key)
    }

    expect([map.size, [...map].length]).toEqual([1, 1])
  })
})

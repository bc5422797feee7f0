import { describe, expect, test } from 'vitest'
import { Actors } from './actors.js'

function actor(id: number, host: number) {
  return { data: { id, host, name: '', url: 'file:///a.js', definition: 'A' } }
}

describe('Actors', () => {
  test('lists those of one host, in the order in which they came', () => {
    const actors = new Actors()
    const [a, b, c] = [actor(16, 1), actor(17, 2), actor(18, 1)]

    for (const each of [a, b, c, a]) actors.add(each)

    expect([actors.on(1), actors.on(2), actors.on(3)]).toEqual([[a, c], [b], []])
    expect([actors.countOn(1), actors.countOn(3)]).toEqual([2, 0])
  })

  test('forgets one as often as asked', () => {
    const actors = new Actors()
    const one = actor(16, 1)
    actors.add(one)

    actors.remove(one)
    actors.remove(one)

    expect([actors.get(16), actors.on(1)]).toEqual([undefined, []])
  })
})

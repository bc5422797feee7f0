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

  test('finds one that leaves, until it is removed or comes back, and does not count it', () => {
    const actors = new Actors()
    const [gone, back] = [actor(16, 1), actor(17, 1)]
    for (const each of [gone, back]) actors.add(each)

    for (const each of [gone, back]) actors.leave(each)
    const leaving = [actors.find(16), actors.find(17), actors.get(16), actors.count, actors.countOn(1)]
    actors.remove(gone)
    actors.add(back)
    actors.remove(back)

    expect(leaving).toEqual([gone, back, undefined, 0, 0])
    expect([actors.find(16), actors.find(17)]).toEqual([undefined, undefined])
  })
})

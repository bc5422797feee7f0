import { describe, expect, it } from 'vitest'
import { Identities } from './identities.js'

const objects = Array.from({ length: 40 }, (_, i) => ({ i }))

describe('Identities', () => {
  it.each([3, 12, 13, 40])('meet() numbers %i objects in order', count => {
    const identities = new Identities()
    const some = objects.slice(0, count)

    expect(some.map(object => identities.meet(object))).toEqual(some.map(() => undefined))
    expect(some.map(object => identities.meet(object))).toEqual(some.map((_, i) => i))
    expect(identities.meet({})).toBe(undefined)
    expect(identities.size).toBe(count + 1)
  })

  it.each([2, 12, 20, 35])('forgetFrom(%i) leaves the first ones and numbers the next from there', size => {
    const identities = new Identities()
    for (const object of objects) identities.meet(object)
    identities.meet(objects[0]!)

    identities.forgetFrom(size)

    expect(identities.meet(objects[size - 1]!)).toBe(size - 1)
    expect(identities.meet(objects[39]!)).toBe(undefined)
    expect(identities.meet(objects[39]!)).toBe(size)
  })
})

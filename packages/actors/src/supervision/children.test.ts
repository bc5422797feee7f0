import { describe, expect, test } from 'vitest'
import { Child } from './child.js'
import { DEFAULT_CHILD_SPEC } from './child-spec.js'
import { Children } from './children.js'

function child(id: number, host: number, name = ''): Child {
  return new Child({ id, host, name, url: 'file:///a.js', definition: 'A' }, DEFAULT_CHILD_SPEC, undefined)
}

describe('Children', () => {
  test('lists all, and those of one host, in the order of their start', () => {
    const children = new Children()
    const [a, b, c] = [child(16, 1), child(17, 2), child(18, 1)] as [Child, Child, Child]

    for (const each of [a, b, c]) children.add(each)

    expect(children.newestFirst()).toEqual([c, b, a])
    expect([children.on(1), children.on(2), children.on(3)]).toEqual([[a, c], [b], []])
    expect([children.countOn(1), children.countOn(3)]).toEqual([2, 0])
  })

  test('forgets a child and its name', () => {
    const children = new Children()
    const named = child(16, 1, 'orders')
    children.takeName('orders')
    children.add(named)

    children.remove(named)

    expect([children.get(16), children.on(1), children.newestFirst()]).toEqual([undefined, [], []])
    expect(children.takeName('orders')).toBe(true)
  })

  test('removing a child twice leaves its name to who took it in between', () => {
    const children = new Children()
    const named = child(16, 1, 'orders')
    children.takeName('orders')
    children.add(named)
    children.remove(named)
    children.takeName('orders')

    children.remove(named)

    expect(children.takeName('orders')).toBe(false)
  })

  test('gives each name once, and none to everybody', () => {
    const children = new Children()

    expect([children.takeName('a'), children.takeName('a'), children.takeName(''), children.takeName('')]).toEqual([true, false, true, true])
    children.freeName('a')
    expect(children.takeName('a')).toBe(true)
  })
})

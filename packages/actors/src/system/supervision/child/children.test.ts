import { describe, expect, test } from 'vitest'
import { ChildIdTakenError } from '../../../model/errors.js'
import type { Child } from './child.js'
import { Children } from './children.js'
import type { Crew } from './crew.js'

function child(
  id: string,
  more: { readonly significant?: boolean; readonly isWanted?: boolean; readonly crew?: Crew } = {},
): Child {
  const { significant = false, isWanted = true, crew } = more
  return { id, spec: { significant }, isWanted, crew } as Child
}

describe('Children', () => {
  test('lists all in the order in which they were added, and backwards', () => {
    const children = new Children('/shop')
    const [a, b] = [child('a'), child('b')]
    for (const each of [a, b]) children.add(each)

    expect([[...children], children.newestFirst()]).toEqual([
      [a, b],
      [b, a],
    ])
  })

  test('add() of a child that is there already makes it the last', () => {
    const children = new Children('/shop')
    const [a, b] = [child('a'), child('b')]
    for (const each of [a, b, a]) children.add(each)

    expect([...children]).toEqual([b, a])
  })

  test('newestFirst() has a crew where the first of it was added', () => {
    const children = new Children('/')
    const crew: Crew = { order: undefined, leave: () => Promise.resolve() }
    const [worker, server, late] = [child('worker', { crew }), child('server'), child('late', { crew })]
    for (const each of [worker, server]) children.add(each)
    children.delete(worker)

    children.add(late)

    expect(children.newestFirst()).toEqual([server, late])
  })

  test('hasSignificantBeside() counts what runs or is to run, and not the child itself', () => {
    const children = new Children('/shop')
    const [a, over, plain] = [
      child('a', { significant: true }),
      child('over', { significant: true, isWanted: false }),
      child('plain'),
    ]
    for (const each of [a, over, plain]) children.add(each)

    expect([children.hasSignificantBeside(a), children.hasSignificantBeside(plain)]).toEqual([false, true])
  })

  test('takeableId() takes the id of the spec, or the name, or a number that is free', () => {
    const children = new Children('/shop')
    for (const id of ['a', 'actor-1']) children.add(child(id))

    expect([children.takeableId('b', 'actor', 'name'), children.takeableId(undefined, 'actor', 'name')]).toEqual([
      'b',
      'name',
    ])
    expect([
      children.takeableId(undefined, 'actor', 'a'),
      children.takeableId(undefined, 'actor', ''),
      children.takeableId(undefined, 'service', ''),
    ]).toEqual(['actor-2', 'actor-3', 'service-1'])
    expect(() => children.takeableId('a', 'actor', '')).toThrow(ChildIdTakenError)
  })

  test('delete() leaves a child alone that has taken the id of another', () => {
    const children = new Children('/shop')
    const [first, second] = [child('a'), child('a')]
    children.add(second)

    children.delete(first)

    expect(children.get('a')).toBe(second)
  })
})

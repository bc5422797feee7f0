import { expect, test } from 'vitest'
import type { Crew } from '../child/crew.js'
import { inCrews, stopOrder, type Stoppable } from './stop-order.js'

type Named = Stoppable & { readonly name: string }

const spawned = (name: string): Named => ({
  name,
  tenure: 'passing',
  spec: { start: { kind: 'actor' } },
  crew: undefined,
})
const declared = (name: string): Named => ({
  name,
  tenure: 'static',
  spec: { start: { kind: 'actor' } },
  crew: undefined,
})
const tree = (name: string): Named => ({
  name,
  tenure: 'passing',
  spec: { start: { kind: 'supervisor' } },
  crew: undefined,
})

test.each([
  ['one-for-one', ['fe', 'd', 'c', 'b', 'a']],
  ['rest-for-one', ['f', 'e', 'd', 'c', 'b', 'a']],
  ['one-for-all', ['f', 'e', 'd', 'c', 'b', 'a']],
] as const)('stopOrder() has what is spawned stop together, and all else right to left (%s)', (strategy, order) => {
  const newestFirst = [spawned('f'), spawned('e'), tree('d'), spawned('c'), declared('b'), declared('a')]

  expect(stopOrder(newestFirst, strategy).map(group => group.map(({ name }) => name).join(''))).toEqual(order)
})

test('inCrews() has those that stand in for each other end as one', () => {
  const [one, other] = [{} as Crew, {} as Crew]
  const group = [
    { name: 'a', crew: one },
    { name: 'b', crew: undefined },
    { name: 'c', crew: other },
    { name: 'd', crew: one },
    { name: 'e', crew: undefined },
  ]

  expect(inCrews(group).map(crew => crew.map(({ name }) => name).join(''))).toEqual(['ad', 'b', 'c', 'e'])
})

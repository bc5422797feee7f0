import { expect, test } from 'vitest'
import { stopOrder, type Stoppable } from './stop-order.js'

type Named = Stoppable & { readonly name: string }

const spawned = (name: string): Named => ({ name, tenure: 'passing', spec: { start: { kind: 'actor' } } })
const declared = (name: string): Named => ({ name, tenure: 'static', spec: { start: { kind: 'actor' } } })
const tree = (name: string): Named => ({ name, tenure: 'passing', spec: { start: { kind: 'supervisor' } } })

test.each([
  ['one-for-one', ['fe', 'd', 'c', 'b', 'a']],
  ['rest-for-one', ['f', 'e', 'd', 'c', 'b', 'a']],
  ['one-for-all', ['f', 'e', 'd', 'c', 'b', 'a']],
] as const)('stopOrder() has what is spawned stop together, and all else right to left (%s)', (strategy, order) => {
  const newestFirst = [spawned('f'), spawned('e'), tree('d'), spawned('c'), declared('b'), declared('a')]

  expect(stopOrder(newestFirst, strategy).map(group => group.map(({ name }) => name).join(''))).toEqual(order)
})

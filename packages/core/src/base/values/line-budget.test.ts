import { describe, expect, test } from 'vitest'
import { LineBudget } from './line-budget.js'

describe('LineBudget', () => {
  test('writes so many lines of a kind in a span, and counts the others', () => {
    const budget = new LineBudget({ perKind: 2, perSpan: 100, spanMs: 1000 })

    const taken = [0, 1, 2, 999, 1000].map(now => budget.take('a', now))

    expect(taken).toEqual([0, 0, undefined, undefined, 2])
    expect(budget.take('b', 1000)).toBe(0)
    expect(budget.takeLeftOut()).toEqual([])
  })

  test('writes so many lines of all kinds, and says by kind what was left out', () => {
    const budget = new LineBudget({ perKind: 2, perSpan: 3, spanMs: 1000 })

    const taken = ['a', 'b', 'c', 'd', 'd'].map(kind => budget.take(kind, 0))

    expect(taken).toEqual([0, 0, 0, undefined, undefined])
    expect(budget.takeLeftOut()).toEqual([['d', 2]])
    expect(budget.takeLeftOut()).toEqual([])
  })

  test('keeps a bounded number of kinds, and forgets no count', () => {
    const budget = new LineBudget({ perKind: 1, perSpan: 10, spanMs: 1000 })

    for (let kind = 0; kind < 5000; kind++) budget.take(String(kind), 0)
    const left = budget.takeLeftOut()

    expect(left.length).toBeLessThanOrEqual(1001)
    expect(left.reduce((sum, [, count]) => sum + count, 0)).toBe(4990)
  })
})

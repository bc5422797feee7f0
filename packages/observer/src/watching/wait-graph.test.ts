import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { circlesIn } from './wait-graph.js'

const edge = fc.record({ from: fc.nat(8), to: fc.nat(8) })

/** Whether one is reached from another, by one edge at least. */
function reaches(edges: readonly { from: number; to: number }[], from: number, to: number): boolean {
  const seen = new Set<number>()
  const left = [from]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const each of edges) {
      if (each.from !== at || seen.has(each.to)) continue
      seen.add(each.to)
      left.push(each.to)
    }
  }
  return seen.has(to)
}

describe('circlesIn()', () => {
  test('names two that wait for each other, and not who waits for them', () => {
    const edges = [
      { from: 1, to: 2 },
      { from: 2, to: 3 },
      { from: 3, to: 2 },
      { from: 4, to: 1 },
    ]

    expect(circlesIn(edges)).toEqual([[2, 3]])
  })

  test('names one that waits for itself', () => {
    expect(circlesIn([{ from: 7, to: 7 }])).toEqual([[7]])
  })

  test('each circle is one, and there is one wherever somebody waits for himself in the end', () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 20 }), edges => {
        const circles = circlesIn(edges)

        for (const circle of circles) {
          for (const [at, from] of circle.entries()) {
            const to = circle[(at + 1) % circle.length]
            expect(edges.some(each => each.from === from && each.to === to)).toBe(true)
          }
          expect(new Set(circle).size).toBe(circle.length)
        }
        const hasOne = edges.some(({ from }) => reaches(edges, from, from))
        expect(circles.length > 0).toBe(hasOne)
      }),
    )
  })

  test('takes a chain of a hundred thousand', () => {
    const edges = Array.from({ length: 100_000 }, (_, at) => ({ from: at, to: at + 1 }))

    expect(circlesIn([...edges, { from: 100_000, to: 99_999 }])).toEqual([[99_999, 100_000]])
  })
})

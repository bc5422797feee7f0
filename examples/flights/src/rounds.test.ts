import { expect, test } from 'vitest'
import { runRounds } from './rounds.js'
import { emptyTotals } from './totals.js'

test('runRounds() runs both ways in turn, and tells of each round', async () => {
  const order: string[] = []
  const way = (name: string, elapsedMs: number) => async () => {
    order.push(name)
    return { totals: emptyTotals(), elapsedMs }
  }

  const rounds = await runRounds(2, { single: way('single', 4), actors: way('actors', 2) }, (_, index) =>
    order.push(`round ${index}`),
  )

  expect(order).toEqual(['single', 'actors', 'round 0', 'single', 'actors', 'round 1'])
  expect(rounds.map(({ single, actors }) => [single.elapsedMs, actors.elapsedMs])).toEqual([
    [4, 2],
    [4, 2],
  ])
})

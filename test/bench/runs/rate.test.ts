import { describe, expect, it } from 'vitest'
import { nextAmount, rateOf } from './rate.js'

describe('nextAmount()', () => {
  it('is what fits into a round', () => {
    expect(nextAmount(1000, 50, 100)).toBe(2000)
    expect(nextAmount(1000, 400, 100)).toBe(250)
  })

  it('grows eightfold at most, and is never nothing', () => {
    expect(nextAmount(1000, 0, 100)).toBe(8000)
    expect(nextAmount(1, 1000, 1)).toBe(1)
  })
})

describe('rateOf()', () => {
  it('gives the rate of a round that is long enough', async () => {
    const amounts: number[] = []
    let nowMs = 0
    const round = rateOf(
      async amount => {
        amounts.push(amount)
        nowMs += amount / 10
      },
      { roundMs: 10 },
      () => nowMs,
    )

    expect(await round()).toBeCloseTo(10_000)
    expect(amounts).toEqual([1, 8, 64])
    await round()
    expect(amounts).toEqual([1, 8, 64, 100])
  })
})

import { describe, expect, test } from 'vitest'
import { seededRandom, systemRandom, type Random } from './random.js'

describe.each<[string, Random]>([
  ['systemRandom', systemRandom],
  ['seededRandom', seededRandom(7)],
])('%s', (_name, random) => {
  test('next() gives numbers from 0 on and below 1, spread evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0)

    for (let draw = 0; draw < 100_000; draw++) {
      const tenth = Math.floor(random.next() * 10)
      tenths[tenth] = (tenths[tenth] as number) + 1
    }

    expect(tenths).toHaveLength(10)
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(1000)
  })
})

describe('seededRandom()', () => {
  test('gives the same numbers for the same seed, and others for another', () => {
    expect(draws(seededRandom(1))).toEqual(draws(seededRandom(1)))
    expect(draws(seededRandom(1))).not.toEqual(draws(seededRandom(2)))
  })
})

function draws(random: Random): number[] {
  return Array.from({ length: 5 }, () => random.next())
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, type Flight, toRows } from './arbitrary-rows.js'
import { countHalves, HALVES, meansOfHalves } from './halves.js'

describe('countHalves()', () => {
  test('puts each flight in about half of the halves, and about half of the flights in each half', () => {
    const { recorded } = count(Array.from({ length: 10_000 }, () => flight(1)))

    const sizes = [...recorded]
    const sum = sizes.reduce((total, size) => total + size, 0)
    // Six standard deviations of as many coins.
    expect(Math.abs(sum / (HALVES * 10_000) - 0.5)).toBeLessThan(3 / Math.sqrt(HALVES * 10_000))
    expect(Math.min(...sizes)).toBeGreaterThan(5_000 - 300)
    expect(Math.max(...sizes)).toBeLessThan(5_000 + 300)
  })

  test('makes halves that have nothing to do with each other', () => {
    const rows = toRows(Array.from({ length: 2_000 }, () => flight(1)))
    const memberships = Array.from(rows.delayOf, (_, row) => [...count([flight(1)], row).recorded])

    for (const [a, b] of [
      [0, 1],
      [0, 31],
      [0, 32],
      [7, 255],
    ] as const) {
      const same = memberships.filter(member => member[a] === member[b]).length
      expect(Math.abs(same - 1_000)).toBeLessThan(6 * Math.sqrt(500))
    }
  })

  test('puts a flight in the same halves whoever counts it with which others', () => {
    fc.assert(
      fc.property(arbitraryFlights(), fc.nat(3_000_000), fc.nat(), (flights, firstRow, cut) => {
        const end = cut % (flights.length + 1)
        const parts = [count(flights.slice(0, end), firstRow), count(flights.slice(end), firstRow + end)]

        const whole = count(flights, firstRow)
        for (const figure of ['recorded', 'delayMinutes'] as const) {
          expect(parts[0]![figure].map((value, cell) => value + parts[1]![figure][cell]!)).toEqual(whole[figure])
        }
      }),
    )
  })

  test('does not count a flight without a recorded delay', () => {
    expect(count([flight(undefined)]).recorded.some(Boolean)).toBe(false)
  })
})

describe('meansOfHalves()', () => {
  test('lie around the mean of all as their standard error says', () => {
    const delays = Array.from({ length: 10_000 }, (_, row) => (row * 7_919) % 101)
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    const deviation = Math.sqrt(delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / delays.length)

    const means = meansOfHalves(count(delays.map(flight)), 0)

    const spread = Math.sqrt(means.reduce((sum, other) => sum + (other - mean) ** 2, 0) / HALVES)
    const standardError = deviation / Math.sqrt(delays.length)
    expect(spread / standardError).toBeGreaterThan(0.75)
    expect(spread / standardError).toBeLessThan(1.25)
  })
})

/** Counts flights, whatever their airports are, as those of one airport. */
function count(flights: readonly Flight[], firstRow = 0) {
  const rows = toRows(flights, firstRow)
  return countHalves(
    rows,
    rows.airports.map(() => 0),
    1,
  )
}

function flight(delay: number | undefined): Flight {
  return { airport: 'JFK', hour: 9, delay }
}

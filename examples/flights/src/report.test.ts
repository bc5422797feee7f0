import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, toRows } from './arbitrary-rows.js'
import { emptyHalves, HALVES } from './halves.js'
import { MIN_AIRPORT_FLIGHTS, rankAirports, renderHours, renderWorstAirports } from './report.js'
import { type AirportTally, countFlights, emptyTotals, type Tally, type Totals } from './totals.js'

describe('rankAirports()', () => {
  test('puts the greatest mean delay first and leaves out small airports', () => {
    const totals = totalsOf(airport('ACY', 1, 98), airport('DEN', 100, 5), airport('JFK', 100, 12))

    expect(rankAirports(totals, 100).map(({ code }) => code)).toEqual(['JFK', 'DEN'])
  })

  test('leaves out an airport without a recorded delay', () => {
    const totals = totalsOf({ code: 'DEN', flights: 100, unrecorded: 100, delayMinutes: 0 })

    expect(rankAirports(totals, 1)).toEqual([])
  })
})

describe('renderWorstAirports()', () => {
  test('shows rank, code, flights, mean delay and name', () => {
    const totals = totalsOf(airport('DEN', 66_923, 11), airport('JFK', 31_270, 12))
    for (let half = 0; half < HALVES; half++) totals.halves.delayMinutes[half] = half % 2 === 0 ? 9 : 13

    const text = renderWorstAirports(totals, new Map([['JFK', 'John F Kennedy Intl, New York NY']]), 80)

    expect(text.split('\n')).toEqual([
      'The ten worst airports to leave from (of those with at least 5,000 flights)',
      '',
      '              flights  mean delay',
      ' 1  JFK     31,270   +12.0 min  ± 0.0  John F Kennedy Intl, New York NY',
      ' 2  DEN     66,923   +11.0 min  ± 4.0',
      '',
      '± is twice the spread over 256 halves of all flights, chosen by coin tosses.',
      'JFK is the worst in 50 % of these halves; the ten are the same in 100 %.',
    ])
  })

  test('shows no more than ten', () => {
    const totals = totalsOf(...Array.from({ length: 12 }, (_, i) => airport(`A${i}`, MIN_AIRPORT_FLIGHTS, i)))

    expect(renderWorstAirports(totals, new Map(), 80).split('\n')).toHaveLength(3 + 10 + 3)
  })

  test('claims nothing about halves when there is no airport to rank', () => {
    expect(renderWorstAirports(emptyTotals(), new Map(), 80).split('\n')).toHaveLength(3)
  })
})

describe('renderHours()', () => {
  test('draws late hours to the right of the axis and early ones to the left, at one scale', () => {
    const text = renderHours(withHours({ 5: -10, 12: 20, 18: 0 }), 72)

    expect(lineOf(text, '05:00')).toMatch(/^05:00 +1,000 +-10\.0 min +- +█{10}│$/)
    expect(lineOf(text, '12:00')).toMatch(/│█{20}$/)
    expect(lineOf(text, '18:00')).toMatch(/0\.0 min +- +│$/)
  })

  test('shows beside the mean how late the latest tenth is', () => {
    const flights = Array.from({ length: 10 }, (_, i) => ({ airport: 'JFK', hour: 12, delay: 10 * i }))

    const text = renderHours(countFlights(toRows(flights)), 80)

    expect(lineOf(text, '12:00')).toMatch(/^12:00 +10 +\+45\.0 min +\+80 min +│$/)
    expect(lineOf(text, '13:00')).toMatch(/ - +- +│$/)
  })

  test('draws no bar for an hour with few flights, and says so', () => {
    const totals = withHours({ 12: 20 })
    const hours = totals.hours.with(3, { flights: 999, unrecorded: 0, delayMinutes: 99_900 })

    const text = renderHours({ ...totals, hours }, 80)

    expect(lineOf(text, '03:00')).toMatch(/999 +\+100\.0 min +- +│$/)
    expect(text).toContain('fewer than 1,000 flights have no bar')
  })
})

test('renderWorstAirports() and renderHours() fit into the columns, whatever the flights', () => {
  fc.assert(
    fc.property(arbitraryFlights(), fc.integer({ min: 10, max: 200 }), (flights, columns) => {
      const totals = countFlights(toRows(flights))
      const text = `${renderWorstAirports(totals, new Map(), columns)}\n${renderHours(totals, columns)}`

      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    }),
  )
})

function airport(code: string, flights: number, mean: number): AirportTally {
  return { code, flights, unrecorded: 0, delayMinutes: flights * mean }
}

/** Totals of airports whose halves all have the mean of the whole. */
function totalsOf(...airports: AirportTally[]): Totals {
  const halves = emptyHalves(airports.length)
  halves.recorded.fill(1)
  for (const [place, { delayMinutes, flights }] of airports.entries()) {
    halves.delayMinutes.fill(delayMinutes / flights, place * HALVES, (place + 1) * HALVES)
  }
  return { ...emptyTotals(), airports, halves }
}

/** Totals in which 1,000 flights leave in each of the hours that have a mean delay here. */
function withHours(means: Readonly<Record<number, number>>): Totals {
  const hours = Array.from({ length: 24 }, (_, hour): Tally => {
    const flights = hour in means ? 1_000 : 0
    return { flights, unrecorded: 0, delayMinutes: flights * (means[hour] ?? 0) }
  })
  return { ...emptyTotals(), hours }
}

function lineOf(text: string, hour: string): string | undefined {
  return text.split('\n').find(line => line.startsWith(hour))
}

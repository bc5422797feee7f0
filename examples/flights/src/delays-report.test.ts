import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryFlights, type Flight, toRows } from './arbitrary-rows.js'
import { MIN_ROUTE_FLIGHTS, rankRoutes, renderDistances, renderWorstRoutes } from './delays-report.js'
import { routeOf } from './route.js'
import { countFlights } from './totals.js'

describe('rankRoutes()', () => {
  test('puts the latest ninth decile first, of equal ones the later mean, and leaves out small routes', () => {
    const totals = countFlights(
      toRows([
        ...route('ATL', 'DEN', [90, 99]),
        ...route('DEN', 'ATL', [0, 0, 50]),
        ...route('JFK', 'DEN', [0, 60, 60]),
        ...route('SEA', 'DEN', [0, 30, 60]),
      ]),
    )

    expect(rankRoutes(totals, 3).map(({ group }) => routeOf(group).origin)).toEqual(['JFK', 'SEA', 'DEN'])
  })
})

describe('renderWorstRoutes()', () => {
  test('shows rank, route, flights, mean, median, ninth decile and towns', () => {
    const delays = Array.from({ length: MIN_ROUTE_FLIGHTS }, (_, i) => (i < 100 ? 80 : 10))
    const totals = countFlights(toRows(route('JFK', 'DEN', delays)))
    const names = new Map([
      ['JFK', 'John F Kennedy Intl, New York NY'],
      ['DEN', 'Denver Intl, Denver CO'],
    ])

    expect(renderWorstRoutes(totals, names, 80).split('\n').slice(2, 4)).toEqual([
      '               flights  mean delay   median   1 in 10',
      ' 1  JFK-DEN      1,000   +17.0 min  +10 min   +10 min  New York NY to Denver CO',
    ])
  })

  test('names an airport without a name by its code', () => {
    const totals = countFlights(
      toRows(
        route(
          'JFK',
          'DEN',
          Array.from({ length: MIN_ROUTE_FLIGHTS }, () => 0),
        ),
      ),
    )

    expect(renderWorstRoutes(totals, new Map(), 80)).toContain('  JFK to DEN\n')
  })
})

describe('renderDistances()', () => {
  test('has a line for each band in which there are flights', () => {
    const flights: Flight[] = [
      { airport: 'JFK', hour: 9, delay: -5, distance: 499 },
      { airport: 'JFK', hour: 9, delay: 7, distance: 500 },
      { airport: 'JFK', hour: 9, delay: 9, distance: 2_999 },
    ]

    expect(
      renderDistances(countFlights(toRows(flights)), 80)
        .split('\n')
        .slice(2),
    ).toEqual([
      'miles              flights  mean delay   median   1 in 10',
      '    0 to 499             1    -5.0 min   -5 min    -5 min',
      '  500 to 999             1    +7.0 min   +7 min    +7 min',
      '2,500 to 2,999           1    +9.0 min   +9 min    +9 min',
    ])
  })
})

test('renderWorstRoutes() and renderDistances() fit into the columns, whatever the flights', () => {
  fc.assert(
    fc.property(arbitraryFlights(), fc.integer({ min: 10, max: 200 }), (flights, columns) => {
      const totals = countFlights(toRows(flights))
      const text = `${renderWorstRoutes(totals, new Map(), columns)}\n${renderDistances(totals, columns)}`

      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    }),
  )
})

function route(airport: string, destination: string, delays: readonly number[]): Flight[] {
  return delays.map(delay => ({ airport, destination, hour: 9, delay }))
}

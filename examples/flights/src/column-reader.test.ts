import { describe, expect, test } from 'vitest'
import { ColumnReader } from './column-reader.js'
import { MISSING_DELAY } from './flight-rows.js'

describe('ColumnReader', () => {
  test('gathers columns from pages and notes each airport once', () => {
    const reader = new ColumnReader(100, 3)
    reader.add('origin', ['JFK', 'DEN'], 0)
    reader.add('origin', ['JFK'], 2)
    reader.add('destination', ['DEN', 'SEA', 'DEN'], 0)
    reader.add('distance', [1626, 1024, 65_535], 0)
    reader.add('date', [0, 12, 23], 0)
    reader.add('delay', [5, -5, 0], 0)

    expect(reader.finish()).toEqual({
      firstRow: 100,
      airports: ['JFK', 'DEN', 'SEA'],
      originOf: Uint16Array.of(0, 1, 0),
      destinationOf: Uint16Array.of(1, 2, 1),
      distanceOf: Uint16Array.of(1626, 1024, 65_535),
      hourOf: Uint8Array.of(0, 12, 23),
      delayOf: Int16Array.of(5, -5, 0),
    })
  })

  test.each([null, undefined])('keeps a delay of %s as missing', missing => {
    const reader = new ColumnReader(0, 1)
    reader.add('origin', ['JFK'], 0)
    reader.add('destination', ['DEN'], 0)
    reader.add('distance', [1626], 0)
    reader.add('date', [12], 0)
    reader.add('delay', [missing], 0)

    expect(reader.finish().delayOf).toEqual(Int16Array.of(MISSING_DELAY))
  })

  test.each([
    ['origin', null],
    ['origin', 'jfk'],
    ['destination', 'KJFK'],
    ['date', undefined],
    ['delay', 'late'],
    ['delay', 2 ** 15],
    ['delay', 0.5],
    ['distance', -1],
    ['distance', 100n],
    ['carrier', 'AA'],
  ])('refuses the %s %s', (column, cell) => {
    const reader = new ColumnReader(0, 1)

    expect(() => reader.add(column, [cell], 0)).toThrow(TypeError)
  })

  test('finish() throws when cells are missing', () => {
    const reader = new ColumnReader(0, 2)
    reader.add('origin', ['JFK', 'DEN'], 0)

    expect(() => reader.finish()).toThrow('2 cells instead of 10')
  })
})

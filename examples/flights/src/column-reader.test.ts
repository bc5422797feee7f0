import { describe, expect, test } from 'vitest'
import { ColumnReader } from './column-reader.js'
import { MISSING_DELAY } from './flight-rows.js'

describe('ColumnReader', () => {
  test('gathers columns from pages and notes each airport once', () => {
    const reader = new ColumnReader(3)
    reader.add('origin', ['JFK', 'DEN'], 0)
    reader.add('origin', ['JFK'], 2)
    reader.add('date', [0, 12, 23], 0)
    reader.add('delay', [5n, -5n, 0n], 0)

    expect(reader.finish()).toEqual({
      airports: ['JFK', 'DEN'],
      airportOf: Uint16Array.of(0, 1, 0),
      hourOf: Uint8Array.of(0, 12, 23),
      delayOf: Int32Array.of(5, -5, 0),
    })
  })

  test.each([null, undefined])('keeps a delay of %s as missing', missing => {
    const reader = new ColumnReader(1)
    reader.add('origin', ['JFK'], 0)
    reader.add('date', [12], 0)
    reader.add('delay', [missing], 0)

    expect(reader.finish().delayOf).toEqual(Int32Array.of(MISSING_DELAY))
  })

  test.each([
    ['origin', null],
    ['date', undefined],
    ['delay', 'late'],
    ['distance', 100n],
  ])('refuses the %s %s', (column, cell) => {
    const reader = new ColumnReader(1)

    expect(() => reader.add(column, [cell], 0)).toThrow(TypeError)
  })

  test('finish() throws when cells are missing', () => {
    const reader = new ColumnReader(2)
    reader.add('origin', ['JFK', 'DEN'], 0)

    expect(() => reader.finish()).toThrow('2 cells instead of 6')
  })
})

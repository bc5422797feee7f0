import { describe, expect, test } from 'vitest'
import { parseAirportNames, readAirportNames } from './airport-names.js'

describe('parseAirportNames()', () => {
  test('joins name, city and state under the code', () => {
    const names = parseAirportNames('iata,name,city,state,country\nDEN,Denver Intl,Denver,CO,USA\n')

    expect([...names]).toEqual([['DEN', 'Denver Intl, Denver CO']])
  })

  test('reads quoted fields, with commas and quotes inside', () => {
    const names = parseAirportNames('iata,name,city,state\nDBN,"W. H. ""Bud"" Barron, Sr.",Dublin,GA')

    expect(names.get('DBN')).toBe('W. H. "Bud" Barron, Sr., Dublin GA')
  })
})

describe('readAirportNames()', () => {
  test('knows the names of the large airports', async () => {
    const names = await readAirportNames()

    expect(names.get('JFK')).toBe('John F Kennedy Intl, New York NY')
  })
})

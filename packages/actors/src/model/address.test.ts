import { describe, expect, test } from 'vitest'
import { formatAddress } from './address.js'

describe('formatAddress()', () => {
  test('is the name when there is one, and otherwise the place', () => {
    expect(formatAddress({ host: 2, id: 17 }, 'orders')).toBe('/orders')
    expect([formatAddress({ host: 2, id: 17 }), formatAddress({ host: 2, id: 17 }, '')]).toEqual(['#17@2', '#17@2'])
  })
})

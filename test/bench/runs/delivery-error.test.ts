import { expect, it } from 'vitest'
import { DeliveryError, expectDelivery } from './delivery-error.js'

it('expectDelivery() wants each number once', () => {
  expect(() => expectDelivery(4, { count: 4, sum: 6 })).not.toThrow()
})

it.each([
  ['one is lost', { count: 3, sum: 6 }],
  ['one came twice instead of another', { count: 4, sum: 7 }],
])('expectDelivery() throws when %s', (_case, received) => {
  expect(() => expectDelivery(4, received)).toThrow(DeliveryError)
})

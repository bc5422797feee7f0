import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberOfAirport, numberOfRoute, routeOf } from './route.js'

test('routeOf() finds the codes behind each number, and numbers sort as codes do', () => {
  const code = fc.nat(36 ** 3 - 1).map(number => number.toString(36).toUpperCase().padStart(3, '0'))
  const route = fc.record({ origin: code, destination: code })
  fc.assert(
    fc.property(route, route, (a, b) => {
      const [numberA, numberB] = [a, b].map(({ origin, destination }) =>
        numberOfRoute(numberOfAirport(origin), numberOfAirport(destination)),
      )

      expect(routeOf(numberA!)).toEqual(a)
      expect(Math.sign(numberA! - numberB!)).toBe(Math.sign(compare(textOf(a), textOf(b))))
    }),
  )
})

function textOf({ origin, destination }: { origin: string; destination: string }): string {
  return origin + destination
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

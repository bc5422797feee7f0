/** From one airport to another, in that direction. */
export interface Route {
  readonly origin: string
  readonly destination: string
}

/** The number of an airport, from its code of three letters or digits. Numbers sort as their codes do. */
export function numberOfAirport(code: string): number {
  return Number.parseInt(code, CHARACTERS)
}

/** The number of a route, from those of its airports. */
export function numberOfRoute(origin: number, destination: number): number {
  return origin * CODES + destination
}

/** The route that has the number. */
export function routeOf(number: number): Route {
  return { origin: codeOf(Math.floor(number / CODES)), destination: codeOf(number % CODES) }
}

const CHARACTERS = 36
const CODES = CHARACTERS ** 3

function codeOf(airport: number): string {
  return airport.toString(CHARACTERS).toUpperCase().padStart(3, '0')
}

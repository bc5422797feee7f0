import { readFile } from 'node:fs/promises'

/** What people call an airport: its name, city and state by its code, as in "John F Kennedy Intl, New York NY". */
export type AirportNames = ReadonlyMap<string, string>

/** Reads the names from the list of airports in the npm package vega-datasets. */
export async function readAirportNames(): Promise<AirportNames> {
  return parseAirportNames(
    await readFile(new URL('../data/airports.csv', import.meta.resolve('vega-datasets')), 'utf8'),
  )
}

/** Parses lines of `iata,name,city,state,…`, of which the first is a heading. A quoted field must end on its line. */
export function parseAirportNames(csv: string): AirportNames {
  const names = new Map<string, string>()
  for (const line of csv.split(/\r?\n/).slice(1)) {
    const [code, name, city, state] = splitFields(line)
    if (code && name) names.set(code, `${name}, ${city} ${state}`)
  }
  return names
}

function splitFields(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  )
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The zip codes of the two cities whose weather is on record. */
export const SEATTLE = '98101'
export const NEW_YORK = '10001'

/**
 * Four years of real weather, 2012 to 2015, a text for each day, in order: zip code, highest temperature in °F, rain in mm. The guide has the humidity as third number, which is not on
 * record; its clients look at the temperature alone.
 */
export function weatherOf(zipCode: typeof SEATTLE | typeof NEW_YORK): string[] {
  return zipCode === SEATTLE ? readDays('seattle-weather.csv', '').map(day => toUpdate(SEATTLE, day)) : readDays('weather.csv', 'New York,').map(day => toUpdate(NEW_YORK, day))
}

/** The cells of each line that starts so: date, rain, highest temperature in °C, … */
function readDays(file: string, start: string): string[][] {
  const [, ...lines] = readFileSync(join(fileURLToPath(new URL('../data', import.meta.resolve('vega-datasets'))), file), 'utf8').trim().split('\n')
  return lines.filter(line => line.startsWith(start)).map(line => line.slice(start.length).split(','))
}

function toUpdate(zipCode: string, [, rain, celsius]: string[]): string {
  return `${zipCode} ${Math.round(Number(celsius) * 1.8 + 32)} ${Math.round(Number(rain))}`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The zip codes of the two cities whose weather is on record. */
export const SEATTLE = '98101'
export const NEW_YORK = '10001'

type ZipCode = typeof SEATTLE | typeof NEW_YORK

/**
 * Four years of real weather, 2012 to 2015, a text for each day, in order: zip code, highest temperature in °F, rain in
 * mm. The guide has the humidity as third number, which is not on record; its clients look at the temperature alone.
 */
export function weatherOf(zipCode: ZipCode): string[] {
  return zipCode === SEATTLE
    ? readDays('seattle-weather.csv', '').map(day => toUpdate(SEATTLE, day))
    : readDays('weather.csv', 'New York,').map(day => toUpdate(NEW_YORK, day))
}

/**
 * Whether updates are days of the record, one after the other; it starts anew after its last day.
 *
 * @param interruptions How often days may be missing, which a proxy can bring about. It has subscribed for as long as
 *   one of its clients has. When the last one leaves while the next one comes, that one gets what is on its way to the
 *   proxy, and then nothing until the server has heard of the new subscription.
 */
export function areDaysOf(zipCode: ZipCode, updates: readonly string[], interruptions = 0): boolean {
  const record = toText(weatherOf(zipCode))
  return areWithin(record + record, record.length, updates, interruptions)
}

/** Whether updates stand in a text as they are, or in pieces in this order, within a round of the record. */
function areWithin(days: string, roundChars: number, updates: readonly string[], interruptions: number): boolean {
  if (days.includes(toText(updates))) return true
  if (interruptions === 0) return false
  // The longest beginning that is there leaves the least to look for.
  for (let length = updates.length - 1; length > 0; length--) {
    const beginning = toText(updates.slice(0, length))
    const at = days.indexOf(beginning)
    if (at >= 0)
      return areWithin(
        days.slice(at + beginning.length, at + roundChars),
        roundChars,
        updates.slice(length),
        interruptions - 1,
      )
  }
  return false
}

function toText(updates: readonly string[]): string {
  return updates.map(update => `${update}\n`).join('')
}

/** The cells of each line that starts so: date, rain, highest temperature in °C, … */
function readDays(file: string, start: string): string[][] {
  const [, ...lines] = readFileSync(
    join(fileURLToPath(new URL('../data', import.meta.resolve('vega-datasets'))), file),
    'utf8',
  )
    .trim()
    .split('\n')
  return lines.filter(line => line.startsWith(start)).map(line => line.slice(start.length).split(','))
}

function toUpdate(zipCode: string, [, rain, celsius]: string[]): string {
  return `${zipCode} ${Math.round(Number(celsius) * 1.8 + 32)} ${Math.round(Number(rain))}`
}

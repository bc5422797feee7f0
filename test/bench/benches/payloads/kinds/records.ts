import { chanceOf, pick } from './chance.js'
import { WORDS } from './texts.js'

/** Something that has been ordered: records in lists in records. */
export interface Order {
  readonly id: number
  readonly customer: { readonly name: string; readonly city: string | null }
  readonly isPaid: boolean
  readonly parcels: readonly Parcel[]
}

interface Parcel {
  readonly carrier: string
  readonly lines: readonly Line[]
}

interface Line {
  readonly sku: string
  readonly title: string
  readonly quantity: number
  readonly price: number
  readonly isGift: boolean
}

const LINES_IN_A_PARCEL = 20

/** An order that has at least so many bytes as JSON, and at most a line more. */
export function orderOf(sizeBytes: number, seed: number): Order {
  const chance = chanceOf(seed)
  const parcels: { carrier: string; lines: Line[] }[] = []
  const order = {
    id: 100_000 + seed,
    customer: { name: `${pick(chance, WORDS.ASCII)} & sons`, city: seed % 2 === 0 ? 'Harwich' : null },
    isPaid: true,
    parcels,
  }
  for (let size = JSON.stringify(order).length; size < sizeBytes;) {
    let parcel = parcels.at(-1)
    if (parcel === undefined || parcel.lines.length === LINES_IN_A_PARCEL) {
      parcel = { carrier: pick(chance, WORDS.ASCII), lines: [] }
      size += sizeAt(parcels.length, parcel)
      parcels.push(parcel)
    }
    const line = {
      sku: `sku-${Math.floor(chance() * 90_000 + 10_000)}`,
      title: `${pick(chance, WORDS.ASCII)} ${pick(chance, WORDS.ASCII)}`,
      quantity: Math.floor(chance() * 9) + 1,
      price: Math.round(chance() * 10_000) / 100,
      isGift: chance() < 0.2,
    }
    size += sizeAt(parcel.lines.length, line)
    parcel.lines.push(line)
  }
  return order
}

/** Tells orders apart by their ids, and by the amount in their last line. */
export function markOrder({ id, parcels }: Order): number {
  return id + parcels.length + (parcels.at(-1)?.lines.at(-1)?.quantity ?? 0)
}

/** A row of a table. */
export interface Person {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly isActive: boolean
  readonly score: number
}

/** So many records of one shape. */
export function peopleOf(records: number, seed: number): Person[] {
  const chance = chanceOf(seed)
  return Array.from({ length: records }, (_, at) => {
    const name = pick(chance, WORDS.ASCII)
    return {
      id: seed + at,
      name,
      email: `${name}.${seed + at}@example.org`,
      isActive: chance() < 0.5,
      score: chance() * 100,
    }
  })
}

/** Something that has happened in a browser, of one of five shapes. */
export type Happening = { readonly id: number; readonly type: string } & Readonly<Record<string, unknown>>

/** So many records of mixed shapes. */
export function happeningsOf(records: number, seed: number): Happening[] {
  const chance = chanceOf(seed)
  const shapes: ((id: number) => Happening)[] = [
    id => ({ id, type: 'click', x: chance() * 1000, y: chance() * 1000 }),
    id => ({ id, type: 'key', code: pick(chance, WORDS.ASCII), isShift: chance() < 0.5 }),
    id => ({ type: 'page', id, url: `https://example.org/${pick(chance, WORDS.ASCII)}`, from: null }),
    id => ({
      id,
      type: 'error',
      message: pick(chance, WORDS.ASCII),
      at: { line: Math.floor(chance() * 1000), column: 7 },
    }),
    id => ({ id, type: 'timing', marks: [chance(), chance(), chance()] }),
  ]
  return Array.from({ length: records }, (_, at) => pick(chance, shapes)(seed + at))
}

/** What a value adds to a list of so many, whose values commas keep apart. */
function sizeAt(length: number, value: object): number {
  return JSON.stringify(value).length + (length > 0 ? 1 : 0)
}

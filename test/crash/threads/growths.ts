import type { GrowthName } from '../rows/endings.js'

/** A quarter of what V8 takes. */
const ENTRIES_A_MAP = 2 ** 22

/** How something grows by one entry. Fractions, and texts, are what V8 keeps in full. */
export const GROWTHS: Readonly<Record<GrowthName | 'maps-grow', () => (number: number) => void>> = {
  'map-grows': () => {
    const map = new Map<number, number>()
    return number => void map.set(number, number)
  },
  /** One after the other, so that none reaches the size at which V8 throws: a large heap may be less than full by then. */
  'maps-grow': () => {
    const maps = [new Map<number, number>()]
    return number => {
      if (maps.at(-1)?.size === ENTRIES_A_MAP) maps.push(new Map())
      maps.at(-1)?.set(number, number)
    }
  },
  'set-grows': () => {
    const set = new Set<number>()
    return number => void set.add(number + 0.5)
  },
  'array-grows': () => {
    const array: number[] = []
    return number => void array.push(number + 0.5)
  },
  'object-grows': () => {
    const object: Record<string, number> = {}
    return number => void (object[`key ${number}`] = number)
  },
}

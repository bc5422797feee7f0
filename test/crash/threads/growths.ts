import type { GrowthName } from '../rows/endings.js'

/** How something grows by one entry. Fractions, and texts, are what V8 keeps in full. */
export const GROWTHS: Readonly<Record<GrowthName, () => (number: number) => void>> = {
  'map-grows': () => {
    const map = new Map<number, number>()
    return number => void map.set(number, number)
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

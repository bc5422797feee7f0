/** A step from a value to one inside it: a property, an index, or the position of an entry in a Map or Set. */
export type PathKey = string | number

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** Writes a path as a program would, as in `[0].orders[3]["due date"]`. */
export function formatPath(keys: readonly PathKey[]): string {
  return keys.map(formatKey).join('')
}

function formatKey(key: PathKey): string {
  if (typeof key === 'number') return `[${key}]`
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

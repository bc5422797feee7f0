/** A wrong value as an error shows it: texts in quotes, and of objects and functions only what they are. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return value === null || (typeof value !== 'object' && typeof value !== 'function') ? String(value) : typeof value
}

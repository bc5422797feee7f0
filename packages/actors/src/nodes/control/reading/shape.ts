/**
 * Returns what a peer has sent as the required type, with copies of records and lists.
 *
 * @throws {UnreadableError} When it is
 * something else, with where it is and why.
 */
export type Shape<T> = (said: unknown, place: string) => T

/** What a peer has sent, or why it cannot be read. */
export type Reading<T> = { readonly value: T } | { readonly reason: string }

/** What a peer has sent is not of the required shape. Its text says why. */
class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
}

/** Reads all of what a peer has sent, before any of it is used. It never throws. */
export function read<T>(shape: Shape<T>, said: unknown, place: string): Reading<T> {
  try {
    return { value: shape(said, place) }
  } catch (error) {
    if (error instanceof UnreadableError) return { reason: error.message }
    throw error
  }
}

/** @throws {UnreadableError} Always. */
export function refuse(place: string, what: string): never {
  throw new UnreadableError(`${place} is ${what}`)
}

/** Texts of so many characters at most. */
export function text(maxChars: number, pattern?: RegExp): Shape<string> {
  return (said, place) => {
    if (typeof said !== 'string') return refuse(place, 'no text')
    if (said.length > maxChars) return refuse(place, `a text of ${said.length} characters (limit ${maxChars})`)
    return pattern === undefined || pattern.test(said) ? said : refuse(place, 'not what is written there')
  }
}

/** Numbers between two bounds, with them. NaN is none. */
export function number(least: number, most: number): Shape<number> {
  return (said, place) => {
    if (typeof said !== 'number') return refuse(place, 'no number')
    return said >= least && said <= most ? said : refuse(place, `${said} (limits ${least} and ${most})`)
  }
}

/** Whole numbers between two bounds, with them. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  const bounded = number(least, most)
  return (said, place) => (Number.isInteger(bounded(said, place)) ? (said as number) : refuse(place, 'no whole number'))
}

/** How many there are of something. */
export const count = whole(0)

export const flag: Shape<boolean> = (said, place) =>
  typeof said === 'boolean' ? said : refuse(place, 'neither true nor false')

/** One of some words, or other constants. */
export function oneOf<const T extends string | boolean>(...all: readonly T[]): Shape<T> {
  return (said, place) => (all.includes(said as T) ? (said as T) : refuse(place, `none of ${all.join(', ')}`))
}

/** What may be left out. */
export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (said, place) => (said === undefined ? undefined : shape(said, place))
}

/** Lists of so many elements at most. */
export function list<T>(shape: Shape<T>, maxLength: number): Shape<readonly T[]> {
  return (said, place) => {
    if (!Array.isArray(said)) return refuse(place, 'no list')
    if (said.length > maxLength) return refuse(place, `a list of ${said.length} (limit ${maxLength})`)
    // Also where it has holes.
    return Array.from(said as readonly unknown[], (element, at) => shape(element, `${place}[${at}]`))
  }
}

export function pair<A, B>(first: Shape<A>, second: Shape<B>): Shape<readonly [A, B]> {
  return (said, place) => {
    if (!Array.isArray(said) || said.length !== 2) return refuse(place, 'no pair')
    return [first(said[0], `${place}[0]`), second(said[1], `${place}[1]`)]
  }
}

/** Records that have these fields and no others. */
export function record<T extends object>(fields: { readonly [K in keyof Required<T>]: Shape<T[K]> }): Shape<T> {
  const shapes = Object.entries(fields) as readonly (readonly [string, Shape<unknown>])[]
  return (said, place) => {
    if (!isRecord(said)) return refuse(place, 'no record')
    for (const key of Object.keys(said))
      if (!Object.hasOwn(fields, key)) refuse(place, `a record with a field ${JSON.stringify(key.slice(0, 40))}`)
    const value: Record<string, unknown> = {}
    for (const [key, shape] of shapes) {
      const field = shape(Object.hasOwn(said, key) ? said[key] : undefined, `${place}.${key}`)
      if (field !== undefined) value[key] = field
    }
    return value as T
  }
}

/** Records of several kinds, which a field of theirs names. */
export function byName<N extends string, T extends { readonly [K in N]: string }>(
  field: N,
  shapes: { readonly [K in T[N]]: Shape<Extract<T, { readonly [F in N]: K }>> },
): Shape<T> {
  return (said, place) => {
    if (!isRecord(said)) return refuse(place, 'no record')
    const name = Object.hasOwn(said, field) ? said[field] : undefined
    if (typeof name !== 'string' || !Object.hasOwn(shapes, name)) return refuse(`${place}.${field}`, 'unknown')
    const shape = (shapes as Record<string, Shape<T>>)[name] as Shape<T>
    return shape(said, place)
  }
}

/** Exactly so many bytes. */
export function bytes(length: number): Shape<Uint8Array> {
  return (said, place) =>
    said instanceof Uint8Array && said.byteLength === length ? said : refuse(place, `not ${length} bytes`)
}

export function isRecord(said: unknown): said is Record<string, unknown> {
  return typeof said === 'object' && said !== null && Object.getPrototypeOf(said) === Object.prototype
}

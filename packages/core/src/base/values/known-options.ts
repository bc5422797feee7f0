import { didYouMean } from './did-you-mean.js'
import { isSignal } from './expect-signal.js'

/** The names of the options that something has. Made by `optionNames`. */
export type OptionNames = ReadonlySet<string>

/** Lists the names of the options of a type; the compiler refuses a list that lacks one, or has one that is none. */
export function optionNames<T>(names: { readonly [K in keyof Required<T>]: true }): OptionNames {
  return new Set(Object.keys(names))
}

/**
 * Checks that options have no names but the known ones. It looks at their names alone, and costs a few nanoseconds for
 * each. An unknown one that is undefined is left alone.
 *
 * @param action What is not done otherwise, as `start a system`; a function when it is put into words only on failure.
 * @throws {TypeError} When they are no object, or one has an unknown name.
 */
export function expectOptions(action: string | (() => string), options: unknown, known: OptionNames): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(
      `Cannot ${textOf(action)}: the options must be an object, not ${describe(options)}; pass { ${[...known].join(', ')} }`,
    )
  for (const name in options)
    if (!known.has(name) && (options as Record<string, unknown>)[name] !== undefined)
      throw new TypeError(`Cannot ${textOf(action)}: ${problemOf(name, options, known)}`)
}

function problemOf(unknown: string, options: object, known: OptionNames): string {
  if (isSignal(options) && known.has('signal')) return 'an AbortSignal is no options; pass { signal }'
  return `there is no option ${unknown}; the options are ${[...known].join(', ')}${didYouMean(unknown, known)}`
}

function textOf(action: string | (() => string)): string {
  return typeof action === 'string' ? action : action()
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value === null ? 'null' : typeof value
}

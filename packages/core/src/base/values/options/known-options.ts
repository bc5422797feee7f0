import { didYouMean } from '../did-you-mean.js'
import { isSignal } from '../expect-signal.js'
import type { OptionKind } from './option-kinds.js'
import { shown } from './shown.js'

/** The options that something has, with the kinds of their values. Made by `optionNames`. */
export type OptionNames = ReadonlyMap<string, OptionKind | true>

/**
 * Lists the options of a type, each with what its value has to be, or true when something else checks that. The
 * compiler refuses a list that lacks one, or has one that is none.
 */
export function optionNames<T>(kinds: { readonly [K in keyof Required<T>]: OptionKind | true }): OptionNames {
  return new Map(Object.entries<OptionKind | true>(kinds))
}

/**
 * Checks that options have no names but the known ones, and values of their kinds. It costs a few nanoseconds for each.
 * One that is undefined is left alone, also when it is unknown.
 *
 * @param action What is not done otherwise, as `start a system`; a function when it is put into words only on failure.
 * @throws {TypeError} When they are no object, one has an unknown name, or a value is of another kind.
 * @throws {RangeError} When a value is no number from 0 on, or none of its words.
 */
export function expectOptions(action: string | (() => string), options: unknown, known: OptionNames): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(
      `Cannot ${textOf(action)}: the options must be an object, not ${shown(options)}; pass { ${namesOf(known)} }`,
    )
  for (const name in options) {
    const kind = known.get(name)
    if (kind === true) continue
    const value: unknown = (options as Record<string, unknown>)[name]
    if (value === undefined) continue
    if (kind === undefined) throw new TypeError(`Cannot ${textOf(action)}: ${problemOf(name, options, known)}`)
    if (!kind.has(value))
      throw new kind.Failure(
        `Cannot ${textOf(action)}: ${name} must be ${kind.must}, not ${shown(value)}${kind.hint?.(value) ?? ''}`,
      )
  }
}

function problemOf(unknown: string, options: object, known: OptionNames): string {
  if (isSignal(options) && known.has('signal')) return 'an AbortSignal is no options; pass { signal }'
  return `there is no option ${unknown}; the options are ${namesOf(known)}${didYouMean(unknown, known.keys())}`
}

function namesOf(known: OptionNames): string {
  return [...known.keys()].join(', ')
}

function textOf(action: string | (() => string)): string {
  return typeof action === 'string' ? action : action()
}

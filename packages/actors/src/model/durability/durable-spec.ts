import { expectNumber, expectOptions, FUNCTION, optionNames } from '@zera/core/internal'

/** How the state of a durable actor is kept. */
export interface DurableOptions {
  /** The version of the form of its state, a whole number. Raise it when code can no longer read what is kept. Default 1. */
  readonly version?: number | undefined
  /**
   * Makes a state of an earlier version one of this version: what its fields were, or what `onSave` returned. It runs
   * at the start of an actor, which fails with what it throws; what is kept stays as it is then.
   */
  readonly migrate?: ((state: never, fromVersion: number) => unknown) | undefined
}

/** The same, checked. */
export interface DurableSpec {
  readonly version: number
  readonly migrate: DurableOptions['migrate']
}

const OPTIONS = optionNames<DurableOptions>({ version: true, migrate: FUNCTION })

/**
 * @throws {RangeError} When the version is no whole number from 1.
 * @throws {TypeError} When there is no such option, or `migrate` is no function.
 */
export function durableSpec(durable: boolean | DurableOptions | undefined): DurableSpec | undefined {
  if (durable === undefined || durable === false) return undefined
  const options = durable === true ? {} : durable
  expectOptions('define an actor: durable', options, OPTIONS)
  const { version = 1, migrate } = options
  expectNumber('define an actor: durable', 'version', version, { from: 1, isWhole: true })
  return { version, migrate }
}

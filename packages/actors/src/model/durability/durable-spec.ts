import { expectNumber, expectOptions, FLAG, FUNCTION, optionNames } from '@zera/core/internal'

/** How the state of a durable actor is kept. */
export interface DurableOptions<A extends object = object> {
  /** Whether its state is kept. Default true, but false with `mailbox`. */
  readonly state?: boolean | undefined
  /**
   * Whether its mailbox is kept. What is told to it is in the store before it is sent on, so it survives its receiver's
   * thread and the process, and comes in its order; what a durable actor tells is part of that one's commit. Told
   * messages need to be plain data for that. With `state: true` each of them counts once; without it is handled again
   * when the process has ended before that was kept. One that has taken its thread along five times is a dead letter.
   * Asks and streams are not kept. Default false.
   */
  readonly mailbox?: boolean | undefined
  /** The version of the form of its state, a whole number. Raise it when code can no longer read what is kept. Default 1. */
  readonly version?: number | undefined
  /**
   * Makes a state of an earlier version one of this version: what its fields were, or what `onSave` returned. It runs
   * at the start of an actor, which fails with what it throws; what is kept stays as it is then.
   */
  readonly migrate?: ((state: never, fromVersion: number) => unknown) | undefined
  /**
   * Fields that are no state, private ones too: what `onStart` makes anew, such as refs, caches and connections. With
   * `onSave` it has no meaning. Default none.
   */
  readonly transient?: readonly ((keyof A & string) | `#${string}`)[] | undefined
}

/** The same, checked. */
export interface DurableSpec {
  readonly state: boolean
  readonly mailbox: boolean
  readonly version: number
  readonly migrate: DurableOptions['migrate']
  readonly transient: ReadonlySet<string>
}

const OPTIONS = optionNames<DurableOptions>({
  state: FLAG,
  mailbox: FLAG,
  version: true,
  migrate: FUNCTION,
  transient: true,
})

/**
 * @throws {RangeError} When the version is no whole number from 1.
 * @throws {TypeError} When there is no such option, `migrate` is no function, or `transient` no list of names.
 */
export function durableSpec<A extends object>(
  durable: boolean | DurableOptions<A> | undefined,
): DurableSpec | undefined {
  if (durable === undefined || durable === false) return undefined
  const options: DurableOptions<A> = durable === true ? {} : durable
  expectOptions('define an actor: durable', options, OPTIONS)
  const { mailbox = false, state = !mailbox, version = 1, migrate, transient = [] } = options
  if (!state && !mailbox)
    throw new TypeError('Cannot define an actor: durable: nothing of it is kept; pass { state: true }, or no durable')
  if (!state && [options.version, options.migrate, options.transient].some(option => option !== undefined))
    throw new TypeError(
      'Cannot define an actor: durable: version, migrate and transient are about its state, and that is not kept; pass { state: true } too',
    )
  expectNumber('define an actor: durable', 'version', version, { from: 1, isWhole: true })
  if (!Array.isArray(transient) || !transient.every(name => typeof name === 'string'))
    throw new TypeError("Cannot define an actor: durable: transient is no list of names; pass one, such as ['#cache']")
  return { state, mailbox, version, migrate, transient: new Set<string>(transient) }
}

import type { Props } from '../protocol.js'

/** Where an actor lives. */
export type Placement =
  /** On a thread that it shares with others, chosen by the system. */
  | 'shared'
  /** On a thread of its own, which ends with it. */
  | 'own-thread'
  /** On the main thread. */
  | 'main'

/** Whether an actor that has failed is started again. */
export type Restart =
  /** Always. */
  | 'permanent'
  /** When it failed. An actor that is stopped is not restarted; it differs from `permanent` under supervisors of one's own. */
  | 'transient'
  /** Never. */
  | 'temporary'

/** What a supervisor knows of a child: plain data. The words and the defaults are those of OTP. */
export interface ChildSpec {
  readonly placement: Placement
  readonly restart: Restart
  /** How often the actor may be restarted within `periodMs` before its supervisor gives it up. */
  readonly maxRestarts: number
  /** Milliseconds. Infinity counts all restarts there ever were. */
  readonly periodMs: number
  /** Milliseconds that the actor has to finish what it has when it is stopped. 0 stops at once, Infinity waits. */
  readonly shutdownMs: number
  /** Heap limit in MiB, for `own-thread` alone. Undefined: Node's own. */
  readonly maxHeapMb: number | undefined
}

/** The defaults of a child, all in one place: OTP's, but for the placement, which is Zera's. */
export const DEFAULT_CHILD_SPEC: ChildSpec = {
  placement: 'shared',
  restart: 'permanent',
  maxRestarts: 1,
  periodMs: 5000,
  shutdownMs: 5000,
  maxHeapMb: undefined,
}

/** How one actor is started. What is left out is as in `DEFAULT_CHILD_SPEC`. */
export interface SpawnOptions<A extends object> extends Partial<ChildSpec> {
  /** Unique in the system while the actor lives. Default: none. */
  readonly name?: string
  /** What its `onStart` is given, at each start, copied as messages are. It is kept for restarts: do not change it afterwards. */
  readonly props?: Props<A>
}

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} When a number is negative or none, or a word is unknown. @throws {TypeError} When a heap limit has no thread of its own to limit.
 */
export function childSpec(options: Partial<ChildSpec>): ChildSpec {
  const spec = { ...DEFAULT_CHILD_SPEC, ...withoutUndefined(options) }
  expectWord('placement', spec.placement, ['shared', 'own-thread', 'main'])
  expectWord('restart', spec.restart, ['permanent', 'transient', 'temporary'])
  for (const name of ['maxRestarts', 'periodMs', 'shutdownMs'] as const) {
    if (!(spec[name] >= 0)) throw new RangeError(`Cannot start an actor: ${name} must be 0 or more, not ${spec[name]}`)
  }
  if (spec.maxHeapMb !== undefined) {
    if (!(spec.maxHeapMb > 0)) throw new RangeError(`Cannot start an actor: maxHeapMb must be more than 0, not ${spec.maxHeapMb}`)
    if (spec.placement !== 'own-thread') throw new TypeError("Cannot start an actor: maxHeapMb limits a thread; use placement: 'own-thread'")
  }
  return spec
}

function expectWord(name: string, word: string, words: readonly string[]): void {
  if (!words.includes(word)) throw new RangeError(`Cannot start an actor: ${name} must be ${words.join(', ')}, not ${word}`)
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}

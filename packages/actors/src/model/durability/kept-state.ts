import { types } from 'node:util'
import {
  decodeValues,
  encodeValues,
  MalformedMessageError,
  NotCloneableError,
  offenderIn,
  parseJson,
  type CodecExtension,
} from '@zera/core/internal'
import { ActorContext } from '../actor-context.js'
import type { Lifecycle } from '../protocol.js'
import { MessageNotKeptError, NotDurableError, StateNotKeptError } from './durability-errors.js'
import type { DurableSpec } from './durable-spec.js'

/** An instance of a durable actor, which may say itself what its state is. */
export type Durable = object & Pick<Lifecycle, 'onSave' | 'onLoad'>

/**
 * The state of a durable actor as text, which any later version of Zera can read: what its `onSave` returns, or its own
 * fields, but for those that hold a function or its context.
 *
 * @param name Which actor, for errors.
 * @throws {StateNotKeptError} When something in it cannot be kept.
 * @throws What `onSave` throws.
 */
export function writeState(actor: Durable, name: string, { state: isKept, version, transient }: DurableSpec): string {
  if (!isKept) return ''
  const state = actor.onSave === undefined ? fieldsOf(actor, transient) : actor.onSave()
  const refuse = (what: string, path: string): Error => new StateNotKeptError(name, what, path.replace(/^\[0\]/, ''))
  return writeKept([state, version], refuse)
}

/**
 * The arguments of a message as text, which any later version of Zera can read.
 *
 * @param actor Which actor gets it, for errors.
 * @throws {MessageNotKeptError} When something in them cannot be kept.
 */
export function writeArgs(args: readonly unknown[], actor: { toString(): string }): string {
  return writeKept(args, (what, path) => new MessageNotKeptError(`a message to ${actor.toString()}`, what, path))
}

/**
 * An answer as text, for `readArgs`.
 *
 * @param message Which one, for errors.
 * @throws {MessageNotKeptError} When something in it cannot be kept.
 */
export function writeAnswer(answer: unknown, message: string): string {
  return writeKept([answer], (what, path) => new MessageNotKeptError(message, what, path.replace(/^\[0\]/, '')))
}

/** @param refuse Makes the error about something that cannot be kept, from what that is and where. */
function writeKept(values: readonly unknown[], refuse: (what: string, path: string) => Error): string {
  let instance: object | undefined
  const refuseInstances: CodecExtension = {
    encode(value) {
      if (!isInstance(value)) return undefined
      instance = value
      throw new TypeError('it cannot be kept')
    },
    decode: unreadable,
  }
  try {
    return encodeValues(values, refuseInstances)
  } catch (error) {
    if (instance !== undefined) throw refuse(`an instance of ${classOf(instance)}`, pathTo(instance, values) ?? '')
    if (!(error instanceof NotCloneableError)) throw error
    throw refuse(offenderIn(error), error.path)
  }
}

/**
 * Reads what `writeArgs` has written.
 *
 * @throws {MalformedMessageError} When it has not.
 */
export function readArgs(text: string): unknown[] {
  return decodeValues(parseJson(text), { encode: () => undefined, decode: unreadable })
}

/**
 * Gives an actor the state that `writeState` has written. Fields that it has had since keep what its constructor gives
 * them.
 *
 * @param name Which actor, for errors.
 * @throws {MalformedMessageError} When the text is none of its.
 * @throws {NotDurableError} When it is of another version, and nothing migrates it.
 * @throws What `migrate` or `onLoad` throws.
 */
export function readState(actor: Durable, text: string, name: string, spec: DurableSpec): void {
  const [kept, version] = readArgs(text)
  const state = version === spec.version ? kept : migrated(kept, version as number, name, spec)
  if (actor.onLoad !== undefined) return actor.onLoad(state as never)
  for (const [field, value] of Object.entries(state as object))
    Object.defineProperty(actor, field, { value, writable: true, enumerable: true, configurable: true })
}

function migrated(state: unknown, from: number, name: string, { version, migrate }: DurableSpec): unknown {
  const problem = `what is kept of it is of version ${from}, and its definition of version ${version}`
  if (from > version) throw new NotDurableError(name, `${problem}; run the newer code`)
  if (migrate === undefined) throw new NotDurableError(name, `${problem}; give the definition a migrate`)
  return migrate(state as never, from)
}

function fieldsOf(actor: object, transient: ReadonlySet<string>): object {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [name, value] of Object.entries(actor))
    if (typeof value !== 'function' && !(value instanceof ActorContext) && !transient.has(name)) fields[name] = value
  return { ...fields }
}

/** Whether it is of a class of the program: such an object would come back as a plain one. */
function isInstance(value: object): boolean {
  if (typeof value === 'function' || types.isProxy(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || Array.isArray(value) || types.isNativeError(value)) return false
  return (
    !types.isMap(value) &&
    !types.isSet(value) &&
    !types.isDate(value) &&
    !types.isRegExp(value) &&
    !types.isBoxedPrimitive(value) &&
    prototype !== Object.prototype
  )
}

function classOf(value: object): string {
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } }
  return typeof constructor?.name === 'string' && constructor.name !== '' ? constructor.name : 'a class without a name'
}

/** Where an object is within another; undefined when it is not. */
function pathTo(target: object, from: unknown, seen = new Set<unknown>()): string | undefined {
  if (from === target) return ''
  if (typeof from !== 'object' || from === null || seen.has(from)) return undefined
  seen.add(from)
  const entries: (readonly [string, unknown])[] =
    types.isMap(from) || types.isSet(from)
      ? [...from.values()].map((value: unknown, at) => [`.values()[${at}]`, value] as const)
      : Object.entries(from).map(([key, value]) => [Array.isArray(from) ? `[${key}]` : `.${key}`, value] as const)
  for (const [step, value] of entries) {
    const rest = pathTo(target, value, seen)
    if (rest !== undefined) return step + rest
  }
  return undefined
}

function unreadable(): never {
  throw new MalformedMessageError('a state holds what no state can')
}

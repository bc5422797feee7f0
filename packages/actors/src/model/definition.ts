import {
  describeCopies,
  describeThrown,
  expectDescriptors,
  exportsOf,
  joinCopies,
  MODULE_DESCRIPTORS,
  toError,
  type Copy,
} from '@zera/core/internal'
import type { InjectionToken } from 'tsyringe'
import type { ActorContext } from './actor-context.js'
import type { ActorDefinition } from './actor-definition.js'
import { cancelSpec, type CancelSpec } from './cancel-ladder.js'
import { DefinitionError } from './errors.js'
import { mailboxSpec, type MailboxSpec } from './mailbox-spec.js'
import { importModule } from './modules/import-module.js'
import { moduleHere, systemUrl } from './modules/module-roots.js'
import type { MethodName } from './protocol.js'
import { childrenSpec } from './supervision/children-spec.js'
import type { SupervisorOptions } from './supervision/supervisor-spec.js'

/**
 * Gives what an actor's own container has under a token: a class, a text or a symbol. It is made when it is first asked
 * for, and disposed of with the actor.
 */
export type Inject = <T>(token: InjectionToken<T> | (abstract new (...dependencies: never[]) => T)) => T

/** A class that makes actors. */
export type ActorClass<A extends object> = new (...dependencies: never[]) => A

/**
 * A function that makes actors: objects whose methods are the messages. Its variables are the actor's state. It is
 * called in the actor's context, and anew for each restart; `inject` gives what the container has under a token.
 */
export type ActorFactory<A extends object> = (context: ActorContext, inject: Inject) => A

/** What makes the instances of an actor. */
export type Maker<A extends object = object> =
  | { readonly kind: 'class'; readonly actorClass: ActorClass<A> }
  | { readonly kind: 'factory'; readonly factory: ActorFactory<A> }

/** What a definition may say beyond its class. */
export interface DefinitionOptions<A extends object> {
  /** How its mailbox is. What is left out is as in `DEFAULT_MAILBOX`. */
  readonly mailbox?: Partial<Omit<MailboxSpec, 'urgent'>> & { readonly urgent?: readonly (MethodName<A> & string)[] }
  /**
   * Whether messages from other threads that the actor has not finished when its thread goes down are delivered to its
   * next incarnation, in the order of each sender and before what is sent later. An ask goes on waiting, within its
   * deadline. `context.redelivered` says how often the handler was begun before, so a handler with effects can look
   * what it has done already. Default false: they are dead letters, and asks reject with ActorDownError.
   */
  readonly redeliver?: boolean
  /**
   * How often a message is delivered again that was begun each time when its thread went down; then it is a dead letter
   * with the reason `poison`. Default 3; 0 and Infinity are fine.
   */
  readonly maxRedeliveries?: number
  /**
   * Has a handler whose asker gave up, by its deadline or its signal, come to its end: `{ graceMs, killMs }`, what is
   * left out as in `DEFAULT_CANCEL`. The ask rejects when that has happened, at most as much later, and says in its
   * error how far it went. A restart counts as one after a failure; a thread that is killed takes no message of its
   * other actors along that had not begun: they go to the next incarnation. An asker on the actor's own thread cannot
   * give up while that spins. Default: the handler is told by `context.signal`, and left alone.
   */
  readonly cancel?: Partial<CancelSpec>
  /**
   * How the actor supervises the children that it spawns: `{ strategy, maxRestarts, periodMs, backoff }`, what is left
   * out as in `DEFAULT_SUPERVISOR`. When more restarts are due than `maxRestarts` within `periodMs`, of all children
   * together, the actor fails.
   */
  readonly children?: Omit<SupervisorOptions, 'autoShutdown'>
}

const LIFECYCLE = new Set(['constructor', 'onStart', 'onStop', 'onRestart'])
const known = new Map<string, ActorDefinition<object>>()
const makers = new WeakMap<ActorDefinition<object>, Maker>()

const copy: Copy = { url: import.meta.url, hasMade: isDefinition }
const copies = joinCopies('@zera/actors', copy)

/** What modules export that were imported here. Who starts an actor of theirs again needs no descriptors for it. */
const imported = new Map<string, readonly unknown[]>()

/**
 * Makes a class, or a function that makes objects, an actor. Export what it returns, so that other threads find it when
 * they import the module.
 *
 * A plain class is made without arguments. One with a decorator, such as tsyringe's `@injectable()`, is made by the
 * actor's own container; a factory is given what it asks that for.
 *
 * @example
 *   ;```ts
 *   export class Counter {
 *     #count = 0
 *     add(by: number) {
 *       return (this.#count += by)
 *     }
 *   }
 *   export default defineActor(import.meta.url, Counter)
 *   ```
 *
 * @param url The module's own `import.meta.url`; in a CommonJS module `pathToFileURL(__filename).href`.
 * @param maker A class or a function with a name. Public methods are the messages; `onStart`, `onStop` and `onRestart`
 *   are its life.
 * @throws {TypeError} When it has no name, or the url is not one. A start fails when a method that shall be urgent does
 *   not exist.
 * @throws {RangeError} When an option is out of its range.
 */
export function defineActor<A extends object>(
  url: string,
  maker: ActorClass<A> | ActorFactory<A>,
  options: DefinitionOptions<A> = {},
): ActorDefinition<A> {
  if (!URL.canParse(url))
    throw new TypeError(
      `Cannot define an actor: "${url}" is not a URL; pass import.meta.url, or in a CommonJS module pathToFileURL(__filename).href`,
    )
  if (maker.name === '')
    throw new TypeError('Cannot define an actor: the class has no name; name it, so that other threads find it')
  const methods = isClass(maker) ? methodsOf(maker) : undefined
  const { redeliver = false, maxRedeliveries = DEFAULT_MAX_REDELIVERIES } = options
  if (!(maxRedeliveries >= 0))
    throw new RangeError(`Cannot define an actor: maxRedeliveries must be 0 or more, not ${maxRedeliveries}`)
  const definition: ActorDefinition<A> = {
    name: maker.name,
    url: systemUrl(url),
    methods,
    mailbox: mailboxSpec(options.mailbox ?? {}),
    cancel: options.cancel && cancelSpec(options.cancel),
    children: options.children && childrenSpec(options.children),
    // It travels in JSON, which knows no Infinity.
    maxRedeliveries: redeliver ? Math.min(maxRedeliveries, Number.MAX_SAFE_INTEGER) : undefined,
  }
  makers.set(definition, isClass(maker) ? { kind: 'class', actorClass: maker } : { kind: 'factory', factory: maker })
  known.set(keyOf(definition.url, definition.name), definition)
  return definition
}

/** What makes the instances of an actor that is defined in this thread. */
export function makerOf(definition: ActorDefinition<object>): Maker {
  return makers.get(definition) as Maker
}

/** Whether a value was made by `defineActor` in this thread. */
export function isDefinition(value: unknown): value is ActorDefinition<object> {
  if (typeof value !== 'object' || value === null) return false
  try {
    const { url, name } = value as ActorDefinition<object>
    return known.get(keyOf(url, name)) === value
  } catch {
    // A module may export anything beside its definitions, and not all of it can be read.
    return false
  }
}

/** A definition that this thread has imported. */
export function findDefinition(url: string, name: string): ActorDefinition<object> | undefined {
  return known.get(keyOf(url, name))
}

/**
 * Imports the module of a definition.
 *
 * @throws {DefinitionError} When the module cannot be imported, or exports no such definition.
 */
export async function importDefinition(url: string, name: string): Promise<ActorDefinition<object>> {
  let exports: readonly unknown[]
  try {
    const local = moduleHere(url)
    exports = imported.get(local) ?? (await importOnce(local))
  } catch (error) {
    throw new DefinitionError(name, url, `its module cannot be imported: ${describeThrown(error)}`, {
      cause: toError(error),
    })
  }
  const definition = exports.find(value => isDefinition(value) && value.name === name)
  if (definition === undefined) {
    const foreign = exports.map(foreignCopy).find(text => text !== undefined)
    throw new DefinitionError(
      name,
      url,
      foreign ?? 'its module does not export it; write `export default defineActor(import.meta.url, …)`',
    )
  }
  return definition as ActorDefinition<object>
}

async function importOnce(url: string): Promise<readonly unknown[]> {
  // One that could not be read would never be tried again.
  expectDescriptors(`import ${url}`, MODULE_DESCRIPTORS)
  const exports = exportsOf(await importModule(url))
  imported.set(url, exports)
  return exports
}

function keyOf(url: string, name: string): string {
  return `${url}#${name}`
}

/** @throws {TypeError} When a value is no definition. */
export function expectDefinition(value: unknown): asserts value is ActorDefinition<object> {
  if (!isDefinition(value))
    throw new TypeError(
      `Cannot start an actor: the first argument is no definition; ${foreignCopy(value) ?? 'pass what defineActor returned'}`,
    )
}

/** What to say of a value that another copy of this package has made. */
export function foreignCopy(value: unknown): string | undefined {
  const other = copies.find(each => each !== copy && each.hasMade?.(value))
  return other && `another copy of the package has made it: ${describeCopies('@zera/actors', copy, other)}`
}

/**
 * Whether a name is nobody's message: Zera calls it itself, every object has it, or it would make the actor look like a
 * promise.
 */
export function isReserved(method: string): boolean {
  return LIFECYCLE.has(method) || method === 'then' || method in Object.prototype
}

/** A class cannot change its prototype; what was a class before there were classes has methods there. */
function isClass<A extends object>(maker: ActorClass<A> | ActorFactory<A>): maker is ActorClass<A> {
  const prototype = Object.getOwnPropertyDescriptor(maker, 'prototype')
  return (
    prototype !== undefined &&
    (prototype.writable === false || Object.getOwnPropertyNames(prototype.value).some(name => name !== 'constructor'))
  )
}

function methodsOf(actorClass: ActorClass<object>): ReadonlySet<string> {
  const methods = new Set<string>()
  let prototype = actorClass.prototype as object
  while (prototype !== Object.prototype && prototype !== null) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof property.value === 'function' && !isReserved(name)) methods.add(name)
    }
    prototype = Object.getPrototypeOf(prototype) as object
  }
  return methods
}

/** The number of redeliveries unless a definition says otherwise. */
export const DEFAULT_MAX_REDELIVERIES = 3

/** What the definition of an actor says that concerns the main thread, which may not have it. */
export interface ActorTraits {
  readonly maxRedeliveries: number | undefined
  readonly cancel: CancelSpec | undefined
}

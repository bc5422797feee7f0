import {
  FLAG,
  expectDescriptors,
  expectModuleUrl,
  expectName,
  expectNumber,
  expectOptions,
  exportsOf,
  MODULE_DESCRIPTORS,
  optionNames,
  showAs,
  toError,
  type Optional,
} from '@zera/core/internal'
import type { InjectionToken } from 'tsyringe'
import type { ActorContext } from './actor-context.js'
import type { ActorDefinition } from './actor-definition.js'
import { cancelSpec, type CancelSpec } from './cancel-spec.js'
import { durableSpec, type DurableOptions } from './durability/durable-spec.js'
import { expectState } from './durability/private-fields.js'
import { DefinitionError } from './errors.js'
import { mailboxSpec, type MailboxSpec } from './mailbox-spec.js'
import { isClass } from './modules/classes.js'
import { expectConstructible } from './modules/constructors.js'
import { importModule } from './modules/import-module.js'
import { importProblem } from './modules/import-problem.js'
import { hasModuleRoots, moduleHere, systemUrl } from './modules/module-roots.js'
import { noDefinition } from './modules/no-definition.js'
import { foreignCopy, recognize } from './modules/own-copy.js'
import { notDefined, Registrations } from './modules/registrations.js'
import type { MethodName } from './protocol.js'
import { childrenSpec } from './supervision/children-spec.js'
import type { SupervisorOptions } from './supervision/supervisor-spec.js'

/**
 * Gets what an actor's own container holds under a token: a class, a string or a symbol. The container makes it on
 * first use and disposes of it with the actor.
 */
export type Inject = <T>(token: InjectionToken<T> | (abstract new (...dependencies: never[]) => T)) => T

/** A class that makes actors. */
export type ActorClass<A extends object> = new (...dependencies: never[]) => A

/**
 * A function that makes actors: objects whose methods are the messages. Its variables are the actor's state. It runs in
 * the actor's context, once per instance, so again for each restart. `inject` gets what the container holds under a
 * token.
 */
export type ActorFactory<A extends object> = (context: ActorContext, inject: Inject) => A

/** What makes the instances of an actor. */
export type Maker<A extends object = object> =
  | { readonly kind: 'class'; readonly actorClass: ActorClass<A> }
  | { readonly kind: 'factory'; readonly factory: ActorFactory<A> }

/** The options of a definition. */
export interface DefinitionOptions<A extends object> {
  /**
   * The name by which threads find the definition in its module. Default: that of the class or function, which
   * minifiers change. Two definitions of one module need two names.
   */
  readonly name?: string | undefined
  /** Its mailbox. Defaults are in `DEFAULT_MAILBOX`. */
  readonly mailbox?:
    | Optional<Omit<MailboxSpec, 'urgent'> & { readonly urgent: readonly (MethodName<A> & string)[] }>
    | undefined
  /**
   * Whether to redeliver messages from other threads that the actor has not finished when its thread goes down. They go
   * to its next incarnation, in the order of each sender and ahead of later messages. An ask keeps waiting, within its
   * deadline. `context.redelivered` says how often the handler was started before, so that a handler with effects can
   * check what it has done already. Default false: they become dead letters, and asks reject with ActorDownError.
   */
  readonly redeliver?: boolean | undefined
  /**
   * How often to redeliver a message whose thread went down each time while handling it. After that it becomes a dead
   * letter with the reason `poison`. Default 3; 0 and Infinity are allowed.
   */
  readonly maxRedeliveries?: number | undefined
  /**
   * Makes a handler end after its asker gave up, by its deadline or its signal: `{ graceMs, killMs }`, with defaults in
   * `DEFAULT_CANCEL`. The ask rejects once the handler has ended, at most that much later, and its error says how far
   * the cancellation went. A restart counts like one after a failure. When a thread is killed, messages of its other
   * actors that had not begun are not lost: they go to the next incarnation. An asker on the actor's own thread cannot
   * give up while that thread spins. Default: `context.signal` aborts, and the handler is left alone.
   */
  readonly cancel?: Optional<CancelSpec> | undefined
  /**
   * How the actor supervises the children that it spawns: `{ strategy, maxRestarts, periodMs, backoff }`, with defaults
   * in `DEFAULT_SUPERVISOR`. The actor fails when all its children together need more than `maxRestarts` restarts
   * within `periodMs`.
   */
  readonly children?: Omit<SupervisorOptions, 'autoShutdown'> | undefined
  /**
   * Whether the actor's state outlives its instance, its thread and the process, in the `store` of `startSystem`, under
   * the name of the definition and the actor's own, which it needs. Its state is its fields, but for those that hold
   * functions or its context; or what `onSave` returns, which `onLoad` gets. What it answers, tells, publishes and
   * yields leaves when the state after it is on disk; what it asks leaves at once. After a failure it goes on from its
   * last commit: messages since then are handled again, in their order, but for the one that failed. `{ mailbox: true
   * }` keeps what is told to it, until it has handled that. Default false; `true` stands for the defaults of
   * `DurableOptions`.
   */
  readonly durable?: boolean | DurableOptions<A> | undefined
}

const DEFINITION_OPTIONS = optionNames<DefinitionOptions<object>>({
  name: true,
  mailbox: true,
  redeliver: FLAG,
  maxRedeliveries: true,
  cancel: true,
  children: true,
  durable: true,
})

const LIFECYCLE = new Set(['constructor', 'onStart', 'onStop', 'onRestart', 'onSave', 'onLoad'])
const known = new Registrations<ActorDefinition<object>>('actor')
const makers = new WeakMap<ActorDefinition<object>, Maker>()

recognize(isDefinition)

/** The exports of the modules that were imported here. Starting one of their actors again needs no file descriptors. */
const imported = new Map<string, readonly unknown[]>()

/**
 * Defines an actor from a class, or from a function that makes objects. Call it while the module is evaluated: other
 * threads import the module, and find there what it defines under the name. It needs no export for that.
 *
 * A plain class is constructed without arguments. The actor's own container constructs a class with a decorator, such
 * as tsyringe's `@injectable()`. A factory gets from that container what it injects.
 *
 * @example
 *   export class Counter {
 *     #count = 0
 *     add(by: number) {
 *       return (this.#count += by)
 *     }
 *   }
 *   export default defineActor(import.meta.url, Counter)
 *
 * @param url The module's own `import.meta.url`; in a CommonJS module `__filename`.
 * @param maker A class or a function. Public methods are the messages; `onStart`, `onStop` and `onRestart` are its
 *   lifecycle.
 * @throws {TypeError} When it has no name and `options.name` gives none, the url is neither a URL nor an absolute path,
 *   the module defines another actor under the name, or it is durable and has `redeliver`. A start fails when an
 *   `urgent` method does not exist.
 * @throws {RangeError} When an option is out of its range.
 * @throws {DefinitionError} When the constructor of a class without a decorator has parameters: it gets no arguments.
 *   Or when a durable class has private fields, which no code outside of it can read, and no `onSave` and `onLoad`.
 */
export function defineActor<A extends object>(
  url: string,
  maker: ActorClass<A> | ActorFactory<A>,
  options: DefinitionOptions<A> = {},
): ActorDefinition<A> {
  const moduleUrl = expectModuleUrl(
    'define an actor',
    'its module',
    url,
    'import.meta.url, or __filename in a CommonJS module',
  )
  const { name = maker.name } = options
  if (name === '' && options.name === undefined)
    throw new TypeError(
      `Cannot define an actor: the ${isClass(maker) ? 'class' : 'function'} has no name; name it, or pass { name }, so that other threads find it`,
    )
  expectOptions('define an actor', options, DEFINITION_OPTIONS)
  expectName('define an actor', 'name', name)
  if (isClass(maker)) expectConstructible(maker, url)
  const durable = durableSpec(options.durable)
  if (durable !== undefined && isClass(maker)) expectState(maker, url, durable.transient)
  const methods = isClass(maker) ? methodsOf(maker) : undefined
  const { redeliver = false, maxRedeliveries = DEFAULT_MAX_REDELIVERIES } = options
  expectNumber('define an actor', 'maxRedeliveries', maxRedeliveries)
  if (redeliver && durable !== undefined)
    throw new TypeError(
      'Cannot define an actor: redeliver would let a durable actor handle again what it has kept already; pass { durable: { mailbox: true } }, whose messages survive its thread',
    )
  const definition: ActorDefinition<A> = {
    name,
    url: systemUrl(moduleUrl),
    methods,
    mailbox: mailboxSpec(options.mailbox ?? {}),
    cancel: options.cancel && cancelSpec(options.cancel),
    children: options.children && childrenSpec(options.children),
    // It travels as JSON, which has no Infinity.
    maxRedeliveries: redeliver ? Math.min(maxRedeliveries, Number.MAX_SAFE_INTEGER) : undefined,
    durable,
  }
  showAs(definition, shown => ({ title: `ActorDefinition(${shown.name} of ${shown.url})` }))
  const registered = known.add(definition.url, name, maker, definition) as ActorDefinition<A>
  makers.set(registered, isClass(maker) ? { kind: 'class', actorClass: maker } : { kind: 'factory', factory: maker })
  return registered
}

/** What makes the instances of an actor that is defined in this thread. */
export function makerOf(definition: ActorDefinition<object>): Maker {
  return makers.get(definition) as Maker
}

/** Whether a value was made by `defineActor` in this thread. */
export function isDefinition(value: unknown): value is ActorDefinition<object> {
  return typeof value === 'object' && value !== null && makers.has(value as ActorDefinition<object>)
}

/** Whether a module has defined an actor in this thread, so that it need not be imported. */
export function hasDefined(url: string): boolean {
  return known.namesIn(url).length > 0
}

/** A definition that this thread has imported. */
export function findDefinition(url: string, name: string): ActorDefinition<object> | undefined {
  return known.find(url, name)
}

/** Imports a module, so that its definitions are found at once. Rejects as an import does. */
export async function importDefinitions(url: string): Promise<void> {
  const local = moduleHere(url)
  if (!imported.has(local)) await importOnce(local)
}

/** A definition whose module was imported here, to its end; undefined when that has to be looked into. */
export function findImported(url: string, name: string): ActorDefinition<object> | undefined {
  return !hasModuleRoots() && imported.has(url) ? known.find(url, name) : undefined
}

/**
 * Imports the module of a definition. It may export the definition in any way, or not at all.
 *
 * @throws {DefinitionError} When the module cannot be imported, or defines no such actor.
 */
export async function importDefinition(url: string, name: string): Promise<ActorDefinition<object>> {
  let local: string
  let exports: readonly unknown[]
  try {
    local = moduleHere(url)
    exports = imported.get(local) ?? (await importOnce(local))
  } catch (error) {
    throw new DefinitionError(name, url, importProblem(url, error), { cause: toError(error) })
  }
  // A link may have led to the module, and the module then knows where it lies itself.
  const own = systemUrl(local)
  const definition = known.find(url, name) ?? known.find(own, name) ?? exports.find(value => isNamed(value, name))
  if (definition !== undefined) return definition as ActorDefinition<object>
  const foreign = exports.map(foreignCopy).find(text => text !== undefined)
  throw new DefinitionError(name, url, foreign ?? notDefined('defineActor', known.namesIn(own)))
}

function isNamed(value: unknown, name: string): boolean {
  return isDefinition(value) && value.name === name
}

async function importOnce(url: string): Promise<readonly unknown[]> {
  // One that could not be read would never be tried again.
  expectDescriptors(`import ${url}`, MODULE_DESCRIPTORS)
  const exports = exportsOf(await importModule(url))
  imported.set(url, exports)
  return exports
}

/**
 * @param action What is not done otherwise, as `start a pool`.
 * @throws {TypeError} When a value is not a definition; the text says what it is, and what to pass.
 */
export function expectDefinition(action: string, value: unknown): asserts value is ActorDefinition<object> {
  if (isDefinition(value)) return
  const foreign = foreignCopy(value)
  throw new TypeError(
    `Cannot ${action}: ${foreign === undefined ? noDefinition(value, isDefinition) : `it is no definition; ${foreign}`}`,
  )
}

/**
 * Whether a name can never be a message: Zera calls it itself, every object has it, or it would make the actor look
 * like a promise.
 */
export function isReserved(method: string): boolean {
  return LIFECYCLE.has(method) || method === 'then' || method in Object.prototype
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

/** The default number of redeliveries. */
const DEFAULT_MAX_REDELIVERIES = 3

/** The parts of an actor's definition that the main thread needs; it may not have imported the definition itself. */
export interface ActorTraits {
  readonly maxRedeliveries: number | undefined
  readonly cancel: CancelSpec | undefined
  /** Whether its mailbox is durable. */
  readonly keepsMail?: true | undefined
}

import {
  NUMBER,
  SIGNAL,
  TEXT,
  atCaller,
  expectOptions,
  optionNames,
  showAs,
  type OptionNames,
  type Verb,
} from '@zera/core/internal'
import { formatActor, type Address, POOL_HOST } from '../address.js'
import { recognize } from '../modules/own-copy.js'
import type { Asker, AskOptions, Streamer, StreamOptions, Tell, WaitOptions } from '../protocol.js'
import { methodTable } from './method-table.js'
import type { ActorRef, RefData } from './ref.js'
import type { SystemIdentity } from './system-identity.js'

/** What a ref needs from the host that uses it. */
export interface RefHost {
  /** The system that it belongs to. */
  readonly identity: SystemIdentity
  tell(ref: BoundRef<object>, method: string, args: unknown[]): boolean
  /** @param verb What the program calls, below which the stacks of errors begin. */
  ask(ref: BoundRef<object>, method: string, args: unknown[], options: AskOptions, verb: Verb): Promise<unknown>
  stream(
    ref: BoundRef<object>,
    method: string,
    args: unknown[],
    options: StreamOptions,
  ): AsyncGenerator<unknown, void, void>
  ready(ref: ActorRef<object>, options: WaitOptions): Promise<void>
  /** Sends for it when the target is not a single actor. */
  readonly pools?: RefHost | undefined
}

const NO_OPTIONS: Options = {}
const ASK_OPTIONS = optionNames<AskOptions>({ timeoutMs: NUMBER, signal: SIGNAL, id: TEXT })
const STREAM_OPTIONS = optionNames<StreamOptions>({ timeoutMs: NUMBER, signal: SIGNAL })
const OPTIONS = Symbol('options')
type Options = AskOptions & StreamOptions

/** A ref as one host uses it: messages to it leave from there. */
export class BoundRef<A extends object> implements ActorRef<A> {
  readonly #host: RefHost
  readonly #data: RefData
  #tell: Tell<A> | undefined
  #ask: Asker<A> | undefined
  #stream: Streamer<A> | undefined

  static {
    showAs(this.prototype, ref => ({ title: `ActorRef(${ref.toString()})` }))
  }

  /** Refs come from `spawn`, from `actorContext().self`, and in messages. */
  constructor(host: RefHost, data: RefData) {
    this.#host = data.host === POOL_HOST ? (host.pools ?? host) : host
    this.#data = data
  }

  get name(): string {
    return this.#data.name
  }

  get address(): Address {
    return this.#data
  }

  get id(): string {
    const { host, id } = this.#data
    return `${host === POOL_HOST ? 'pool' : 'actor'}-${id}`
  }

  equals(other: ActorRef<object>): boolean {
    return other instanceof BoundRef && other.belongsTo(this.#host) && other.id === this.id
  }

  /** The parts from which another thread makes the ref. */
  get data(): RefData {
    return this.#data
  }

  /** Whether it is a ref of the same system as a host. Another system has another actor, or none, at its address. */
  belongsTo(host: Pick<RefHost, 'identity'>): boolean {
    return this.#host.identity === host.identity
  }

  /** The system that it is a ref of. */
  get system(): SystemIdentity {
    return this.#host.identity
  }

  get tell(): Tell<A> {
    this.#tell ??= methodTable({}, method => this.#telling(method)) as Tell<A>
    return this.#tell
  }

  get ask(): Asker<A> {
    this.#ask ??= methodsWithOptions(
      'ask',
      ASK_OPTIONS,
      method => this.#asking(method),
      (method, args, options, verb) => this.#host.ask(this, method, args, options, verb),
    ) as Asker<A>
    return this.#ask
  }

  get stream(): Streamer<A> {
    this.#stream ??= methodsWithOptions(
      'stream',
      STREAM_OPTIONS,
      method =>
        (...args) =>
          this.#host.stream(this, method, args, NO_OPTIONS),
      (method, args, options) => this.#host.stream(this, method, args, options),
    ) as Streamer<A>
    return this.#stream
  }

  ready(options: WaitOptions = {}): Promise<void> {
    return this.#host.ready(this, options)
  }

  toString(): string {
    return formatActor(this.#data)
  }

  #telling(method: string): (...args: unknown[]) => boolean {
    const verb = (...args: unknown[]): boolean => {
      try {
        return this.#host.tell(this, method, args)
      } catch (error) {
        throw atCaller(error, verb)
      }
    }
    return verb
  }

  #asking(method: string): (...args: unknown[]) => Promise<unknown> {
    const verb = (...args: unknown[]): Promise<unknown> => this.#host.ask(this, method, args, NO_OPTIONS, verb)
    return verb
  }
}

/**
 * Makes a table of methods that also takes options: `ask.add(1)` and `ask(options).add(1)`.
 *
 * An object with options has nothing else, and shares all methods of the first one: a table for each would cost more
 * than the call.
 */
function methodsWithOptions(
  verb: string,
  known: OptionNames,
  plain: (method: string) => (...args: unknown[]) => unknown,
  call: (method: string, args: unknown[], options: Options, verb: Verb) => unknown,
): object {
  const table = methodTable({}, method => {
    return function called(this: { readonly [OPTIONS]?: Options } | undefined, ...args: unknown[]) {
      const options = this?.[OPTIONS]
      if (options === undefined)
        throw new TypeError(
          `Cannot ${verb} ${method}(): it was taken from what ${verb}(options) returned, and has lost the options; call it there`,
        )
      return call(method, args, options, called)
    }
  })
  const withOptions = (options: Options = NO_OPTIONS): object => {
    if (typeof options === 'string')
      throw new TypeError(`Cannot ${verb} "${String(options)}": call it as a method, ${verb}.${String(options)}(…)`)
    expectOptions(verb, options, known)
    return Object.create(table, { [OPTIONS]: { value: options } }) as object
  }
  return methodTable(withOptions, plain)
}

recognize(value => value instanceof BoundRef)

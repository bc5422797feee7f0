import { formatAddress, type Address, POOL_HOST } from '../address.js'
import type { Asker, AskOptions, Streamer, StreamOptions, Tell, WaitOptions } from '../protocol.js'
import { methodTable } from './method-table.js'
import type { ActorRef, RefData } from './ref.js'

/** What a ref needs of the host that it is used on. */
export interface RefHost {
  tell(ref: BoundRef<object>, method: string, args: unknown[]): boolean
  ask(ref: BoundRef<object>, method: string, args: unknown[], options: AskOptions): Promise<unknown>
  stream(
    ref: BoundRef<object>,
    method: string,
    args: unknown[],
    options: StreamOptions,
  ): AsyncGenerator<unknown, void, void>
  ready(ref: ActorRef<object>, options: WaitOptions): Promise<void>
  /** The names of the methods of an actor's class, when its module was imported in this thread. */
  methodsOf(data: RefData): ReadonlySet<string> | undefined
  /** Who sends in its place to what is no single actor. */
  readonly pools?: RefHost | undefined
}

const NO_OPTIONS: Options = {}
const OPTIONS = Symbol('options')
type Options = AskOptions & StreamOptions

/** A ref as it is used on one host: what is sent to it leaves from there. */
export class BoundRef<A extends object> implements ActorRef<A> {
  readonly #host: RefHost
  readonly #data: RefData
  #methods: ReadonlySet<string> | undefined
  #tell: Tell<A> | undefined
  #ask: Asker<A> | undefined
  #stream: Streamer<A> | undefined

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
    // In one thread all refs of a system have its host, whatever they came by. Two systems count their actors alike.
    return other instanceof BoundRef && other.#host === this.#host && other.id === this.id
  }

  /** What another thread makes the ref of. */
  get data(): RefData {
    return this.#data
  }

  /** The names of the methods of the actor's class, when its module was imported in this thread. */
  get methods(): ReadonlySet<string> | undefined {
    // Each ask names them, in case it is for something else; and a look-up takes its time.
    this.#methods ??= this.#host.methodsOf(this.#data)
    return this.#methods
  }

  get tell(): Tell<A> {
    this.#tell ??= methodTable(
      {},
      method =>
        (...args: unknown[]) =>
          this.#host.tell(this, method, args),
    ) as Tell<A>
    return this.#tell
  }

  get ask(): Asker<A> {
    this.#ask ??= methodsWithOptions(
      'ask',
      method => this.#asking(method),
      (method, args, options) => this.#host.ask(this, method, args, options),
    ) as Asker<A>
    return this.#ask
  }

  get stream(): Streamer<A> {
    this.#stream ??= methodsWithOptions(
      'stream',
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
    return formatAddress(this.#data, this.#data.name)
  }

  #asking(method: string): (...args: unknown[]) => Promise<unknown> {
    return (...args) => this.#host.ask(this, method, args, NO_OPTIONS)
  }
}

/**
 * Makes a table of methods that can be called with options, too: `ask.add(1)` and `ask(options).add(1)`.
 *
 * What has options is an object that has nothing else, and all methods from the first of them: a table of its own for
 * each would cost more than the call.
 */
function methodsWithOptions(
  verb: string,
  plain: (method: string) => (...args: unknown[]) => unknown,
  call: (method: string, args: unknown[], options: Options) => unknown,
): object {
  const table = methodTable({}, method => {
    return function (this: { readonly [OPTIONS]?: Options } | undefined, ...args: unknown[]) {
      const options = this?.[OPTIONS]
      if (options === undefined)
        throw new TypeError(
          `Cannot ${verb} ${method}(): it was taken from what ${verb}(options) returned, and has lost the options; call it there`,
        )
      return call(method, args, options)
    }
  })
  const withOptions = (options: Options): object => Object.create(table, { [OPTIONS]: { value: options } }) as object
  return methodTable(withOptions, plain)
}

/**
 * What another thread makes a ref of.
 *
 * @throws {TypeError} When it is no ref.
 */
export function refData(ref: ActorRef<object>): RefData {
  if (!(ref instanceof BoundRef))
    throw new TypeError(
      'Cannot name an actor to other threads: this is no ref of a system; pass what spawn, lookup or a message gave',
    )
  return ref.data
}

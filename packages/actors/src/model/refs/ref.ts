import { formatAddress, type Address, POOL_HOST } from '../address.js'
import type { CancelSpec } from '../cancel-ladder.js'
import type { Asker, AskOptions, Streamer, StreamOptions, Tell } from '../protocol.js'
import { methodTable } from './method-table.js'

/** What a ref needs of the host that it is used on. */
export interface RefHost {
  tell(ref: ActorRef<object>, method: string, args: unknown[]): boolean
  ask(ref: ActorRef<object>, method: string, args: unknown[], options: AskOptions): Promise<unknown>
  stream(
    ref: ActorRef<object>,
    method: string,
    args: unknown[],
    options: StreamOptions,
  ): AsyncGenerator<unknown, void, void>
  ready(address: Address): Promise<void>
  /** The names of the methods of an actor's class, when its module was imported in this thread. */
  methodsOf(data: RefData): ReadonlySet<string> | undefined
  /** Who sends in its place to what is no single actor. */
  readonly pools?: RefHost | undefined
}

/** What a ref is made of; it travels in messages. */
export interface RefData extends Address {
  readonly name: string
  /** The module and the class of the actor. */
  readonly url: string
  readonly definition: string
  /** What its definition says of handlers whose asker has given up, when it says something. */
  readonly cancel?: CancelSpec | undefined
}

const NO_OPTIONS: Options = {}
const OPTIONS = Symbol('options')
type Options = AskOptions & StreamOptions

/**
 * Where to send an actor's messages. It can be sent to other threads in messages, and stays good when the actor is
 * restarted.
 *
 * Messages from one sender to one actor arrive in order, at most once: each is handled, or it is dead-lettered with a
 * reason.
 */
export class ActorRef<A extends object> {
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

  /**
   * Sends a message and goes on: `ref.tell.add(1)`. The message is copied now when the actor is on another thread; on
   * the same thread it is handed over, so do not touch its objects again.
   *
   * @returns False when many messages wait for the actor, or for its host when that is another: this one is accepted,
   *   but await `ready()` before the next.
   * @throws {MailboxFullError} When its mailbox is full and refuses senders (see `Overflow`), or the backlog for its
   *   host is at its limit.
   * @throws {NotCloneableError} When the message cannot be copied.
   * @throws {SystemStoppedError} After the system's stop. For a method that the actor does not have, it is a dead
   *   letter: the actor alone knows all its methods.
   */
  get tell(): Tell<A> {
    this.#tell ??= methodTable(
      {},
      method =>
        (...args: unknown[]) =>
          this.#host.tell(this, method, args),
    ) as Tell<A>
    return this.#tell
  }

  /**
   * Sends a message and waits for what the method returns: `await ref.ask.add(2)`, or with options `await ref.ask({
   * timeoutMs: 50, signal }).add(2)`.
   *
   * It rejects with what the handler threw (name, message, code, cause and stack as they were there), or with
   * AskTimeoutError, ActorDownError, ActorStoppedError, UnknownMethodError, MailboxFullError, or the signal's reason;
   * where the actor's definition has `cancel`, AskAbortedError in place of that.
   */
  get ask(): Asker<A> {
    this.#ask ??= methodsWithOptions(
      'ask',
      method => this.#asking(method),
      (method, args, options) => this.#host.ask(this, method, args, options),
    ) as Asker<A>
    return this.#ask
  }

  /**
   * Reads what a generator method yields: `for await (const n of ref.stream.upTo(10))`. The reader's pace is the
   * actor's: the generator is at most 64 items ahead of it, and up to 1,024 when the reader has to wait for them and
   * all of them together are small (64 KiB), which bounds the memory of a fast producer and a slow reader. Its error,
   * or the actor's end, is thrown here.
   *
   * Leaving the loop (`break`, `return()`, a throw, the end of the reader's thread or node) ends the generator, also
   * while it waits: its `context.signal` aborts at once, its `finally` runs once, as soon as it can, and what it yields
   * later is dropped. `ref.stream({ signal }).upTo(10)` leaves it when a signal aborts, and throws its reason. It may
   * be left before the first item, and twice. A generator that waits does not hold its actor, which handles other
   * messages meanwhile; it is asked for its next item when the actor handles nothing else. One that goes on for a
   * second after its reader has left is logged.
   */
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

  /**
   * Resolves when fewer messages wait for the actor, or for its host when that is another, than the mark above which
   * `tell` returns false.
   */
  ready(): Promise<void> {
    return this.#host.ready(this.#data)
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

import type { ActorDefinition } from './actor-definition.js'

/** Methods that Zera calls itself, and that nobody can send. */
export type LifecycleMethod = 'onStart' | 'onStop' | 'onRestart'

/**
 * The type of an actor: `A` itself, or, when `A` is the type of a definition, that of the actors that it makes. So what
 * a module exports does where an actor's type is asked for: `ActorRef<typeof Counter>` is `ActorRef<Counter>`.
 */
export type ActorOf<A> = A extends ActorDefinition<infer Actor> ? Actor : A

type Method = (...args: never[]) => unknown

/** What every object has, and `then`, which would make a promise of what has it: nobody's message. */
type NoMessage =
  | 'then'
  | 'constructor'
  | 'toString'
  | 'toLocaleString'
  | 'valueOf'
  | 'hasOwnProperty'
  | 'isPrototypeOf'
  | 'propertyIsEnumerable'
  | '__proto__'
  | '__defineGetter__'
  | '__defineSetter__'
  | '__lookupGetter__'
  | '__lookupSetter__'

/**
 * The names of the methods that make up an actor's protocol: all that is public and can be called, inherited, as a
 * field or by an accessor, too. Without those of its lifecycle, what every object has, `then`, symbols, and methods
 * that may be missing.
 */
export type MethodName<A> = MethodNameOf<ActorOf<A>>
type MethodNameOf<A> = {
  [K in keyof A]-?: K extends LifecycleMethod | NoMessage | symbol ? never : A[K] extends Method ? K : never
}[keyof A]

/** Arguments and result of one way to call a method. */
type Call = readonly [args: readonly unknown[], result: unknown]

/** The ways to call a method, the last six of them if it has more. The compiler fills up with the first. */
type Calls<M> = M extends {
  (...args: infer A1): infer R1
  (...args: infer A2): infer R2
  (...args: infer A3): infer R3
  (...args: infer A4): infer R4
  (...args: infer A5): infer R5
  (...args: infer A6): infer R6
}
  ? Distinct<[[A1, R1], [A2, R2], [A3, R3], [A4, R4], [A5, R5], [A6, R6]]>
  : never
type Distinct<C extends readonly Call[]> = C extends readonly [
  infer First extends Call,
  infer Second extends Call,
  ...infer Rest extends readonly Call[],
]
  ? IsSame<First, Second> extends true
    ? Distinct<[Second, ...Rest]>
    : [First, ...Distinct<[Second, ...Rest]>]
  : C
type IsSame<X, Y> = [X] extends [Y] ? ([Y] extends [X] ? true : false) : false

type Told<C> = C extends readonly [infer First extends Call, ...infer Rest]
  ? ((...args: First[0]) => boolean) & Told<Rest>
  : unknown
type Asked<C> = C extends readonly [infer First extends Call, ...infer Rest]
  ? ((...args: First[0]) => Promise<Awaited<First[1]>>) & Asked<Rest>
  : unknown
type Streamed<C> = C extends readonly [infer First extends Call, ...infer Rest]
  ? ((...args: First[0]) => AsyncGenerator<Item<First[1]>, void, void>) & Streamed<Rest>
  : unknown

/** What hands on items one by one: generators of both kinds, whatever their methods are declared to return. */
type Items<T> = Iterator<T, unknown, undefined> | AsyncIterator<T, unknown, undefined> | AsyncIterable<T>
type Item<R> = R extends Items<infer T> ? T : never

/** What never returns, or returns `any`, is assignable to a generator and yet is none. */
type IsStream<R> = [R] extends [never] ? false : 0 extends 1 & R ? false : R extends Items<unknown> ? true : false

type StreamName<A> = {
  [K in MethodNameOf<A>]: A[K] extends (...args: never[]) => infer R ? (true extends IsStream<R> ? K : never) : never
}[MethodNameOf<A>]
type CallName<A> = Exclude<MethodNameOf<A>, StreamName<A>>

/** `ref.tell`: sends a message and goes on. See `ActorRef.tell`. */
export type Tell<A> = TellOf<ActorOf<A>>
type TellOf<A> = { readonly [K in CallName<A>]: Told<Calls<A[K]>> }

/** `ref.ask`: sends a message and waits for what the method returns. See `ActorRef.ask`. */
export type Ask<A> = AskOf<ActorOf<A>>
type AskOf<A> = { readonly [K in CallName<A>]: Asked<Calls<A[K]>> }

/** How one ask differs from others. */
export interface AskOptions {
  /** Milliseconds until it is given up. Default 5,000, as in OTP; Infinity waits for ever. */
  readonly timeoutMs?: number
  /** Gives it up: the ask rejects with the signal's reason, and the handler's `context.signal` aborts. */
  readonly signal?: AbortSignal
}

/** `ref.ask`, also with options: `ref.ask({ timeoutMs: 50 }).add(1)`. */
export type Asker<A> = Ask<A> & ((options: AskOptions) => Ask<A>)

/** `ref.stream`: reads what a generator method yields. See `ActorRef.stream`. */
export type Stream<A> = StreamOf<ActorOf<A>>
type StreamOf<A> = { readonly [K in StreamName<A>]: Streamed<Calls<A[K]>> }

/** How one stream differs from others. */
export interface StreamOptions {
  /**
   * Leaves the stream, also while an item is waited for: the next item rejects with the signal's reason, and the
   * generator ends as when its reader leaves.
   */
  readonly signal?: AbortSignal
  /**
   * Milliseconds that all of it may take, from the first item that is asked for: then the generator ends as when its
   * reader leaves, and an AskTimeoutError comes after what has arrived. Default Infinity, which reads for ever.
   */
  readonly timeoutMs?: number
}

/** `ref.stream`, also with options: `ref.stream({ signal }).upTo(10)`. */
export type Streamer<A> = Stream<A> & ((options: StreamOptions) => Stream<A>)

/** What an actor wants to be started with: the parameter of its `onStart`. */
export type Props<A> = ActorOf<A> extends { onStart(props: infer P): unknown } ? P : undefined

/** The optional methods of an actor's life. */
export interface Lifecycle {
  /**
   * Before the first message, also after a restart. When it throws, the start has failed, and what was opened until
   * then is closed; there is no `onStop`.
   */
  onStart?(props: never): void | Promise<void>
  /**
   * After the last message of an instance whose `onStart` has returned, however it ends, within the child's
   * `shutdownMs`; not when that is `'kill'`, nor when its thread goes down. After it, what the instance has opened is
   * closed. Where the instance has failed, `error` is what it failed with, the reason begins with `it failed: `, and
   * what this throws is logged.
   */
  onStop?(reason: string, error?: Error): void | Promise<void>
  /** On the new instance, after its `onStart`, when it takes the place of one that failed or died with its thread. */
  onRestart?(error: Error, method: string | undefined): void | Promise<void>
}

/** How long a caller waits for something. */
export interface WaitOptions {
  /** Gives the wait up: it rejects at once with the signal's reason. One that has aborted already begins nothing. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the wait is given up with a WaitTimeoutError. Default Infinity, which waits for ever. */
  readonly timeoutMs?: number | undefined
}

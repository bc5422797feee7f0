import type { ActorDefinition } from './actor-definition.js'
import type { NoFunction } from './refs/no-function.js'
import type { Copied, IsAny, RefusalOf } from './refs/travel.js'

/** Methods that only Zera calls; they cannot be sent. */
type LifecycleMethod = 'onStart' | 'onStop' | 'onRestart' | 'onSave' | 'onLoad'

/**
 * The type of an actor: `A` itself, or, when `A` is the type of a definition, the type of the actors that it makes. So
 * you can use a module's export wherever an actor's type is expected: `ActorRef<typeof Counter>` is
 * `ActorRef<Counter>`.
 */
export type ActorOf<A> = A extends ActorDefinition<infer Actor> ? Actor : A

/** What can be called. */
type Method = (...args: never[]) => unknown

/** What every object has, and `then`, which would turn its owner into a promise: these are never messages. */
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
 * The names of the methods that make up an actor's protocol: everything public and callable, including inherited
 * methods, fields and accessors. Excluded are lifecycle methods, what every object has, `then`, symbols, and optional
 * methods.
 */
export type MethodName<A> = MethodNameOf<ActorOf<A>>
type MethodNameOf<A> = {
  [K in keyof A]-?: K extends LifecycleMethod | NoMessage | symbol ? never : A[K] extends Method ? K : never
}[keyof A]

/** Arguments and result of one way to call a method. */
type Call = readonly [args: readonly unknown[], result: unknown]

/**
 * The overloads of a method, the last six if it has more. The compiler pads the list with the first. A type parameter
 * becomes its constraint.
 */
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
  ? ((...args: Copied<First[0]>) => boolean) & Told<Rest>
  : unknown
type Answered<C> = C extends readonly [infer First extends Call, ...infer Rest]
  ? ((...args: Copied<First[0]>) => Promise<Awaited<First[1]>>) & Answered<Rest>
  : unknown
type Yielded<C> = C extends readonly [infer First extends Call, ...infer Rest]
  ? ((...args: Copied<First[0]>) => AsyncGenerator<Item<First[1]>, void, void>) & Yielded<Rest>
  : unknown

/**
 * A method as it is asked. One that returns promises already has the right type as it is, and keeps its type parameters
 * and all of its overloads: no type can add a promise to a generic method.
 */
type Asked<M, C extends readonly Call[] = Calls<M>> = [RefusalOf<Awaited<C[number][1]>>] extends [never]
  ? [RefusalOf<C[number][0][number]>] extends [never]
    ? IsPromise<C[number][1]> extends true
      ? M
      : Answered<C>
    : Answered<C>
  : RefusalOf<Awaited<C[number][1]>>

/** A generator method as it is read: like an asked one, if it is generic and its generators return nothing. */
type Streamed<M, C extends readonly Call[] = Calls<M>> = [RefusalOf<Item<C[number][1]>>] extends [never]
  ? IsGeneric<M> extends true
    ? [C[number][1]] extends [AsyncGenerator<unknown, void, never>]
      ? M
      : Yielded<C>
    : Yielded<C>
  : RefusalOf<Item<C[number][1]>>

/** Whether each of its members is a Promise, of no class that extends it. */
type IsPromise<R> =
  IsAny<R> extends true
    ? false
    : [R] extends [never]
      ? false
      : false extends (R extends Promise<infer T> ? (Promise<T> extends R ? true : false) : false)
        ? false
        : true
/** What its type parameters are replaced by is not all that they can be. */
type IsGeneric<M> = M extends (...args: infer P) => infer R ? (((...args: P) => R) extends M ? false : true) : false

/** What yields items one by one: generators of both kinds, whatever their methods are declared to return. */
type Items<T> = Iterator<T, unknown, undefined> | AsyncIterator<T, unknown, undefined> | AsyncIterable<T>
type Item<R> = R extends Items<infer T> ? T : never

/** A result of `never` or `any` is assignable to a generator without being one. */
type IsStream<R> = [R] extends [never] ? false : IsAny<R> extends true ? false : R extends Items<unknown> ? true : false

type StreamName<A> = {
  [K in MethodNameOf<A>]: A[K] extends (...args: never[]) => infer R ? (true extends IsStream<R> ? K : never) : never
}[MethodNameOf<A>]
type CallName<A> = Exclude<MethodNameOf<A>, StreamName<A>>

// These go over the keys of the actor itself: so an editor shows the docs of its methods, leads to them, and renames
// them.

/** `ref.tell`: sends a message and goes on. See `ActorRef.tell`. */
export type Tell<A> = TellOf<ActorOf<A>>
type TellOf<A> = { readonly [K in keyof A as K extends CallName<A> ? K : never]: Told<Calls<A[K]>> }

/** `ref.ask`: sends a message and waits for what the method returns. See `ActorRef.ask`. */
export type Ask<A> = AskOf<ActorOf<A>>
type AskOf<A> = { readonly [K in keyof A as K extends CallName<A> ? K : never]: Asked<A[K]> }

/** The options of one ask. */
export interface AskOptions {
  /** Milliseconds until the ask gives up. Default 5,000, as in OTP; Infinity waits forever. */
  readonly timeoutMs?: number | undefined
  /** Gives up the ask: it rejects with the signal's reason, and the handler's `context.signal` aborts. */
  readonly signal?: AbortSignal | undefined
  /**
   * Names the question for a durable actor, for a day, in this and later processes: when it has answered an ask with
   * the same id, that answer comes again, and no handler runs. So an asker that does not know whether it was handled
   * asks again with the same id.
   */
  readonly id?: string | undefined
}

/** `ref.ask`, also with options: `ref.ask({ timeoutMs: 50 }).add(1)`. */
export type Asker<A> = Ask<A> & ((options: AskOptions) => Ask<A>) & NoFunction<MethodName<A>>

/** `ref.stream`: reads what a generator method yields. See `ActorRef.stream`. */
export type Stream<A> = StreamOf<ActorOf<A>>
type StreamOf<A> = { readonly [K in keyof A as K extends StreamName<A> ? K : never]: Streamed<A[K]> }

/** The options of one stream. */
export interface StreamOptions {
  /**
   * Leaves the stream, also while its reader waits for an item: the next item rejects with the signal's reason, and the
   * generator ends as it does when its reader leaves.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Milliseconds that the whole stream may take, from the first request for an item. Then the generator ends as it does
   * when its reader leaves, and an AskTimeoutError follows the items that have arrived. Default Infinity, which reads
   * forever.
   */
  readonly timeoutMs?: number | undefined
}

/** `ref.stream`, also with options: `ref.stream({ signal }).upTo(10)`. */
export type Streamer<A> = Stream<A> & ((options: StreamOptions) => Stream<A>) & NoFunction<MethodName<A>>

/** What an actor needs at its start: the parameter of its `onStart`. */
export type Props<A> = ActorOf<A> extends { onStart(props: infer P): unknown } ? P : undefined

/** The optional lifecycle methods of an actor. */
export interface Lifecycle {
  /**
   * Runs before the first message, also after a restart. When it throws, the start fails, everything opened until then
   * is closed, and `onStop` does not run.
   */
  onStart?(props: never): void | Promise<void>
  /**
   * Runs after the last message of an instance whose `onStart` has returned, however the instance ends, within the
   * child's `shutdownMs`. It does not run when that is `'kill'`, nor when the thread goes down. Afterwards everything
   * that the instance opened is closed. If the instance failed, `error` is what it failed with, the reason begins with
   * `it failed: `, and an error thrown here is logged.
   */
  onStop?(reason: string, error?: Error): void | Promise<void>
  /** Runs on the new instance, after its `onStart`, when it replaces one that failed or died with its thread. */
  onRestart?(error: Error, method: string | undefined): void | Promise<void>
  /** Returns the state of a durable actor, between two messages. Default: its fields. */
  onSave?(): unknown
  /** Takes what `onSave` returned when the state was kept last. It runs before `onStart`, and not when nothing is kept. */
  onLoad?(state: never): void
}

export type { WaitOptions } from '@zera/core/internal'

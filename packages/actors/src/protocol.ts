/** Methods that Zera calls itself, and that nobody can send. */
export type LifecycleMethod = 'onStart' | 'onStop' | 'onRestart'

type Method = (...args: never[]) => unknown

/** The names of the methods that make up an actor's protocol: all public methods but those of its lifecycle. */
export type MethodName<A> = {
  [K in keyof A]: K extends LifecycleMethod ? never : A[K] extends Method ? K : never
}[keyof A]

type Arguments<M> = M extends (...args: infer P) => unknown ? P : never
type Result<M> = M extends (...args: never[]) => infer R ? Awaited<R> : never
type Item<M> = M extends (...args: never[]) => AsyncGenerator<infer T> | Generator<infer T> ? T : never

/** What never returns, or returns `any`, is assignable to a generator and yet is none. */
type IsStream<R> = [R] extends [never] ? false : 0 extends 1 & R ? false : R extends AsyncGenerator | Generator ? true : false

type StreamName<A> = {
  [K in MethodName<A>]: A[K] extends (...args: never[]) => infer R ? (true extends IsStream<R> ? K : never) : never
}[MethodName<A>]
type CallName<A> = Exclude<MethodName<A>, StreamName<A>>

/** `ref.tell`: sends a message and goes on. See `ActorRef.tell`. */
export type Tell<A> = { readonly [K in CallName<A>]: (...args: Arguments<A[K]>) => boolean }

/** `ref.ask`: sends a message and waits for what the method returns. See `ActorRef.ask`. */
export type Ask<A> = { readonly [K in CallName<A>]: (...args: Arguments<A[K]>) => Promise<Result<A[K]>> }

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
export type Stream<A> = { readonly [K in StreamName<A>]: (...args: Arguments<A[K]>) => AsyncGenerator<Item<A[K]>, void, void> }

/** What an actor wants to be started with: the parameter of its `onStart`. */
export type Props<A> = A extends { onStart(props: infer P): unknown } ? P : undefined

/** The optional methods of an actor's life. */
export interface Lifecycle {
  /** Before the first message, also after a restart. When it throws, the start has failed. */
  onStart?(props: never): void | Promise<void>
  /** After the last message of an actor that is stopped. */
  onStop?(reason: string): void | Promise<void>
  /** On the new instance, after its `onStart`, when it takes the place of one that failed or died with its thread. */
  onRestart?(error: Error, message: string | undefined): void | Promise<void>
}

type Method = (...args: never[]) => unknown

/** Whether a type is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false

/** Arguments as a sender may pass them: no value fits where one cannot travel. */
export type Copied<P extends readonly unknown[]> = { [I in keyof P]: Copyable<P[I]> }
type Copyable<T> =
  IsAny<T> extends true
    ? T
    : [RefusalOf<T>] extends [never]
      ? T
      : T extends readonly unknown[]
        ? { [I in keyof T]: Exclude<T[I], Uncopyable> | RefusalOf<T[I]> }
        : Exclude<T, Uncopyable> | RefusalOf<T>

/**
 * Stands where a value cannot be copied to another thread, and says why: no value has this type.
 *
 * What objects hold is not looked at: a function in a field of a plain object has the type of a class's method, which
 * stays behind. Such a message gives a NotCloneableError.
 */
export interface CannotTravel<Reason extends string> {
  readonly [WHY]: Reason
}
declare const WHY: unique symbol

/** Why a value, or an element of an array, cannot travel; never if it can. */
export type RefusalOf<T> =
  IsAny<T> extends true ? never : RefusalOfOne<T> | (T extends readonly (infer E)[] ? RefusalOfOne<E> : never)
type RefusalOfOne<T> = IsAny<T> extends true ? never : T extends Uncopyable ? CannotTravel<Why<T>> : never
type Uncopyable =
  | Method
  | AnyClass
  | symbol
  | PromiseLike<unknown>
  | Generator<unknown, unknown, never>
  | AsyncGenerator<unknown, unknown, never>
  | AbortSignal
  | SharedArrayBuffer
type AnyClass = abstract new (...args: never[]) => unknown
type Why<T> = T extends Method
  ? 'a function stays in its thread'
  : T extends AnyClass
    ? 'a class stays in its thread'
    : T extends symbol
      ? 'a symbol stays in its thread'
      : T extends PromiseLike<unknown>
        ? 'a promise stays in its thread: await it first'
        : T extends AbortSignal
          ? 'a signal stays in its thread: pass it as an option of the ask'
          : T extends SharedArrayBuffer
            ? 'a SharedArrayBuffer does not travel: use a SharedBlock'
            : 'a generator stays in its thread: make it a method of its own, and stream that'

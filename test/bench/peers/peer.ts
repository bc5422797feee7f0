import type { Tally } from '../runs/delivery-error.js'

/** The message of most benchmarks. */
export interface SmallMessage {
  readonly id: number
  readonly v: 'hello'
}

/** Sends messages one way. */
export interface OneWay extends AsyncDisposable {
  /**
   * Sends small messages, whose ids count from 0 on, and gives what the receiver has counted when it has handled all of
   * them.
   */
  send(messages: number): Promise<Tally>
}

/** Has another thread answer. */
export interface Asking extends AsyncDisposable {
  /** Gives the number back. */
  echo(number: number): Promise<number>
}

/** Threads that share tasks. */
export interface TaskPool extends AsyncDisposable {
  run(task: Task): Promise<number>
}

/** What a pool is given to do. */
export interface Task {
  readonly number: number
  /** Turns of a loop, as work for the processor. 0 is a task that does nothing. */
  readonly turns: number
}

/** A pool with one thread, asked one question at a time. */
export function poolAsking(pool: TaskPool): Asking {
  return {
    echo: number => pool.run({ number, turns: 0 }),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  }
}

/** Reads items from another thread. */
export interface Streaming extends AsyncDisposable {
  /** The numbers from 0 to `items` - 1. */
  read(items: number): AsyncIterable<number>
}

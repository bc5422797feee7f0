import type { SystemEvents } from './events/events.js'

/** The levels of a line, least important first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const

/**
 * The level of a line, least important first. `log.level` of `startSystem` is the lowest one that is written; the
 * others cost next to nothing.
 */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** The level of a system that logs nothing. */
export type NoLevel = 'none'

/** The fields of a line, besides its text: plain data, and errors, preferably under the key `err`. */
export type LogData = Readonly<Record<string, unknown>>

/** Writes lines: `context.log.info('order placed', { order: 7 })`. */
export type Logger = { readonly [L in LogLevel]: (text: string, data?: LogData) => void }

/** One line of the log, as a `LogSink` gets it: plain data. */
export interface LogLine {
  readonly level: LogLevel
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number
  readonly text: string
  /** The number of the host whose code logged the line; 0 for the main thread. */
  readonly host: number
  /** The name of the actor, or its address when it has none; undefined for other code. */
  readonly actor: string | undefined
  readonly data: LogData | undefined
  /**
   * The event that the line is about, when the system itself wrote it. It is `others` in the line that counts events
   * left out because there were more than a thousand actors, `forgotten-stop` in the one that says that nothing but the
   * system keeps the process alive, and `control` in those that say who did what by an observer.
   */
  readonly event?: keyof SystemEvents | 'others' | 'forgotten-stop' | 'control' | undefined
}

/**
 * Takes the lines of one thread. It must be done with a line when it returns: the thread may be killed at any moment,
 * and lines that are only in its memory are lost then. When it throws, or returns a promise that rejects, that line is
 * dropped and counted; the code that logs notices nothing. Before the next line it gets one that says how many were
 * dropped, and why.
 */
export type LogSink = (line: LogLine) => void

/**
 * How a system logs. It writes what its actors and the program log through `log`. By itself it also logs what goes
 * wrong: an actor that fails (`error`), restarts (`info`) or is given up (`error`), a thread that goes down (`error`,
 * or `warn` when it was killed), failed starts, a service that fails (`error`) or ends (`info`), a supervisor that
 * gives up (`error`), dead letters and lost messages (`warn`). The main thread writes one line for each, with the error
 * as `err`. In 10 s it writes at most 5 lines per kind and actor, and at most 100 in all; `leftOut` counts the others.
 */
export interface LogOptions {
  /** Lines below this level are dropped. Default `'info'`. */
  readonly level?: LogLevel | undefined
  /**
   * The module that makes the sink of each thread: its default export is a `LogSink`. Default: pino when it is
   * installed, or else JSON lines like pino's. Lines go to standard output; those that the system writes by itself go
   * to standard error. Each is written before the call returns.
   */
  readonly sink?: URL | string | undefined
}

/** The lowest level that is written; undefined for the default. */
export function levelOf(log: LogOptions | false = {}): LogLevel | NoLevel | undefined {
  return log === false ? 'none' : log.level
}

/** The module of the sink; undefined for the default. */
export function sinkOf(log: LogOptions | false = {}): URL | string | undefined {
  return log === false ? undefined : log.sink
}

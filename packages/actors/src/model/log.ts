import type { SystemEvents } from './events/events.js'

/** How much a line matters, least first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const

/** How much a line matters. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What a line is about, beside its text: plain data, and errors, which are best under the key `err`. */
export type LogData = Readonly<Record<string, unknown>>

/** Writes lines: `context.log.info('order placed', { order: 7 })`. */
export type Logger = { readonly [L in LogLevel]: (text: string, data?: LogData) => void }

/** One line. */
export interface LogLine {
  readonly level: LogLevel
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number
  readonly text: string
  readonly host: number
  /** The name of the actor, or its address when it has none; undefined for what is no actor. */
  readonly actor: string | undefined
  readonly data: LogData | undefined
  /**
   * The event that the line is about, when the system has written it of its own accord; `others` in the line that
   * counts those left out of more than a thousand actors.
   */
  readonly event?: keyof SystemEvents | 'others'
}

/**
 * Takes the lines of one thread. It has done with a line when it returns: the thread may be killed in the next moment,
 * and what is only kept in its memory is lost then. When it throws, or gives a promise that is rejected, that line is
 * dropped and counted; who logs notices nothing. Before the next line that it takes it is given one that says how many
 * were dropped, and why.
 */
export type LogSink = (line: LogLine) => void

/**
 * How a system logs what its actors and the program write by `log`, and of its own accord what goes wrong: an actor
 * that fails (`error`), is restarted (`info`) or given up (`error`), a thread that goes down (`error`, or `warn` when
 * it was killed), what could not be started, a service that fails (`error`) or ends (`info`), a supervisor that gives
 * up (`error`), dead letters and lost messages (`warn`). Each is one line, written by the main thread, with the error
 * as `err`; of one kind and actor at most 5 in 10 s, of all at most 100, and `leftOut` counts the others.
 */
export interface LogOptions {
  /** Lines that matter less are dropped. Default `'info'`. */
  readonly level?: LogLevel
  /**
   * The module that makes the sink of each thread: its default export is a `LogSink`. Default: pino when it is
   * installed, or else lines like pino's, as JSON on the standard output, and on the standard error what the system
   * writes of its own accord; all are written before the call returns.
   */
  readonly sink?: URL | string
}

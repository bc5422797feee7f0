import { messageOf, type Clock } from '@zera/core/internal'
import { LOG_LEVELS, type LogLevel, type Logger, type LogLine, type LogSink, type NoLevel } from '../model/log.js'

/**
 * The loggers of one host. They never throw: lines that cannot be written are counted, and the next line that can be
 * written reports the count.
 */
export class Loggers {
  readonly #clock: Clock
  readonly #host: number
  readonly #rank: number
  readonly #sink: LogSink
  #dropped = 0
  #untold = 0
  #why = ''
  #isWriting = false

  constructor(host: number, clock: Clock, sink: LogSink, level: LogLevel | NoLevel = 'info') {
    this.#host = host
    this.#clock = clock
    this.#sink = sink
    this.#rank = level === 'none' ? LOG_LEVELS.length : LOG_LEVELS.indexOf(level)
  }

  /** How many lines could not be written. */
  get dropped(): number {
    return this.#dropped
  }

  /** A logger for an actor, or for other code. */
  create(actor: string | undefined): Logger {
    return {
      trace: this.#writer('trace', actor),
      debug: this.#writer('debug', actor),
      info: this.#writer('info', actor),
      warn: this.#writer('warn', actor),
      error: this.#writer('error', actor),
    }
  }

  /** Whether lines of a level are written. */
  writes(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#rank
  }

  /** Writes a line of the system itself: an event, or a hint. */
  writeEvent(line: Omit<LogLine, 'timeMs'>): void {
    if (this.writes(line.level)) this.#write({ ...line, timeMs: this.#clock.epochMs() })
  }

  #writer(level: LogLevel, actor: string | undefined): Logger[LogLevel] {
    if (!this.writes(level)) return () => undefined
    return (text, data) => this.#write({ level, timeMs: this.#clock.epochMs(), text, host: this.#host, actor, data })
  }

  #write(line: LogLine): void {
    // Reading the fields of a line may log again, and so may a sink. Neither must go on forever.
    if (this.#isWriting) {
      this.#drop('it was logged while another was written')
      return
    }
    this.#isWriting = true
    try {
      if (this.#untold > 0) this.#tellDropped(line)
      this.#hand(line)
    } catch (error) {
      this.#drop(error)
    } finally {
      this.#isWriting = false
    }
  }

  /** First, so that it appears where the lines are missing. */
  #tellDropped({ timeMs, host }: LogLine): void {
    const [dropped, why] = [this.#untold, this.#why]
    this.#hand({
      level: 'warn',
      timeMs,
      text: 'log lines were dropped',
      host,
      actor: undefined,
      data: { dropped, why },
    })
    this.#untold -= dropped
  }

  #hand(line: LogLine): void {
    const done: unknown = this.#sink(line)
    if (done instanceof Promise) done.catch((error: unknown) => this.#drop(error))
  }

  #drop(error: unknown): void {
    this.#dropped += 1
    this.#untold += 1
    this.#why = messageOf(error)
  }
}

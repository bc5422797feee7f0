import { LineBudget, type Clock, type LineLimits, type Cancellable } from '@zera/core/internal'
import type { Loggers } from '../../log/loggers.js'
import type { SystemEvent, SystemEvents } from '../../model/events/events.js'
import { eventLine, type EventLine } from './event-line.js'

/** Lines of one event about one actor, host, child or pool, and of all together, in 10 s. */
const EVENT_LINES: LineLimits = { perKind: 5, perSpan: 100, spanMs: 10_000 }

/** Actors of which the last failure is remembered, for the dead letter that comes of it. */
const MAX_FAILURES = 1000

/**
 * Logs failures in a system, and the reactions to them, each once. The main thread hears of everything, from any
 * thread.
 *
 * `EVENT_LINES` limits the lines about repeated failures; a line counts those left out.
 */
export class EventLog {
  readonly #loggers: Loggers
  readonly #clock: Clock
  readonly #isSupervised: (actor: number) => boolean
  readonly #budget = new LineBudget(EVENT_LINES)
  readonly #failures = new Map<number, string>()
  #timer: Cancellable | undefined
  #isStopping = false

  /** @param isSupervised Whether the failure of an actor is still told as an event. */
  constructor(loggers: Loggers, clock: Clock, isSupervised: (actor: number) => boolean) {
    this.#loggers = loggers
    this.#clock = clock
    this.#isSupervised = isSupervised
  }

  /** Takes all events of the system. */
  note(event: SystemEvent): void {
    if (event.type === 'stopping') this.#isStopping = true
    else if (event.type === 'stopped') this.#end()
    else if (event.type === 'actor-failed') this.#remember(event.event)
    else if (event.type === 'dead-letter' && this.#isTold(event.event)) return
    else if (event.type === 'child-stopped' && (this.#isStopping || event.event.child.kind === 'supervisor')) return
    const line = eventLine(event, this.#clock.epochMs())
    if (line === undefined || !this.#loggers.writes(line.level)) return
    const leftOut = this.#budget.take(`${event.type} ${line.about}`, this.#clock.now())
    if (leftOut === undefined) this.#timer ??= this.#clock.after(EVENT_LINES.spanMs, () => this.#tellLeftOut())
    else this.#write(event.type, line, leftOut)
  }

  #write(
    event: SystemEvent['type'] | 'others',
    { level, text, host = 0, actor, data }: EventLine,
    leftOut: number,
  ): void {
    this.#loggers.writeEvent({ level, text, host, actor, event, data: leftOut === 0 ? data : { ...data, leftOut } })
  }

  /** When no more events of a kind come, a separate line says how many were left out. */
  #tellLeftOut(): void {
    this.#timer = undefined
    for (const [kind, leftOut] of this.#budget.takeLeftOut()) {
      const [event] = kind.split(' ', 1) as [SystemEvent['type'] | 'others']
      this.#write(event, { level: 'warn', about: '', text: `${leftOut} lines more were left out: ${kind}` }, leftOut)
    }
  }

  #end(): void {
    this.#timer?.cancel()
    this.#tellLeftOut()
  }

  /**
   * When the message of a `tell` causes a failure, that is an event by itself. It is not while the actor is being
   * stopped: no supervisor handles the failure then.
   */
  #isTold({ reason, target, error }: SystemEvents['dead-letter']): boolean {
    if (reason !== 'handler-threw') return false
    return this.#isSupervised(target.id) || this.#failures.get(target.id) === error?.message
  }

  #remember({ actor, error }: SystemEvents['actor-failed']): void {
    this.#failures.delete(actor.id)
    this.#failures.set(actor.id, error.message)
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > MAX_FAILURES && oldest !== undefined) this.#failures.delete(oldest)
  }
}

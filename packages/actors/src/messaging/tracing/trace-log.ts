import type { Clock } from '@zera/core/internal'
import type { TracedMessage } from '../../model/observing/observed-system.js'

/** How many messages a host remembers. */
const MOST = 256

/** The last messages of a host that came with a traceparent: for whoever follows a trace without a collector. */
export class TraceLog {
  readonly #host: number
  readonly #clock: Clock
  readonly #messages: TracedMessage[] = []

  constructor(host: number, clock: Clock) {
    this.#host = host
    this.#clock = clock
  }

  /** A message begins. */
  begin(traceparent: string, message: Pick<TracedMessage, 'actor' | 'definition' | 'method'>): TracedMessage {
    const [, trace = '', parent = ''] = traceparent.split('-')
    const begun: TracedMessage = {
      trace,
      parent,
      host: this.#host,
      ...message,
      beganAtMs: this.#clock.epochMs(),
      endedAtMs: undefined,
      hasThrown: false,
    }
    this.#messages.push(begun)
    if (this.#messages.length > MOST) this.#messages.shift()
    return begun
  }

  /** It is over. */
  end(message: TracedMessage): void {
    message.endedAtMs = this.#clock.epochMs()
  }

  /** The last ones, in the order in which they began. */
  list(): readonly TracedMessage[] {
    return [...this.#messages]
  }
}

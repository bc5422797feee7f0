import { setImmediate } from 'node:timers/promises'
import { type ActorRef, defineActor } from '@zera/actors'
import { openFlightsFile } from './flights-file.js'
import { PartCounter } from './part-counter.js'
import type { Part } from './parts.js'
import type { Sink } from './sink.js'

/** What an aggregator is started with, and started again. */
export interface AggregatorProps {
  /** Where the totals go. */
  readonly sink: ActorRef<Sink>
}

/**
 * The actor that counts flights, one part of the file after the other. Its totals go straight to the sink, from thread
 * to thread.
 */
export class Aggregator {
  #counter: PartCounter | undefined
  #sink: ActorRef<Sink> | undefined
  #isSabotaged = false

  async onStart({ sink }: AggregatorProps): Promise<void> {
    this.#counter = new PartCounter(await openFlightsFile())
    this.#sink = sink
  }

  /**
   * Counts the flights of one part. The stream has one item, when it begins, and ends when the sink has the totals.
   * Reading it again for the same part does no harm.
   */
  async *aggregate(part: Part): AsyncGenerator<'begun'> {
    yield 'begun'
    // The count keeps its thread from everything else, so the item leaves before it.
    await setImmediate()
    if (this.#isSabotaged) throw new SabotageError('made to throw')
    await this.#sink!.ask.add(part.index, await this.#counter!.count(part))
  }

  /** Makes this instance throw when it is to count next. Its successor after the restart knows nothing of it. */
  sabotage(): void {
    this.#isSabotaged = true
  }
}

export default defineActor(import.meta.url, Aggregator)

class SabotageError extends Error {
  override readonly name = 'SabotageError'
}

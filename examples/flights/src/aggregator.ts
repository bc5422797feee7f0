import { type ActorRef, defineActor } from '@zera/actors'
import { type FlightsFile, openFlightsFile } from './flights-file.js'
import type { Sink } from './sink.js'
import { countFlights } from './totals.js'

/** What an aggregator is started with, and started again. */
export interface AggregatorProps {
  /** Where the totals go. */
  readonly sink: ActorRef<Sink>
}

/**
 * The actor that counts flights, one row group after the other. Its totals go straight to the sink, from thread to
 * thread.
 */
export class Aggregator {
  #file: FlightsFile | undefined
  #sink: ActorRef<Sink> | undefined
  #isSabotaged = false

  async onStart({ sink }: AggregatorProps): Promise<void> {
    this.#file = await openFlightsFile()
    this.#sink = sink
  }

  /**
   * Counts the flights of one row group. The stream has one item, when it begins, and ends when the sink has the
   * totals. Reading it again for the same row group does no harm.
   */
  async *aggregate(rowGroup: number): AsyncGenerator<'begun'> {
    yield 'begun'
    if (this.#isSabotaged) throw new SabotageError('made to throw')
    const totals = countFlights(await this.#file!.readRowGroup(rowGroup))
    await this.#sink!.ask.add(rowGroup, totals)
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

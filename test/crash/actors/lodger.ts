import { defineActor, type ActorRef } from '@zera/actors'
import { Journal } from '../records/journal.js'
import type { LaneName } from '../records/truth.js'
import type { EndingName } from '../rows/endings.js'
import { endThread } from '../threads/end-thread.js'
import { turn } from '../threads/turn.js'
import type { Sink } from './sink.js'

export interface LodgerProps {
  /** Where it writes down what it handles. */
  readonly journal: string
  readonly mainSink: ActorRef<Sink>
  readonly hostSink: ActorRef<Sink>
}

/** One message of so many takes longer, so that an end comes in the middle. */
const SLOW_EVERY = 8

/** The actor that dies, on a node: it shares no memory with the others. */
export class Lodger {
  #journal!: Journal
  #mainSink!: ActorRef<Sink>
  #hostSink!: ActorRef<Sink>

  onStart({ journal, mainSink, hostSink }: LodgerProps): void {
    this.#journal = new Journal(journal)
    this.#mainSink = mainSink
    this.#hostSink = hostSink
  }

  onStop(): void {
    this.#journal.close()
  }

  /** A message like any other. It sends one on, of the same number. */
  async take(lane: LaneName, number: number): Promise<number> {
    this.#journal.handle(lane, number)
    if (number % SLOW_EVERY === 0) await turn()
    if (lane === 'main-to-victim') this.#mainSink.tell.take('victim-to-main', number)
    else this.#hostSink.tell.take('victim-to-host', number)
    this.#journal.sentOn(lane, number)
    return number
  }

  process(): number {
    return process.pid
  }

  /** Ends its thread. */
  async end(ending: EndingName): Promise<void> {
    endThread({ noteLooping: () => undefined }, ending, 'elsewhere')
    // What was thrown is thrown by a timer; the handler is busy until then.
    await new Promise(() => undefined)
  }
}

export default defineActor(import.meta.url, Lodger)

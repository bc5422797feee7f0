import type { Clock } from '@zera/core/internal'
import { bucketOf } from '../../model/times/histogram.js'
import { readTimes, type MethodTimes } from '../../model/times/method-times.js'
import {
  ASK,
  COUNT,
  createTimesMemory,
  DELAY,
  ENTRIES,
  entryAt,
  FAILED,
  FIRST_BUCKET,
  HANDLED,
  MAX,
  NAME,
  NAMES_END,
  NUMBER,
  RUN,
  SUM,
  viewsOfTimes,
  WAIT,
  type TimesViews,
} from '../../model/times/times-layout.js'

/** Of asks that overlap, one in so many is measured. */
const ASKS_APART = 16

/** An ask that is measured. */
export interface AskTimer {
  /** In milliseconds. */
  readonly askedAt: number
  /** For how many it counts. */
  readonly asks: number
}

/**
 * How long the messages of one host take, in shared memory that outlives its thread, and that the next thread of the
 * host goes on with: totals only grow.
 *
 * One thread writes it, with plain stores. A look at the clock costs a tenth of a small message, so of fast messages
 * only some are measured, and count for the others.
 */
export class HostTimes {
  readonly memory: SharedArrayBuffer
  readonly clock: Clock
  /** The counters, see `counterOf`. */
  readonly counters: Float64Array
  readonly #views: TimesViews
  readonly #entries = new Map<string, number>()
  #unmeasured = 0

  constructor(clock: Clock, memory = createTimesMemory()) {
    this.memory = memory
    this.clock = clock
    this.#views = viewsOfTimes(memory)
    this.counters = this.#views.floats
    this.#open()
  }

  /** What it has measured so far. */
  read(): MethodTimes[] {
    return readTimes(this.memory)
  }

  /** The entry of a method. It is the same for all actors of a definition. */
  entryOf(definition: string, method: string): number {
    const key = `${definition}\n${method}`
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const entry = this.#add(definition, method)
    this.#entries.set(key, entry)
    return entry
  }

  /**
   * Where the messages of an entry are counted that were handled: add one there for each. It is done for every message,
   * so it is one store.
   */
  counterOf(entry: number): number {
    return entryAt(entry) + HANDLED
  }

  /** Its handler threw. */
  failed(entry: number): void {
    const { floats } = this.#views
    const at = entryAt(entry) + FAILED
    floats[at] = (floats[at] as number) + 1
  }

  /** It ran so long, as did others for which it counts. */
  ran(entry: number, ms: number, messages: number): void {
    this.#note(entryAt(entry) + RUN, ms, messages)
  }

  /** It had waited so long, as had others for which it counts. */
  waited(entry: number, ms: number, messages: number): void {
    this.#note(entryAt(entry) + WAIT, ms, messages)
  }

  /**
   * Begins to measure an ask; undefined when it is not measured.
   *
   * @param isAlone Whether no other ask of this host waits for an answer.
   */
  asking(isAlone: boolean): AskTimer | undefined {
    if (!isAlone && ++this.#unmeasured < ASKS_APART) return undefined
    if (!isAlone) this.#unmeasured = 0
    return { askedAt: this.clock.now(), asks: isAlone ? 1 : ASKS_APART }
  }

  /** An ask is over, whatever came of it. */
  asked(definition: string, method: string, { askedAt, asks }: AskTimer): void {
    this.#note(entryAt(this.entryOf(definition, method)) + ASK, this.clock.now() - askedAt, asks)
  }

  /** The event loop has turned later than it should have. */
  delayed(ms: number): void {
    this.#note(DELAY, ms, 1)
  }

  #note(at: number, ms: number, messages: number): void {
    const { floats } = this.#views
    const bucket = at + FIRST_BUCKET + bucketOf(ms)
    floats[bucket] = (floats[bucket] as number) + messages
    floats[at + SUM] = (floats[at + SUM] as number) + ms * messages
    if (ms > (floats[at + MAX] as number)) floats[at + MAX] = ms
    floats[at + NUMBER] = (floats[at + NUMBER] as number) + messages
  }

  /** What a thread before this one has left is gone on with. */
  #open(): void {
    const { ints } = this.#views
    if (Atomics.load(ints, COUNT) > 0) return
    ints[NAMES_END] = 1
    Atomics.store(ints, COUNT, 1)
  }

  /** Makes an entry, or finds the one that a thread before this one has made. */
  #add(definition: string, method: string): number {
    const { ints, floats, names } = this.#views
    const texts = Buffer.concat([definition, method].flatMap(name => withLength(name)))
    const count = ints[COUNT] as number
    for (let entry = 1; entry < count; entry++) {
      const at = floats[entryAt(entry) + NAME] as number
      if (texts.equals(names.subarray(at, at + texts.length))) return entry
    }
    const at = ints[NAMES_END] as number
    if (count === ENTRIES || at + texts.length > names.length) return 0
    names.set(texts, at)
    floats[entryAt(count) + NAME] = at
    ints[NAMES_END] = at + texts.length
    Atomics.store(ints, COUNT, count + 1)
    return count
  }
}

function withLength(name: string): Buffer[] {
  const bytes = Buffer.from(name).subarray(0, 255)
  return [Buffer.from([bytes.length]), bytes]
}

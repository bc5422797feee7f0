import { threadId } from 'node:worker_threads'
import type { Clock } from '@zera/core/internal'
import type { Envelope } from '../../messaging/envelope.js'
import {
  BLACK_BOX_BYTES,
  endOf,
  EPOCH_OFFSET,
  HEAD,
  HEAP_BYTES,
  KINDS,
  LOOKED_AT,
  NAME_BYTES,
  OS_THREAD,
  RING,
  RING_ACTORS,
  RING_TIMES,
  RING_WHATS,
  RUNNING,
  SLOT_ACTORS,
  SLOT_HANDLED,
  SLOT_TIMES,
  SLOT_WAITING,
  SLOT_WHATS,
  SLOTS,
  THREAD_ID,
  UTILIZATION,
  viewsOf,
  whatOf,
  type BlackBoxViews,
} from '../../model/events/layout.js'
import { systemVitals, type Vitals } from './vitals.js'

/** The least milliseconds between two records of the heap. */
const VITALS_EVERY_MS = 1000
const MASK = RING - 1

/**
 * What one host is doing, in shared memory that outlives its thread: the last starts and ends of handlers, what each
 * actor is handling and since when, and from time to time the heap. It holds headers only.
 *
 * One thread writes it, with plain stores and without a clock of its own. A handler's times are those of the
 * scheduler's last look at the clock, at most a few milliseconds earlier.
 */
export class BlackBox {
  readonly memory: SharedArrayBuffer
  readonly #views: BlackBoxViews
  readonly #vitals: Vitals
  readonly #names = new Map<string, number>()
  readonly #free: number[] = []
  #fresh = 1
  #namesEnd = 1
  #now = 0
  #lastMethod: string | undefined
  #lastKind: Envelope['kind'] | undefined
  #lastWhat = 0
  #nextVitals = -Infinity

  constructor(clock: Clock, memory = new SharedArrayBuffer(BLACK_BOX_BYTES), vitals: Vitals = systemVitals) {
    this.memory = memory
    this.#views = viewsOf(memory)
    this.#vitals = vitals
    const { floats } = this.#views
    floats[EPOCH_OFFSET] = clock.epochMs() - clock.now()
    floats[THREAD_ID] = threadId
    floats[OS_THREAD] = vitals.osThread ?? 0
    this.look(clock.now())
  }

  /** The scheduler has looked at the clock. */
  look(now: number): void {
    this.#now = now
    const { floats } = this.#views
    floats[LOOKED_AT] = now
    if (now < this.#nextVitals) return
    this.#nextVitals = now + VITALS_EVERY_MS
    const { heapBytes, utilization } = this.#vitals.read()
    floats[HEAP_BYTES] = heapBytes
    floats[UTILIZATION] = utilization
  }

  /** Gives an actor a slot of its own from now on. */
  add(id: number): ActorRecord {
    const slot = this.#free.pop() ?? (this.#fresh < SLOTS ? this.#fresh++ : 0)
    this.#views.ints[SLOT_ACTORS + slot] = id
    this.#views.ints[SLOT_HANDLED + slot] = 0
    this.#views.ints[SLOT_WAITING + slot] = 0
    return new ActorRecord(this, this.#views, slot, id)
  }

  /** Forgets an actor. Use `ActorRecord.close`. */
  release(slot: number): void {
    if (slot === 0) return
    this.#views.ints[SLOT_ACTORS + slot] = 0
    this.#views.ints[SLOT_WHATS + slot] = 0
    this.#free.push(slot)
  }

  /** Adds an entry to the ring. */
  write(actor: number, what: number): void {
    const { ints, floats } = this.#views
    const head = ints[HEAD] as number
    const at = head & MASK
    ints[RING_ACTORS + at] = actor
    ints[RING_WHATS + at] = what
    floats[RING_TIMES + at] = this.#now
    // Last, so that a reader sees no entry before it is there.
    ints[HEAD] = (head + 1) | 0
  }

  /** When the scheduler last looked at the clock. */
  get now(): number {
    return this.#now
  }

  /** Packs a message into one word. */
  whatOf({ method, kind }: Envelope): number {
    // More often than not it is the same as the message before.
    if (method !== this.#lastMethod || kind !== this.#lastKind) {
      this.#lastWhat = whatOf(this.#names.get(method) ?? this.#name(method), KINDS.indexOf(kind))
      this.#lastMethod = method
      this.#lastKind = kind
    }
    return this.#lastWhat
  }

  /** Writes a name where others can read it. Names that find no room get position 0, which means none. */
  #name(method: string): number {
    const bytes = Buffer.from(method).subarray(0, 255)
    const { names } = this.#views
    const at = this.#namesEnd + 1 + bytes.length <= NAME_BYTES ? this.#namesEnd : 0
    if (at > 0) {
      names[at] = bytes.length
      names.set(bytes, at + 1)
      this.#namesEnd += 1 + bytes.length
    }
    this.#names.set(method, at)
    return at
  }
}

/** The part of a black box that one actor has. */
export class ActorRecord {
  readonly #box: BlackBox
  readonly #views: BlackBoxViews
  readonly #slot: number
  readonly #id: number
  #what = 0

  constructor(box: BlackBox, views: BlackBoxViews, slot: number, id: number) {
    this.#box = box
    this.#views = views
    this.#slot = slot
    this.#id = id
  }

  /** A handler has the thread. `waiting` messages wait behind it. */
  begin(envelope: Envelope, waiting: number): void {
    const what = this.#box.whatOf(envelope)
    const { ints, floats } = this.#views
    this.#what = what
    ints[RUNNING] = this.#id
    ints[SLOT_WHATS + this.#slot] = what
    ints[SLOT_WAITING + this.#slot] = waiting
    floats[SLOT_TIMES + this.#slot] = this.#box.now
    this.#box.write(this.#id, what)
  }

  /** It waits for something, and others have the thread. */
  yield(): void {
    this.#views.ints[RUNNING] = 0
  }

  /** It has ended. Returns whether it had begun. */
  end(): boolean {
    if (this.#what === 0) return false
    const { ints } = this.#views
    ints[RUNNING] = 0
    ints[SLOT_WHATS + this.#slot] = 0
    ints[SLOT_HANDLED + this.#slot] = ((ints[SLOT_HANDLED + this.#slot] as number) + 1) | 0
    this.#box.write(this.#id, endOf(this.#what))
    this.#what = 0
    return true
  }

  /** The actor is gone. */
  close(): void {
    this.#box.release(this.#slot)
  }
}

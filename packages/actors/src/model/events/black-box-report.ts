import {
  EPOCH_OFFSET,
  HEAD,
  HEAP_BYTES,
  isEnd,
  kindOf,
  LOOKED_AT,
  nameAt,
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
  type KINDS,
} from './layout.js'

/**
 * The message that is, or was, being handled. Times are milliseconds since the Unix epoch, and may be a few
 * milliseconds early.
 */
export interface Handling {
  readonly method: string
  readonly kind: (typeof KINDS)[number]
  readonly sinceMs: number
}

/** One start or end of a handler. */
interface BlackBoxEntry {
  readonly what: 'begin' | 'end'
  /** The actor's id. */
  readonly actor: number
  readonly method: string
  readonly kind: (typeof KINDS)[number]
  readonly atMs: number
}

/** What one actor is, or was, doing. */
export interface ActorDoing {
  readonly id: number
  readonly handling: Handling | undefined
  /** Messages that it has handled. */
  readonly handled: number
  /** Messages that waited when it began its last message. */
  readonly waiting: number
}

/** The contents of a host's black box. */
export interface BlackBoxReport {
  /** The actor whose handler has, or had, the thread: it ran and had not reached its first `await`. */
  readonly running: number | undefined
  readonly actors: readonly ActorDoing[]
  /** The last starts and ends of handlers, oldest first. */
  readonly entries: readonly BlackBoxEntry[]
  /** When the host last looked at the clock. A host that spins does not. */
  readonly lookedAtMs: number
  readonly heapBytes: number
  readonly utilization: number
  /** The thread's number in Node, `worker.threadId`. */
  readonly threadId: number
  /** Its number in the operating system; undefined when that does not tell. */
  readonly osThread: number | undefined
}

/** What each actor was handling, by its id. */
export function methodsHandled({ actors }: BlackBoxReport): ReadonlyMap<number, string> {
  return new Map(actors.flatMap(({ id, handling }) => (handling === undefined ? [] : [[id, handling.method] as const])))
}

/** Reads a black box, also while its thread writes to it: what is being written at that moment may be wrong. */
export function readBlackBox(memory: SharedArrayBuffer): BlackBoxReport {
  const { ints, floats, names } = viewsOf(memory)
  const int = (at: number): number => ints[at] as number
  const float = (at: number): number => floats[at] as number
  const epochOf = (ms: number): number => ms + float(EPOCH_OFFSET)
  const nameOf = (what: number): string => {
    const at = nameAt(what)
    return at === 0 ? '?' : Buffer.from(names.slice(at + 1, at + 1 + (names[at] as number))).toString()
  }
  const running = int(RUNNING)
  const actors: ActorDoing[] = []
  for (let slot = 1; slot < SLOTS; slot++) {
    const id = int(SLOT_ACTORS + slot)
    if (id === 0) continue
    const what = int(SLOT_WHATS + slot)
    const handling =
      what === 0 ? undefined : { method: nameOf(what), kind: kindOf(what), sinceMs: epochOf(float(SLOT_TIMES + slot)) }
    actors.push({ id, handling, handled: int(SLOT_HANDLED + slot) >>> 0, waiting: int(SLOT_WAITING + slot) })
  }
  const entries: BlackBoxEntry[] = []
  const head = int(HEAD) >>> 0
  for (let entry = Math.max(0, head - RING); entry < head; entry++) {
    const at = entry & (RING - 1)
    const what = int(RING_WHATS + at)
    entries.push({
      what: isEnd(what) ? 'end' : 'begin',
      actor: int(RING_ACTORS + at),
      method: nameOf(what),
      kind: kindOf(what),
      atMs: epochOf(float(RING_TIMES + at)),
    })
  }
  return {
    running: running === 0 ? undefined : running,
    actors,
    entries,
    lookedAtMs: epochOf(float(LOOKED_AT)),
    heapBytes: float(HEAP_BYTES),
    utilization: float(UTILIZATION),
    threadId: float(THREAD_ID),
    osThread: float(OS_THREAD) || undefined,
  }
}

import type { ResourceLimits } from 'node:worker_threads'

const MIB = 1024 * 1024

/** With less, V8 cannot even begin: from Node 22 on it ends the process. */
const MIN_HEAP_MB = 2
/** 16 TiB: more than any machine has, and less than V8 takes for a number without end. */
const MAX_HEAP_MB = 2 ** 24

/**
 * The share of Node's own limit that a thread without `maxHeapMb` may fill. From 80 % on V8 gives up when collecting
 * garbage no longer helps.
 */
const HEAP_SHARE = 0.75
/** No string, array, Map or Set takes more than this in one piece, whatever V8's limit is. */
const LARGEST_PIECE_BYTES = 1024 * MIB
/** What V8 is left at its limit, for pages that are not full. */
const MARGIN_SHARE = 0.1
const MOST_MARGIN_BYTES = 64 * MIB

/**
 * What may be added between two looks, and in one handler: as much as the thread may keep, but at least and at most so
 * much.
 */
const MIN_SPARE_MB = 64
const MAX_SPARE_MB = 256
/**
 * What Node 20 gives a thread. Later ones give up to four times that, and all of it may join what is kept in one
 * collection.
 */
const YOUNG_GENERATION_MB = 48

/** More than a thread can fill in a millisecond: as much as memory takes. */
const MOST_BYTES_A_MS = 4 * MIB
const SELDOMEST_LOOK_MS = 20

/**
 * Throws when a heap limit is none that every version of Node can keep.
 *
 * @throws {RangeError}
 */
export function expectHeapMb(action: string, maxHeapMb: number | undefined): void {
  if (maxHeapMb === undefined) return
  if (typeof maxHeapMb !== 'number' || !(maxHeapMb >= MIN_HEAP_MB && maxHeapMb <= MAX_HEAP_MB)) {
    throw new RangeError(
      `Cannot ${action}: maxHeapMb must be a number of MiB from ${MIN_HEAP_MB} to ${MAX_HEAP_MB}, not ${String(maxHeapMb)}; leave it out for Node's own limit`,
    )
  }
}

/**
 * V8's own limits for a thread that may keep so much.
 *
 * A Map, Set, array or object grows by one allocation of at most twice what it is, while the old one is still there. V8
 * ends the process when that does not fit (hazard H9), so its limit lies where even a heap that is one full Map may
 * double. What is not used of it costs nothing.
 */
export function resourceLimitsOf(maxHeapMb: number): ResourceLimits {
  const spareMb = Math.min(MAX_SPARE_MB, Math.max(MIN_SPARE_MB, maxHeapMb))
  const roomyMb = maxHeapMb + Math.min(2 * maxHeapMb, LARGEST_PIECE_BYTES / MIB) + spareMb
  return {
    maxOldGenerationSizeMb: Math.ceil(Math.max(roomyMb, maxHeapMb / HEAP_SHARE)),
    maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
  }
}

/** What a thread has in its old generation. */
export interface HeapUse {
  readonly bytes: number
  /** The part of it that pieces have which are too large for a page. */
  readonly largeBytes: number
}

/** How much a thread may keep, and when it looks whether it does. */
export class HeapLimits {
  /** The most that it may keep. */
  readonly limitBytes: number
  /** What it may use at any time: less than this is never too much. */
  readonly harmlessBytes: number
  /** In this time a thread cannot fill a quarter of what is free above its limit. */
  readonly lookEveryMs: number
  readonly #usableBytes: number

  /**
   * @param v8Bytes V8's limit as it is. Where the process was started with `--max-old-space-size`, that goes before
   *   what its threads were given.
   */
  constructor(maxHeapMb: number | undefined, v8Bytes: number) {
    this.limitBytes = Math.min(maxHeapMb === undefined ? Infinity : maxHeapMb * MIB, v8Bytes * HEAP_SHARE)
    this.#usableBytes = v8Bytes - Math.min(v8Bytes * MARGIN_SHARE, MOST_MARGIN_BYTES)
    this.harmlessBytes = Math.min(
      this.limitBytes,
      Math.max(this.#usableBytes / 3, this.#usableBytes - LARGEST_PIECE_BYTES),
    )
    this.lookEveryMs = Math.min(SELDOMEST_LOOK_MS, (v8Bytes - this.limitBytes) / 4 / MOST_BYTES_A_MS)
  }

  /** Whether it is too much, or would be when the largest piece doubles. */
  areReached({ bytes, largeBytes }: HeapUse): boolean {
    return bytes >= this.limitBytes || bytes + Math.min(2 * largeBytes, LARGEST_PIECE_BYTES) >= this.#usableBytes
  }
}

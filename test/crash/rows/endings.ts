import type { DownReason } from '@zera/core/internal'

/** One way to end. */
export interface Ending {
  readonly name: EndingName
  /** What ends: a thread that hosts actors, or the main thread and the process with it. */
  readonly of: 'thread' | 'main'
  readonly text: string
  /** What the thread's `down` says of it. */
  readonly reason?: DownReason
  /** Of the thread, or of the process. */
  readonly exitCode: number
}

export type EndingName =
  | 'kill'
  | 'exit'
  | 'throw'
  | 'rejection'
  | 'heap-limit'
  | GrowthName
  | 'at-once'
  | 'loop'
  | 'main-exit'
  | 'main-throw'
  | 'main-end'
  | 'main-end-core'
  | 'SIGINT'
  | 'SIGTERM'

/** What grows a little a turn until the heap is full, and has to double on the way. */
export type GrowthName = 'map-grows' | 'set-grows' | 'array-grows' | 'object-grows'

const HEAP_LIMIT = { of: 'thread', reason: 'heap-limit', exitCode: 1 } as const

/** Every way to end. */
export const ENDINGS: readonly Ending[] = [
  { name: 'kill', of: 'thread', text: 'another thread terminates it', reason: 'killed', exitCode: 1 },
  { name: 'exit', of: 'thread', text: 'it calls process.exit(7)', reason: 'exited', exitCode: 7 },
  {
    name: 'throw',
    of: 'thread',
    text: 'a timer callback in it throws an uncaught error',
    reason: 'threw',
    exitCode: 1,
  },
  {
    name: 'rejection',
    of: 'thread',
    text: 'a promise in it has an unhandled rejection',
    reason: 'threw',
    exitCode: 1,
  },
  { name: 'heap-limit', text: 'it reaches its heap limit', ...HEAP_LIMIT },
  { name: 'map-grows', text: 'a Map in it grows by a little a turn until its heap is full', ...HEAP_LIMIT },
  { name: 'set-grows', text: 'a Set in it grows so', ...HEAP_LIMIT },
  { name: 'array-grows', text: 'an array in it grows so', ...HEAP_LIMIT },
  { name: 'object-grows', text: 'an object in it grows so', ...HEAP_LIMIT },
  { name: 'at-once', text: 'Maps in it are filled beyond its heap limit in one go', ...HEAP_LIMIT },
  { name: 'loop', of: 'thread', text: 'it loops for ever and is killed', reason: 'killed', exitCode: 1 },
  { name: 'main-exit', of: 'main', text: 'main calls process.exit(3)', exitCode: 3 },
  { name: 'main-throw', of: 'main', text: 'main throws an uncaught error', exitCode: 1 },
  { name: 'main-end', of: 'main', text: 'main has nothing left to do after system.unref()', exitCode: 0 },
  {
    name: 'main-end-core',
    of: 'main',
    text: 'main has nothing left to do after thread.unref() of a plain thread of core',
    exitCode: 0,
  },
  { name: 'SIGINT', of: 'main', text: 'the process gets SIGINT', exitCode: 130 },
  { name: 'SIGTERM', of: 'main', text: 'the process gets SIGTERM', exitCode: 143 },
]

/** The ending of that name. */
export function endingOf(name: EndingName): Ending {
  return ENDINGS.find(ending => ending.name === name) as Ending
}

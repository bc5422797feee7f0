import type { DownReason } from '@zera/core'

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
  | 'loop'
  | 'main-exit'
  | 'main-throw'
  | 'main-end'
  | 'main-end-core'
  | 'SIGINT'
  | 'SIGTERM'

/** Every way to end. */
export const ENDINGS: readonly Ending[] = [
  { name: 'kill', of: 'thread', text: 'another thread terminates it', reason: 'killed', exitCode: 1 },
  { name: 'exit', of: 'thread', text: 'it calls process.exit(7)', reason: 'exited', exitCode: 7 },
  { name: 'throw', of: 'thread', text: 'a timer callback in it throws and nobody catches it', reason: 'threw', exitCode: 1 },
  { name: 'rejection', of: 'thread', text: 'a promise in it is rejected and nobody handles it', reason: 'threw', exitCode: 1 },
  { name: 'heap-limit', of: 'thread', text: 'it reaches its heap limit', reason: 'heap-limit', exitCode: 1 },
  { name: 'loop', of: 'thread', text: 'it loops for ever and is killed', reason: 'killed', exitCode: 1 },
  { name: 'main-exit', of: 'main', text: 'main calls process.exit(3)', exitCode: 3 },
  { name: 'main-throw', of: 'main', text: 'main throws and nobody catches it', exitCode: 1 },
  { name: 'main-end', of: 'main', text: 'main has nothing left to do after system.unref()', exitCode: 0 },
  { name: 'main-end-core', of: 'main', text: 'main has nothing left to do after thread.unref() of a plain thread of core', exitCode: 0 },
  { name: 'SIGINT', of: 'main', text: 'the process gets SIGINT', exitCode: 130 },
  { name: 'SIGTERM', of: 'main', text: 'the process gets SIGTERM', exitCode: 143 },
]

/** The ending of that name. */
export function endingOf(name: EndingName): Ending {
  return ENDINGS.find(ending => ending.name === name) as Ending
}

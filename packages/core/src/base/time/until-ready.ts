import { describeDown, type Down } from '../errors/down.js'
import { ThreadStartError, type ProcessEnd } from '../errors/errors.js'
import { callerClock, whenDue } from './clock.js'
import { onAbort } from './on-abort.js'

/** Something that was started and is not ready yet. */
export interface Started {
  readonly name: string
  readonly readied: Promise<void>
  readonly down: Promise<Down>
  /** How it has ended, when it is a process and has. */
  readonly end?: ProcessEnd | undefined
  kill(): Promise<Down>
}

/**
 * Waits until it is ready.
 *
 * @throws {ThreadStartError} When it ended before, or was too slow; it is gone then.
 * @throws The signal's reason, when that aborts first.
 */
export async function untilReady(started: Started, startMs: number, signal: AbortSignal | undefined): Promise<void> {
  const first = await firstOf(started, startMs, signal)
  if (first === 'ready') return
  if (typeof first === 'string') await started.kill()
  const down = await started.down
  if (first === 'aborted') throw signal?.reason
  if (first === 'late')
    throw new ThreadStartError(
      started.name,
      `it did not call ready() within ${startMs} ms and was killed; raise startMs, or do less before ready()`,
      { process: started.end },
    )
  throw new ThreadStartError(started.name, `${describeDown(down)} before it was ready`, {
    cause: down.error,
    process: started.end,
  })
}

async function firstOf(
  started: Started,
  startMs: number,
  signal: AbortSignal | undefined,
): Promise<'ready' | 'late' | 'aborted' | Down> {
  let resolveFirst: (first: 'late' | 'aborted') => void = () => undefined
  const deadline = new Promise<'late' | 'aborted'>(resolve => (resolveFirst = resolve))
  const timer = whenDue(callerClock, startMs, () => resolveFirst('late'))
  const forget = onAbort(signal, () => resolveFirst('aborted'))
  try {
    return await Promise.race([started.readied.then(() => 'ready' as const), started.down, deadline])
  } finally {
    timer.cancel()
    // The signal may outlive many threads.
    forget()
  }
}

import type { Readable } from 'node:stream'
import type { Down } from '../base/errors/down.js'
import type { StopOptions } from '../base/owning/service.js'
import type { Pipe } from './pipe/pipe.js'
import type { ThreadReceipt } from './thread-receipt.js'
import type { ThreadSignals } from './thread-signals.js'

/**
 * A running thread, seen from the thread that started it. At the end of an `await using` block it is stopped.
 *
 * Whatever ends it ends nothing else: `down` resolves with the reason, and the process goes on.
 *
 * @see startThread
 */
export interface Thread extends AsyncDisposable {
  readonly name: string
  /** Which life of this thread this is, from 1. */
  readonly incarnation: number
  /** Values from and to the thread. It ends when the thread has ended. */
  readonly pipe: Pipe
  /** Signals from and to the thread: `go`, `done`, `cancel` and any other words that the two agree on. */
  readonly signals: ThreadSignals
  /**
   * Resolves once: when the thread has ended, everything that it sent was received, and its sockets are closed. Never
   * rejects.
   */
  readonly down: Promise<Down>
  /** The values sent on the pipe that the thread did not handle, once it is down, in the order of sending. */
  readonly undelivered: readonly unknown[]
  /**
   * What the thread writes to its `process.stdout`, if it was started with `stdout: true`: read it, or it stays in
   * memory. Otherwise nothing comes here, since it goes to the process's own stdout.
   */
  readonly stdout: Readable
  /** The same for its `process.stderr`, with `stderr: true`. */
  readonly stderr: Readable
  /**
   * Stops the thread: it finishes its work, closes everything, reports and exits. After the deadline Zera kills it. It
   * first handles what was sent before; what is sent after may come back as undelivered. The thread waits until its own
   * messages are received. So if you do not read them, Zera kills it at the deadline.
   *
   * Calling it twice returns the same receipt; for a thread that has already ended it resolves at once. Never rejects.
   *
   * @throws {RangeError} At once, when `timeoutMs` is no number of milliseconds.
   */
  stop(options?: StopOptions): Promise<ThreadReceipt>
  /**
   * Kills the thread now, wherever it is, and nothing else with it. A thread that is loading modules dies when they are
   * loaded, or after three seconds more. What it had not handled is `undelivered`.
   */
  kill(): Promise<Down>
  /** Keeps the process alive while the thread runs, which is the default. */
  ref(): void
  /** Lets the process end even while the thread runs. */
  unref(): void
}

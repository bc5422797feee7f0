import {
  outcomeOf,
  type Down,
  type LinkReceiver,
  type Remains,
  type RemoteAccount,
  type StopOptions,
  type ThreadReceipt,
} from '@zera/core/internal'
import type { PartyElsewhere, HostThread, ProcessOfThread } from '../../platform/platform.js'
import type { ChildNode } from './child-node.js'
import type { NodeSession } from './node-session.js'
import type { RemoteThread } from './remote-thread.js'

const DEFAULT_STOP_MS = 5000
/**
 * Milliseconds that a thread has to end alone before its process is killed: for a thread that ends alone, it is known
 * what it had begun. One stuck in native code does not end alone.
 */
const ALONE_MS = 1000
/** Milliseconds that a process has to close what it has when its thread has ended. */
const CLOSE_MS = 2000

/** A thread that hosts actors and has a process to itself. When either ends, so does the other. */
export class ProcessThread implements HostThread {
  /** No host signals a thread of another process through these. */
  readonly words: SharedArrayBuffer
  readonly link: HostThread['link']
  readonly elsewhere: PartyElsewhere
  /** Resolves when the thread has ended, in a process that goes on to close what it has, or when that has ended. */
  readonly down: Promise<Down>
  readonly process: ProcessOfThread
  readonly #child: ChildNode
  readonly #session: NodeSession
  readonly #thread: RemoteThread
  #isDown = false
  #wasKilled = false

  constructor(child: ChildNode, session: NodeSession, thread: RemoteThread) {
    this.#child = child
    this.#session = session
    this.#thread = thread
    this.words = thread.words
    this.link = thread.link
    this.elsewhere = thread.elsewhere
    this.down = this.#ended()
    this.process = {
      pid: child.process.pid as number,
      limitRss: maxRssMb => child.process.limitRss(maxRssMb),
      get rssBytes() {
        return session.rssBytes
      },
    }
  }

  /** Undefined when its process ended before it could say. */
  get accounts(): ReadonlyMap<number, RemoteAccount> | undefined {
    return this.#thread.accounts
  }

  get remains(): Remains {
    return this.#thread.remains
  }

  receive(receiver: LinkReceiver): void {
    this.#thread.receive(receiver)
  }

  /**
   * Stops the thread, and resolves when its process has ended; of one that has ended already there is the receipt at
   * once.
   */
  async stop({ timeoutMs = DEFAULT_STOP_MS }: StopOptions = {}): Promise<ThreadReceipt> {
    if (this.#isDown) return this.#receipt()
    // Past the deadline its node kills the thread.
    const cancelKill = this.#killAfter(timeoutMs + ALONE_MS)
    void this.#thread.stop({ timeoutMs })
    await this.down
    cancelKill()
    await this.#child.cleared
    await this.#session.closed()
    return this.#receipt()
  }

  async kill(): Promise<Down> {
    if (this.#isDown) return this.down
    this.#wasKilled = true
    const cancelKill = this.#killAfter(ALONE_MS)
    void this.#thread.kill()
    const down = await this.down
    cancelKill()
    return down
  }

  fault(problem: string): void {
    this.#thread.fault(problem)
  }

  ref(): void {
    // The system's process stays for its processes as long as it has some.
  }

  unref(): void {
    // Likewise.
  }

  async #ended(): Promise<Down> {
    const down = await this.#thread.down
    const isAlone = this.#thread.accounts !== undefined
    if (isAlone) void this.#close()
    const ended = isAlone ? down : await this.#endOfProcess(down)
    this.#isDown = true
    return ended
  }

  /** The thread has ended, and with it what the process was for. What it had sent leaves first. */
  async #close(): Promise<void> {
    await this.#session.close(CLOSE_MS)
    await this.#child.process.stop({ timeoutMs: CLOSE_MS })
  }

  /** The process has ended, or has fallen silent and is ended now: only then is it certain that nothing of it goes on. */
  async #endOfProcess(lost: Down): Promise<Down> {
    const wasGone = this.#child.gone.aborted
    const { reason, exitCode, error } = await this.#child.process.kill()
    const { thread, incarnation } = lost
    if (this.#wasKilled && reason === 'killed') return { thread, incarnation, reason, exitCode, error: undefined }
    return wasGone && reason !== 'stopped' ? { thread, incarnation, reason, exitCode, error } : lost
  }

  #killAfter(ms: number): () => void {
    const timer = this.#session.after(ms, () => void this.#child.process.kill())
    return () => timer?.cancel()
  }

  async #receipt(): Promise<ThreadReceipt> {
    const [{ reason, exitCode }, receipt] = await Promise.all([this.down, this.#thread.stop()])
    return { ...receipt, reason, exitCode, outcome: outcomeOf(reason) }
  }
}

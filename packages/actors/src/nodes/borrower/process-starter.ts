import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { messageOf, onAbort, stayAlive, ThreadStartError, type Clock, type Filled } from '@zera/core/internal'
import { SystemStoppedError } from '../../model/errors.js'
import { agreedHeartbeat, type HeartbeatOptions } from '../../model/nodes/node-options.js'
import type { FaultListener, HostThread, HostThreadOptions, OwnProcesses } from '../../platform/platform.js'
import { NODE_PROTOCOL } from '../control/control.js'
import { startChildNode, type ChildNode } from './child-node.js'
import { NodeSession } from './node-session.js'
import { ProcessThread } from './process-thread.js'
import { loseWith } from './remote-node.js'

/** The least time that a failure takes, in milliseconds: a caller that retries at once must not block this thread. */
const AFTER_FAILURE_MS = 100

/**
 * How long a child goes on without a message from the system, in milliseconds: longer than any system lives. The system
 * kills a child that it gives up, and waits for its end, so nothing begins after that. A child whose system has ended
 * notices that by their channel. So a main thread may be blocked for any time.
 */
const LEASE_MS = 2 ** 42

/** Starts a process for each thread: a child node that lends only that thread. */
export class ProcessStarter implements OwnProcesses {
  readonly #clock: Clock
  readonly #heartbeat: Filled<HeartbeatOptions>
  readonly #system = randomBytes(16).toString('hex')
  readonly #doors = new AbortController()
  readonly #children = new Set<ChildNode>()
  /** Those whose sockets are not closed. */
  readonly #sessions = new Set<NodeSession>()
  #faulted: FaultListener = () => undefined

  constructor(clock: Clock, heartbeat: HeartbeatOptions) {
    this.#clock = clock
    this.#heartbeat = agreedHeartbeat(heartbeat)
    // Each process that is being started listens, and a pool has many at once.
    setMaxListeners(Infinity, this.#doors.signal)
  }

  readonly startThread = async (options: HostThreadOptions): Promise<HostThread> => {
    const { name = '', startMs = 10_000, maxRssMb } = options
    if (this.#doors.signal.aborted) throw new SystemStoppedError(`start process ${name}`)
    const giveUpAt = this.#clock.now() + startMs
    // Nothing else may, while there is no process.
    const mayEnd = stayAlive()
    try {
      const child = await startChildNode({ name, node: name, startMs, signal: this.#doors.signal, maxRssMb })
      this.#keep(child)
      return await this.#occupy(child, options, Math.max(1, giveUpAt - this.#clock.now()))
    } catch (error) {
      if (this.#doors.signal.aborted) throw new SystemStoppedError(`start process ${name}`)
      await new Promise<void>(resolve => this.#clock.after(AFTER_FAILURE_MS, resolve))
      throw error
    } finally {
      mayEnd()
    }
  }

  onFault(told: FaultListener): void {
    this.#faulted = told
  }

  closeDoors(): void {
    this.#doors.abort()
  }

  /** Resolves when all processes have ended, whose threads have stopped before. */
  async stop(): Promise<void> {
    this.closeDoors()
    await Promise.all([
      ...Array.from(this.#children, child => child.cleared),
      ...Array.from(this.#sessions, session => session.closed()),
    ])
  }

  kill(): void {
    for (const child of this.#children) void child.process.kill()
  }

  /** Opens the session, and starts the thread. A child that fails in that is ended. */
  async #occupy(child: ChildNode, options: HostThreadOptions, leftMs: number): Promise<HostThread> {
    const { name = '' } = options
    const { heartbeatMs, deadlineMs: silenceMs } = this.#heartbeat
    const request = {
      protocol: NODE_PROTOCOL,
      system: this.#system,
      root: undefined,
      threads: 1,
      heartbeatMs,
      deadlineMs: LEASE_MS,
    }
    const doors = this.#doors.signal
    const giveUp = (): void => void child.process.kill()
    const forget = onAbort(doors, giveUp)
    try {
      const { endpoint, security } = child
      const partner = { node: name, endpoint, security, request, silenceMs, faulted: this.#faulted }
      const session = await NodeSession.open(partner, leftMs, AbortSignal.any([doors, child.gone]), this.#clock)
      this.#sessions.add(session)
      void session.ended.then(() => session.closed()).then(() => this.#sessions.delete(session))
      loseWith(child.gone, session)
      return new ProcessThread(child, session, await session.startThread({ ...options, startMs: leftMs }))
    } catch (error) {
      const hadEnded = child.gone.aborted
      const { error: cause = error } = await child.process.kill()
      throw new ThreadStartError(name, `in its own process: ${messageOf(cause)}`, {
        cause,
        ...(hadEnded ? { process: child.process.end } : {}),
      })
    } finally {
      forget()
    }
  }

  #keep(child: ChildNode): void {
    this.#children.add(child)
    void child.cleared.then(() => this.#children.delete(child))
  }
}

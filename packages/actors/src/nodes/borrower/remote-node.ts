import { randomBytes } from 'node:crypto'
import { curveClient, onAbort, type Clock, type Endpoint } from '@zera/core/internal'
import { type NodeFaultError, NodeUnreachableError, SystemStoppedError } from '../../model/errors.js'
import type { NodeOptions } from '../../model/nodes/node-options.js'
import type { FaultListener, StartHostThread } from '../../platform/platform.js'
import type { OpenRequest } from '../control/control.js'
import { startChildNode, type ChildNode } from './child-node.js'
import { NodeSession } from './node-session.js'

/** The least time that a failure to start a thread takes, in milliseconds. */
const AFTER_FAILURE_MS = 100

/** The part of a request that is the same for all nodes of a system. */
export type SystemRequest = Omit<OpenRequest, 'threads' | 'root' | 'system'> & { readonly root: string }

/**
 * A node as its system sees it: one session after the other, and for a child node one process after the other. The next
 * one begins when a caller needs a thread of it.
 */
export class RemoteNode {
  readonly name: string
  readonly #options: NodeOptions
  readonly #request: SystemRequest
  readonly #clock: Clock
  /** The system's name at this node only: another node that knew it could take over its session. */
  readonly #system = randomBytes(16).toString('hex')
  #session: Promise<NodeSession> | undefined
  #current: NodeSession | undefined
  #child: Promise<ChildNode> | undefined
  /** Those that are not closed, also of those that are over. */
  readonly #sessions = new Set<NodeSession>()
  readonly #doors = new AbortController()
  /** Called when a session ends because of what the node has sent. */
  faulted: FaultListener = () => undefined

  constructor(options: NodeOptions, request: SystemRequest, clock: Clock) {
    this.name = options.name
    this.#options = options
    this.#request = request
    this.#clock = clock
  }

  get threads(): number {
    return this.#options.threads ?? 1
  }

  /**
   * Starts a thread on the node, and waits for it within `startMs`.
   *
   * @throws {NodeUnreachableError}
   * @throws {NodeRefusedError}
   * @throws {ThreadStartError}
   */
  readonly startThread: StartHostThread = async options => {
    try {
      const session = await this.#openSession(options.startMs ?? 10_000)
      return await session.startThread(options)
    } catch (error) {
      // A caller that retries at once must not block this thread.
      if (!this.#doors.signal.aborted) await new Promise<void>(resolve => this.#clock.after(AFTER_FAILURE_MS, resolve))
      throw error
    }
  }

  /** Opens no session any more, nor waits for one. */
  closeDoors(): void {
    this.#doors.abort()
  }

  /** Ends the session, and the process of a child. Its threads have stopped before. */
  async stop(timeoutMs: number): Promise<void> {
    this.closeDoors()
    const session = await this.#session?.catch(() => undefined)
    await session?.close(timeoutMs)
    await Promise.all(Array.from(this.#sessions, other => other.closed()))
    await this.#endChild(timeoutMs)
  }

  #openSession(startMs: number): Promise<NodeSession> {
    if (this.#doors.signal.aborted) throw new SystemStoppedError(`open a session with node ${this.name}`)
    if (this.#session === undefined || this.#current?.isOver === true) {
      this.#current = undefined
      const opening = this.#open(startMs)
      this.#session = opening
      void opening.then(
        session => {
          this.#current = session
          this.#sessions.add(session)
          void session.ended.then(async () => {
            if (this.#session === opening) this.#session = undefined
            await session.closed()
            this.#sessions.delete(session)
          })
        },
        () => {
          if (this.#session === opening) this.#session = undefined
        },
      )
    }
    return this.#session
  }

  async #open(startMs: number): Promise<NodeSession> {
    const { name: node, threads = 1, curve } = this.#options
    const child = this.#options.endpoint === undefined ? await this.#startChild(startMs) : undefined
    const { root, ...common } = this.#request
    const request: OpenRequest = {
      ...common,
      system: this.#system,
      threads,
      root: child === undefined ? root : undefined,
    }
    const partner = {
      node,
      endpoint: (child?.endpoint ?? this.#options.endpoint) as Endpoint,
      request,
      security: child?.security ?? curveClient(curve),
      faulted: (error: NodeFaultError) => this.faulted(error),
    }
    const giveUp = child === undefined ? this.#doors.signal : AbortSignal.any([this.#doors.signal, child.gone])
    const session = await NodeSession.open(partner, startMs, giveUp, this.#clock).catch(async (error: unknown) => {
      // A child that hangs gives way to another.
      await child?.process.kill()
      throw error
    })
    if (child !== undefined) loseWith(child.gone, session)
    return session
  }

  /** Starts a process, unless one runs. */
  async #startChild(startMs: number): Promise<ChildNode> {
    const running = await this.#child?.catch(() => undefined)
    if (running?.gone.aborted === false) return running
    this.#child = startChildNode({ name: `node ${this.name}`, node: this.name, startMs, signal: this.#doors.signal })
    return this.#child
  }

  async #endChild(timeoutMs: number): Promise<void> {
    const child = await this.#child?.catch(() => undefined)
    if (child === undefined) return
    await child.process.stop({ timeoutMs })
    await child.cleared
  }
}

/**
 * The end of a process on this machine is known at once, without a deadline. It may have many sessions, one after the
 * other.
 */
export function loseWith(gone: AbortSignal, session: NodeSession): void {
  const lose = (): void => void session.lose(gone.reason as NodeUnreachableError)
  const forget = onAbort(gone, lose)
  void session.ended.then(forget)
}

import { curveClient, startDetached, type Detached, type Endpoint } from '@zera/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../clock.js'
import type { StartHostThread } from '../platform.js'
import type { OpenRequest } from './control.js'
import type { NodeOptions } from './node-options.js'
import { NodeSession } from './node-session.js'

/** What all nodes of a system are told alike. */
export type SystemRequest = Omit<OpenRequest, 'threads' | 'root'> & { readonly root: string }

/** A node as its system sees it: one session after the other, and for a child one process after the other. Whoever needs a thread of it begins the next. */
export class RemoteNode {
  readonly #options: NodeOptions
  readonly #request: SystemRequest
  readonly #clock: Clock
  #session: Promise<NodeSession> | undefined
  #child: Promise<{ readonly process: Detached; readonly directory: string }> | undefined
  #isStopping = false

  constructor(options: NodeOptions, request: SystemRequest, clock: Clock) {
    this.#options = options
    this.#request = request
    this.#clock = clock
  }

  get name(): string {
    return this.#options.name
  }

  get threads(): number {
    return this.#options.threads ?? 1
  }

  /** Starts a thread on the node, which is waited for within `startMs`. @throws {NodeUnreachableError} @throws {NodeRefusedError} @throws {ThreadStartError} */
  readonly startThread: StartHostThread = async options => {
    const session = await this.#openSession(options.startMs ?? 10_000)
    return session.startThread(options)
  }

  /** Ends the session, and the process of a child. Its threads have stopped before. */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true
    const session = await this.#session?.catch(() => undefined)
    await session?.close(deadlineMs)
    await this.#endChild(deadlineMs)
  }

  #openSession(startMs: number): Promise<NodeSession> {
    if (this.#isStopping) throw new Error(`Node ${this.name} is being left`)
    if (this.#session === undefined) {
      const opening = this.#open(startMs)
      this.#session = opening
      const over = (): void => {
        if (this.#session === opening) this.#session = undefined
      }
      void opening.then(session => session.ended, () => undefined).then(over)
    }
    return this.#session
  }

  async #open(startMs: number): Promise<NodeSession> {
    const { name: node, threads = 1, curve } = this.#options
    const endpoint = (this.#options.endpoint ?? (await this.#startChild(startMs))) as Endpoint
    const { root, ...common } = this.#request
    const isChild = this.#options.endpoint === undefined
    const request: OpenRequest = { ...common, threads, root: isChild ? undefined : root }
    const partner = { node, endpoint, request, security: curveClient(curve), publicKey: curve?.serverKey }
    const session = await NodeSession.open(partner, startMs, this.#clock)
    const child = await this.#child
    // Nobody needs to wait for a deadline to know that a process of this machine has ended.
    void child?.process.down.then(({ exitCode, error }) => session.lose(`its process has ended (exit code ${exitCode})`, { cause: error }))
    return session
  }

  /** Starts a process, unless one runs. Returns where it is reached. */
  async #startChild(startMs: number): Promise<string> {
    if (this.#child === undefined) {
      const starting = this.#fork(startMs)
      this.#child = starting
      const gone = (): void => {
        if (this.#child === starting) this.#child = undefined
      }
      void starting.then(({ process }) => process.down, () => undefined).then(gone)
    }
    const { directory } = await this.#child
    return endpointIn(directory)
  }

  async #fork(startMs: number): Promise<{ readonly process: Detached; readonly directory: string }> {
    // Nobody else can look into it.
    const directory = await mkdtemp(join(tmpdir(), 'zera-node-'))
    try {
      const process = await startDetached(new URL('./node-process.js', import.meta.url), { in: 'process', name: `node ${this.name}`, startMs, data: { endpoint: endpointIn(directory), directory } })
      // One that was killed leaves it behind.
      void process.down.then(() => rm(directory, { recursive: true, force: true }))
      return { process, directory }
    } catch (error) {
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  async #endChild(deadlineMs: number): Promise<void> {
    const child = await this.#child?.catch(() => undefined)
    if (child === undefined) return
    await child.process.stop({ deadlineMs })
    await rm(child.directory, { recursive: true, force: true })
  }
}

function endpointIn(directory: string): string {
  return `ipc://${directory}/node`
}

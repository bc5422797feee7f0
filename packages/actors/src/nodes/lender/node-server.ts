import {
  guarded,
  openSocket,
  systemClock,
  type RemoteDoorOptions,
  type ServerSecurity,
  type Sockets,
} from '@zera/core/internal'
import type { NodeRefusal } from '../../model/errors.js'
import type { ModuleRoots } from '../../model/modules/module-roots.js'
import { heartbeatProblem, NODE_LIMITS, type NodeLimits } from '../../model/nodes/node-limits.js'
import { CONTROL_LIMITS, CONTROL_SOCKET_OPTIONS, readControlText, readMessage } from '../control/control-text.js'
import { isSpoken, NODE_PROTOCOL, type Bare, type OpenRequest, type OtherRequest } from '../control/control.js'
import { openDoors, type DoorKind } from './doors.js'
import { NodeLog } from './node-log.js'
import { NodeTenant } from './node-tenant.js'

/** The options of a node. */
export interface NodeServerOptions {
  /** Where systems reach it. */
  readonly endpoint: string
  /**
   * The real directory of all modules that a system may name, as a URL that ends in a slash. Undefined for the child of
   * a system, because the system may make it import whatever the system itself imports.
   */
  readonly root: string | undefined
  /** How many threads it lends at most. */
  readonly maxThreads: number
  /** What else a system may ask for. Default `NODE_LIMITS`. */
  readonly limits?: NodeLimits
  /**
   * How it encrypts, and which systems may open a session. If it encrypts, so do the doors of its threads, with keys
   * and lists of their own. Without `listen` it checks no one that connects: its endpoint lies in a directory of its
   * own.
   */
  readonly security: Partial<Pick<ServerSecurity, 'listen'>> & { readonly socketOptions: RemoteDoorOptions['security'] }
  /** How the doors of its threads lie. Default `beside`. */
  readonly doors?: DoorKind
  /** Takes each line about what went wrong. Default: the standard error, as `zera node: …`. */
  readonly log?: ((line: string) => void) | undefined
}

/** What a node has handled since its start. Counters only grow. */
export interface NodeCounts {
  /** Sessions that were opened. */
  readonly sessions: number
  /** Sessions that ended because of what their systems had sent. */
  readonly faults: number
  /** Unreadable messages from peers without a session. */
  readonly strays: number
}

/** The routing id of a system. It cannot be guessed, so no system can speak for another. */
const SESSION_ID = /^[0-9a-f]{32}$/

/**
 * A process that lends threads, to one system at a time. Its main thread runs no user code: it answers, starts threads
 * and kills them, so an actor that spins never looks like a node that is lost.
 */
export class NodeServer {
  /** Where systems reach it, with its port. */
  readonly endpoint: string
  readonly #socket: Sockets['ROUTER']
  readonly #options: NodeServerOptions
  readonly #serving: Promise<void>
  readonly #log: NodeLog
  readonly #counts = { sessions: 0, faults: 0, strays: 0 }
  #tenant: { readonly id: string; readonly tenant: NodeTenant } | undefined

  private constructor(socket: Sockets['ROUTER'], endpoint: string, options: NodeServerOptions) {
    this.#socket = socket
    this.endpoint = endpoint
    this.#options = options
    this.#log = new NodeLog(systemClock, options.log)
    this.#serving = this.#serve()
  }

  /**
   * @throws {AddressError}
   * @throws {EndpointError} When its endpoint cannot be bound; nothing is open then.
   */
  static async start(options: NodeServerOptions): Promise<NodeServer> {
    const socket = await openSocket('ROUTER', {
      ...options.security.socketOptions,
      ...CONTROL_SOCKET_OPTIONS,
      mandatory: false,
      handover: true,
    })
    try {
      return new NodeServer(
        socket,
        (await options.security.listen?.(socket, options.endpoint)) ?? (await socket.bind(options.endpoint)),
        options,
      )
    } catch (error) {
      await socket.close()
      throw error
    }
  }

  get counts(): NodeCounts {
    return { ...this.#counts }
  }

  /** Ends the session that there is, with its threads, and takes no other. */
  async stop(): Promise<void> {
    await this.#tenant?.tenant.end('the node was stopped')
    await this.#socket.close()
    await this.#serving
    this.#sayCounts()
  }

  /** Makes the present system prove that it still gets in, or lose its session: the list of clients has changed. */
  expectProof(): void {
    this.#tenant?.tenant.expectProof()
  }

  async #serve(): Promise<void> {
    for await (const [id, ...frames] of this.#socket)
      if (id !== undefined) guarded(() => this.#take(id.toString('latin1'), frames))
  }

  #take(from: string, frames: readonly Buffer[]): void {
    // A session is one of a routing id.
    if (this.#tenant?.id === from) this.#tenant.tenant.take(readMessage(frames, CONTROL_LIMITS.maxBytes))
    else this.#takeStranger(from, frames)
  }

  /**
   * What is left of a session that has ended is nothing to wonder at; of what cannot be read there was never one.
   * Neither is answered.
   */
  #takeStranger(from: string, frames: readonly Buffer[]): void {
    const message = readMessage(frames, CONTROL_LIMITS.maxStrangerBytes)
    const text = 'reason' in message || !SESSION_ID.test(from) ? undefined : readControlText(message.value)
    if (text === undefined || 'reason' in text) this.#countStray()
    else if (text.value.kind === 'bare' && text.value.bare.open !== undefined) this.#open(from, text.value.bare.open)
  }

  /** Whatever lines were left out before. */
  #sayCounts(): void {
    const { sessions, faults, strays } = this.#counts
    if (faults + strays > 0)
      this.#log.end(
        `since the start, ${faults} of ${sessions} sessions were ended because of invalid messages, and ${strays} messages without a session could not be read`,
      )
  }

  #countStray(): void {
    this.#counts.strays += 1
    // Each line tells of as many as all lines before it.
    if (Number.isInteger(Math.log2(this.#counts.strays)))
      this.#log.say(`messages without a session that could not be read: ${this.#counts.strays}`)
  }

  #open(id: string, request: OpenRequest | OtherRequest): void {
    const tenant = this.#tenant?.tenant
    const problem = isSpoken(request) ? heartbeatProblem(request, this.#options.limits) : undefined
    if (!isSpoken(request)) this.#refuse(id, { why: 'protocol', protocol: NODE_PROTOCOL })
    else if (problem !== undefined) this.#refuse(id, { why: 'limits', problem })
    else if (request.threads > this.#options.maxThreads)
      this.#refuse(id, { why: 'threads', maxThreads: this.#options.maxThreads })
    else if (tenant === undefined) this.#move(id, request)
    // A system that asks anew has given its old session up. It is asked again when that has ended.
    else if (tenant.request.system === request.system || !tenant.isAlive)
      void tenant.end('another session takes its place')
    else this.#refuse(id, { why: 'busy' })
  }

  #refuse(id: string, refused: NodeRefusal): void {
    const bare: Bare = { refused }
    this.#transmit(id, JSON.stringify(bare))
  }

  #move(id: string, request: OpenRequest): void {
    const { security } = this.#options
    const tenant = new NodeTenant(request, {
      clock: systemClock,
      doors: openDoors(this.#options.doors ?? 'beside', this.endpoint),
      isEncrypted: security.socketOptions.curveServer === true,
      roots: this.#rootsFor(request),
      limits: this.#options.limits ?? NODE_LIMITS,
      faulted: reason => {
        this.#counts.faults += 1
        this.#log.say(`session of system ${request.system.slice(0, 8)} ended: ${reason}`)
      },
      transmit: text => this.#transmit(id, text),
      left: () => {
        if (this.#tenant?.tenant === tenant) this.#tenant = undefined
      },
    })
    this.#tenant = { id, tenant }
    this.#counts.sessions += 1
    tenant.open()
  }

  #rootsFor({ root: system }: OpenRequest): ModuleRoots | undefined {
    const { root: node } = this.#options
    return node === undefined ? undefined : { system: system ?? node, node }
  }

  #transmit(id: string, text: string): void {
    // What is not taken is lost, and said again when it is missed.
    this.#socket.send([id, text]).catch(() => undefined)
  }
}

import { type CurveKeys, guarded, openSocket, type RemoteDoorOptions, type ServerSecurity, type Sockets } from '@zera/core'
import { systemClock } from '../clock.js'
import type { ModuleRoots } from '../module-roots.js'
import { isRequest, NODE_PROTOCOL, readBare, type Bare, type OpenRequest, type NodeRefusal } from './control.js'
import { openDoors, type DoorKind } from './doors.js'
import { heartbeatProblem, NODE_LIMITS, type NodeLimits } from './node-limits.js'
import { Tenancy } from './tenancy.js'

/** How a node serves. */
export interface NodeServerOptions {
  /** Where systems reach it. */
  readonly endpoint: string
  /** The real directory of all modules that a system may name, as a URL that ends in a slash. Undefined for the child of a system, which may have it import whatever that imports itself. */
  readonly root: string | undefined
  /** How many threads it lends at most. */
  readonly maxThreads: number
  /** What else a system may ask for. Default `NODE_LIMITS`. */
  readonly limits?: NodeLimits
  /** How it encrypts, and lets others in. Without `listen` nothing stands between it and whoever connects: its endpoint lies in a directory of its own. */
  readonly security: Pick<ServerSecurity, 'admit'> & Partial<Pick<ServerSecurity, 'listen'>> & { readonly socketOptions: RemoteDoorOptions['security'] }
  /** How the doors of its threads lie. Default `beside`. */
  readonly doors?: DoorKind
  /** By which its threads are let in by other nodes. */
  readonly keys?: CurveKeys | undefined
}

/**
 * A process that lends threads, to one system at a time. Its main thread runs no user code: it answers, starts threads and kills them, so an actor that spins never looks like a node that is lost.
 */
export class NodeServer {
  /** Where systems reach it, with its port. */
  readonly endpoint: string
  readonly #socket: Sockets['ROUTER']
  readonly #options: NodeServerOptions
  readonly #serving: Promise<void>
  #tenant: { readonly id: string; readonly tenancy: Tenancy } | undefined

  private constructor(socket: Sockets['ROUTER'], endpoint: string, options: NodeServerOptions) {
    this.#socket = socket
    this.endpoint = endpoint
    this.#options = options
    this.#serving = this.#serve()
  }

  /** @throws {AddressError} @throws {EndpointError} When its endpoint cannot be bound; nothing is open then. */
  static async start(options: NodeServerOptions): Promise<NodeServer> {
    const socket = await openSocket('ROUTER', { ...options.security.socketOptions, linger: 200, mandatory: false, handover: true })
    try {
      return new NodeServer(socket, (await options.security.listen?.(socket, options.endpoint)) ?? (await socket.bind(options.endpoint)), options)
    } catch (error) {
      await socket.close()
      throw error
    }
  }

  /** Ends the session that there is, with its threads, and takes no other. */
  async stop(): Promise<void> {
    await this.#tenant?.tenancy.end('the node was stopped')
    await this.#socket.close()
    await this.#serving
  }

  /** Has the system that there is show that it still gets in, or lose its session: the list of clients has changed. */
  expectProof(): void {
    this.#tenant?.tenancy.expectProof()
  }

  async #serve(): Promise<void> {
    for await (const [id, text] of this.#socket) {
      if (id !== undefined && text !== undefined) guarded(() => this.#take(id.toString(), text.toString()))
    }
  }

  #take(from: string, text: string): void {
    if (this.#tenant?.id === from) this.#tenant.tenancy.take(text)
    // A session is one of a routing id. What is left of others says nothing that asks to be let in.
    const open = readBare(text)?.open
    if (isRequest(open)) this.#open(from, open)
  }

  #open(id: string, request: OpenRequest): void {
    const tenancy = this.#tenant?.tenancy
    const refused = this.#refusal(request)
    if (refused !== undefined) this.#answer(id, { refused })
    else if (this.#tenant?.id === id) tenancy?.open()
    else if (tenancy === undefined) this.#move(id, request)
    // A system that asks anew has given its old session up. It is asked again when that has ended.
    else if (tenancy.request.system === request.system || !tenancy.isAlive) void tenancy.end('another session takes its place')
    else this.#answer(id, { refused: { why: 'busy' } })
  }

  #refusal(request: OpenRequest): NodeRefusal | undefined {
    const { protocol, threads } = request
    if (protocol !== NODE_PROTOCOL) return { why: 'protocol', protocol: NODE_PROTOCOL }
    const problem = heartbeatProblem(request, this.#options.limits)
    if (problem !== undefined) return { why: 'limits', problem }
    return threads > this.#options.maxThreads ? { why: 'threads', maxThreads: this.#options.maxThreads } : undefined
  }

  #move(id: string, request: OpenRequest): void {
    const { security } = this.#options
    const tenancy = new Tenancy(request, {
      clock: systemClock,
      doors: openDoors(this.#options.doors ?? 'beside', this.endpoint),
      security: security.socketOptions,
      roots: this.#rootsFor(request),
      limits: this.#options.limits ?? NODE_LIMITS,
      keys: this.#options.keys,
      admit: key => void security.admit(key),
      transmit: text => this.#transmit(id, text),
      left: () => {
        if (this.#tenant?.tenancy === tenancy) this.#tenant = undefined
      },
    })
    this.#tenant = { id, tenancy }
    tenancy.open()
  }

  #rootsFor({ root: system }: OpenRequest): ModuleRoots | undefined {
    const { root: node } = this.#options
    return node === undefined ? undefined : { system: system ?? node, node }
  }

  #answer(id: string, bare: Bare): void {
    this.#transmit(id, JSON.stringify(bare))
  }

  #transmit(id: string, text: string): void {
    // What is not taken is lost, and said again when it is missed.
    this.#socket.send([id, text]).catch(() => undefined)
  }
}

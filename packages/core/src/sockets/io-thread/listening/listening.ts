import { connect, createServer, type Server, type Socket } from 'node:net'
import { clearInterval, epochMs, monotonicMs, setImmediate, setInterval } from '../../../base/runtime/real-timers.js'
import { callerClock, within } from '../../../base/time/clock.js'
import { CUT_REASONS, CUT_TEXTS, type ConnectionCounts, type CutReason } from '../../connection-counts.js'
import { domainOfConnection } from '../../messages/zap.js'
import type { CheckedLimits } from '../../options/listening-limits.js'
import type { Peer } from '../../peer.js'
import type { SocketEvent } from '../../socket-event.js'
import { BoxedAccount } from './accounts/boxed-account.js'
import { ClearAccount } from './accounts/clear-account.js'
import type { HeldAccount } from './accounts/held-account.js'
import { DescriptorRoom } from './descriptor-room.js'
import { EndedWays, type Way } from './ended-ways.js'
import { InnerEndpoint } from './inner-endpoint.js'
import { InnerWays } from './inner-ways.js'
import { meetZeroMq } from './meet-zeromq.js'
import { boundEndpoint, listenAt, listenOptions } from './outer-endpoint.js'
import { hasPrivateDirectories } from './private-directory.js'
import { ProofGate } from './proof-gate.js'
import { RelayedConnection, type InnerAddress, type Relaying } from './relayed-connection.js'
import { whoGivesWay } from './who-gives-way.js'
import type { Mechanism } from './zmtp/zmtp.js'

/** The socket behind it. */
export interface ListeningSocket {
  /** Whether it waits for messages. */
  readonly isWaiting: boolean
  /** Messages that it has received. */
  readonly received: number
  /** Whether there is a message to receive. Not for one that waits. */
  readonly isReadable: boolean
  /** Binds it. Resolves with the endpoint that it got. */
  bind(endpoint: string): Promise<string>
  /** Connects it once, to a peer that has this routing id whatever it says, with options for this connection alone. */
  connectOnce(endpoint: string, routingId: string, options: { readonly zapDomain?: string }): Promise<void>
  /** Lets go of what was connected once, whose connection has ended, and by which nothing more is to receive. */
  letGo(endpoint: string, routingId: string): Promise<void>
}

/** How what listens differs from others. */
export interface ListeningOptions {
  readonly mechanism: Mechanism
  readonly limits: CheckedLimits
  readonly ipv6: boolean
  /**
   * Whether clients choose their routing ids, and a connection may take that of another one over. Else what they choose
   * counts for nothing, and each connection has one of its own.
   */
  readonly handover: boolean
  /** The domain that decides about clients; `''` where none does. */
  readonly domain: string
  /** Of that domain, for where ZeroMQ does not say of which connection a key is. */
  readonly gate: ProofGate
  /** Its counts have changed. */
  changed(): void
  /** Something has happened to its connections. */
  told(event: SocketEvent): void
  /** A client is in, under that routing id of this side. What it says comes behind this. */
  admitted(routingId: string, peer: Peer): void
  /** It has gone. What it has said may still come. */
  left(routingId: string): void
}

/** Milliseconds between two looks at what waits. */
const LOOK_MS = 100
/** Milliseconds without a message after which there is none to receive. */
const QUIET_MS = 90
/** Descriptors of the way to ZeroMQ: this side's, its own, and while it is opened the one where they meet. */
const INNER_DESCRIPTORS = 3
/** The part of what may be held at which reading goes on. */
const RESUME = 0.75
/** Connections that make room when there was no descriptor to take another one. */
const CROWD = 4

/** Connections of this process that have a routing id of their own. */
let named = 0

/** The listeners that have not ended. */
const all = new Set<Listening>()

/**
 * Stands between a listening socket and its clients. It limits what clients can make the process hold, before ZeroMQ
 * holds it, and knows the client of each connection. It lives in the I/O thread.
 *
 * A client can end only its own connection. ZeroMQ keeps what was let in and not yet received: `maxHeldBytes`, plus
 * what is on its way on each connection, about 300 KB at most.
 */
export class Listening implements Relaying {
  readonly mechanism: Mechanism
  readonly gate: ProofGate | undefined
  readonly drainMs: number
  isPaused = false
  unanswered = 0
  readonly #socket: ListeningSocket
  readonly #options: ListeningOptions
  readonly #limits: CheckedLimits
  readonly #account: HeldAccount & { readonly surplus?: readonly object[] }
  /** Whether each connection has a routing id that its client has not chosen. */
  readonly #namesConnections: boolean
  /** Where ZeroMQ is bound, where it does not connect. */
  #endpoint: InnerEndpoint | undefined
  #isBound: Promise<void> | undefined
  #inner: InnerAddress = { path: '' }
  readonly #servers = new Map<string, Server>()
  readonly #connections = new Set<RelayedConnection>()
  /** Those whose handshake is not complete, oldest first. */
  readonly #halfOpen = new Set<RelayedConnection>()
  readonly #room = new DescriptorRoom()
  readonly #routingIds = new Set<string>()
  /** Those with a name of their own, by it. */
  readonly #named = new Map<string, RelayedConnection>()
  readonly #ways = new InnerWays()
  readonly #ended = new EndedWays()
  #isLookingForEmpty = false
  #accepted = 0
  readonly #cut = Object.fromEntries(CUT_REASONS.map(reason => [reason, 0])) as Record<CutReason, number>
  #looking: NodeJS.Timeout | undefined
  #isClosing = false
  /** Since when the server has waited for messages, and how many it had received. */
  #quiet: { readonly received: number; readonly since: number } | undefined
  /** When there was nothing to receive for the last time. */
  #emptyAt = -Infinity
  #end: () => void = () => undefined
  readonly ended = new Promise<void>(resolve => (this.#end = resolve))

  constructor(socket: ListeningSocket, options: ListeningOptions) {
    this.#socket = socket
    this.#options = options
    this.#limits = options.limits
    this.mechanism = options.mechanism
    this.#namesConnections = !options.handover && hasPrivateDirectories
    this.gate = this.#namesConnections ? undefined : options.gate
    // Only where ZeroMQ connects does it say which connection a password came by.
    if (options.mechanism === 'PLAIN' && !this.#namesConnections)
      throw Object.assign(new Error('PLAIN needs routing ids of this side'), { code: 'EOPNOTSUPP' })
    this.drainMs = options.limits.handshakeMs
    this.#account = options.mechanism === 'CURVE' ? new BoxedAccount(options.limits) : new ClearAccount(options.limits)
    all.add(this)
  }

  /** Resolves when what listened in this process has ended, but after that time at the latest. */
  static async allEnded(maxMs: number): Promise<void> {
    await Promise.all([...all].map(listening => listening.endedWithin(maxMs)))
  }

  /**
   * Resolves when all of its connections have ended, but after that time at the latest. After that, no client sends
   * anything more to a listener that has stopped.
   */
  async endedWithin(maxMs: number): Promise<void> {
    await within(callerClock, maxMs, this.ended)
  }

  get counts(): ConnectionCounts {
    return { open: this.#connections.size, accepted: this.#accepted, cut: this.#cut }
  }

  /**
   * Listens at an endpoint. Resolves with it as it is.
   *
   * @throws What the operating system or ZeroMQ says, with its code.
   */
  async bind(endpoint: string): Promise<string> {
    if (!this.#namesConnections) await (this.#isBound ??= this.#bindInner())
    let bound = endpoint
    const server = createServer({ pauseOnConnect: false }, socket => this.#accept(socket, bound))
    await listenAt(server, listenOptions(endpoint, this.#options.ipv6))
    server.on('error', error => this.#notAccepted(error))
    bound = boundEndpoint(endpoint, server)
    this.#servers.set(bound, server)
    this.#options.told({ type: 'listening', endpoint: bound, atMs: epochMs() })
    return bound
  }

  /** Stops listening at an endpoint. Connected clients stay. Returns whether it did listen there. */
  unbind(endpoint: string): boolean {
    this.#servers.get(endpoint)?.close()
    const wasBound = this.#servers.delete(endpoint)
    if (wasBound) this.#options.told({ type: 'closed', endpoint, atMs: epochMs() })
    return wasBound
  }

  /**
   * Translates an event of ZeroMQ, which sees this side, for a monitor: ZeroMQ reports handshakes, and this side the
   * rest.
   */
  seenFromOutside(event: SocketEvent): SocketEvent | undefined {
    if (event.type !== 'handshake-succeeded' && event.type !== 'handshake-failed') return undefined
    if (!this.#namesConnections) return { ...event, endpoint: [...this.#servers.keys()].join(' ') }
    const way = this.#ways.get(event.endpoint)
    return way && { ...event, ...way }
  }

  /** ZeroMQ was answered about a key of the connection of that name, or of the one whose turn it is. */
  judged(name: string, publicKey: string, isAllowed: boolean, userId: string): void {
    this.#named.get(name)?.judged(publicKey, isAllowed, userId)
  }

  /** The address of the client of that name. */
  peerOf(name: string): string | undefined {
    return this.#named.get(name)?.peer
  }

  /** Accepts no more connections and no more data. Connected clients get what ZeroMQ still has for them. */
  close(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    for (const endpoint of this.#servers.keys()) this.unbind(endpoint)
    for (const connection of this.#connections) connection.end()
    this.#endpoint?.remove()
    this.#endIfClosed()
  }

  /** Ends the connections of clients that are no longer wanted. */
  dismiss(isUnwanted: (publicKey: string) => boolean): void {
    for (const connection of this.#connections)
      if (connection.publicKey !== undefined && isUnwanted(connection.publicKey)) this.cut(connection, 'dismissed')
  }

  /** The socket has received a message. */
  cameOut(frames: readonly Buffer[]): void {
    this.#account.cameOut(frames)
    if (this.#ended.size > 0) {
      this.#letGo(this.#ended.received(String(frames[0]), this.#wayCount))
      this.#lookForEmpty()
    }
    if (this.isPaused && this.#account.heldBytes < RESUME * this.#limits.maxHeldBytes) this.#pause(false)
  }

  hasRoom(): boolean {
    return this.#takeRoom(INNER_DESCRIPTORS)
  }

  openInner(connection: RelayedConnection, opened: (inner: Socket) => void, failed: () => void): () => void {
    if (!this.#namesConnections) {
      opened(connect({ ...this.#inner }))
      return () => undefined
    }
    named += 1
    const routingId = `connection-${named}`
    connection.innerId = routingId
    this.#named.set(routingId, connection)
    const { domain } = this.#options
    return meetZeroMq({
      connect: endpoint => {
        this.#ways.add(endpoint, connection)
        connection.way = { endpoint, routingId }
        this.#ended.opened()
        return this.#socket.connectOnce(
          endpoint,
          routingId,
          domain === '' ? {} : { zapDomain: domainOfConnection(domain, routingId) },
        )
      },
      met: opened,
      failed,
    })
  }

  openMeter({ innerId }: RelayedConnection): ReturnType<HeldAccount['open']> {
    this.#look()
    return this.#account.open(innerId)
  }

  admitted(connection: RelayedConnection): CutReason | undefined {
    this.#halfOpen.delete(connection)
    const { routingId, innerId, peer: address, publicKey, userId } = connection
    if (innerId !== undefined)
      this.#options.admitted(innerId, {
        address,
        ...(publicKey !== undefined && { publicKey }),
        ...(userId !== undefined && { userId }),
      })
    if (routingId === '' || this.#options.handover || this.#namesConnections) return undefined
    // ZeroMQ would never read it, and never let go of what it says.
    if (this.#routingIds.has(routingId)) {
      connection.routingId = ''
      return 'duplicate'
    }
    this.#routingIds.add(routingId)
    return undefined
  }

  cut(connection: RelayedConnection, why: CutReason): void {
    if (!this.#connections.has(connection)) return
    this.#cut[why] += 1
    const { endpoint, peer, stage } = connection
    if (stage !== undefined)
      this.#options.told({
        type: 'handshake-failed',
        reason: { kind: 'cut', cut: why, text: CUT_TEXTS[why] },
        endpoint,
        peer,
        atMs: epochMs(),
      })
    // What ZeroMQ says of it is no news.
    this.#ways.remove(connection)
    connection.destroy()
    this.#options.changed()
  }

  refused(): void {
    this.#cut.refused += 1
  }

  wayEnded(way: Way): void {
    if (this.#isClosing) return
    this.#ended.add(way, this.#wayCount)
    this.#look()
    this.#lookForEmpty()
  }

  closed(connection: RelayedConnection): void {
    this.#connections.delete(connection)
    this.#halfOpen.delete(connection)
    this.#routingIds.delete(connection.routingId)
    const { innerId } = connection
    if (innerId !== undefined) this.#named.delete(innerId)
    if (innerId !== undefined && connection.stage === undefined) this.#options.left(innerId)
    this.#ways.forget(connection)
    const { endpoint, peer } = connection
    this.#options.told({ type: 'disconnected', endpoint, peer, atMs: epochMs() })
    if (connection.meter !== undefined) this.#account.close(connection.meter, monotonicMs())
    this.#options.changed()
    this.#endIfClosed()
  }

  async #bindInner(): Promise<void> {
    this.#endpoint = new InnerEndpoint()
    this.#inner = this.#endpoint.bound(await this.#socket.bind(this.#endpoint.endpoint))
    if (this.#isClosing) this.#endpoint.remove()
  }

  #accept(socket: Socket, endpoint: string): void {
    this.#accepted += 1
    const connection = new RelayedConnection(socket, this, endpoint)
    this.#options.told({ type: 'accepted', endpoint, peer: connection.peer, atMs: epochMs() })
    this.#connections.add(connection)
    this.#halfOpen.add(connection)
    if (this.#isClosing) connection.destroy()
    else if (Math.max(this.#connections.size, this.#ended.size) > this.#limits.maxConnections) this.#makeRoom(1)
    else this.#takeRoom(1)
    this.#look()
    this.#options.changed()
  }

  /** There was no descriptor for it. Node has let it go. */
  #notAccepted(error: Error): void {
    void error
    this.#cut.crowded += 1
    this.#makeRoom(CROWD)
    this.#options.changed()
  }

  #takeRoom(descriptors: number): boolean {
    while (!this.#room.take(descriptors, this.unanswered)) if (this.#makeRoom(1) === 0) return false
    return true
  }

  /** Ends connections that have not proved anything. Answers how many there were. */
  #makeRoom(connections: number): number {
    for (let ended = 0; ended < connections; ended++) {
      const connection = whoGivesWay(this.#halfOpen)
      if (connection === undefined) return ended
      this.#halfOpen.delete(connection)
      this.cut(connection, 'crowded')
      this.#room.give(1)
    }
    return connections
  }

  #look(): void {
    this.#looking ??= setInterval(() => this.#lookNow(), Math.min(LOOK_MS, Math.ceil(this.#limits.handshakeMs / 4)))
  }

  #lookNow(): void {
    const now = monotonicMs()
    for (const connection of this.#halfOpen) {
      if (now < connection.openedAt + this.#limits.handshakeMs) break
      this.#halfOpen.delete(connection)
      this.cut(connection, 'late')
    }
    this.#lookForEmpty()
    // After two turns of the loop it has received what was there.
    setImmediate(() => setImmediate(() => this.#settle(now)))
  }

  /** How many ways ZeroMQ has, at most. */
  get #wayCount(): number {
    return this.#connections.size + this.#ended.size
  }

  /**
   * Lets go of the ways that have ended if there is nothing to receive. Once for all that end, or are received, in two
   * turns of the loop: a message that was there has been received by then.
   */
  #lookForEmpty(): void {
    if (this.#isLookingForEmpty || this.#ended.size === 0) return
    this.#isLookingForEmpty = true
    const { isWaiting: hasWaited, received } = this.#socket
    const { last } = this.#ended
    setImmediate(() =>
      setImmediate(() => {
        this.#isLookingForEmpty = false
        const socket = this.#socket
        const isEmpty = socket.isWaiting ? hasWaited && socket.received === received : !socket.isReadable
        if (isEmpty) this.#letGo(this.#ended.empty(last))
      }),
    )
  }

  #letGo(ways: readonly Way[]): void {
    for (const { endpoint, routingId } of ways) void this.#socket.letGo(endpoint, routingId)
  }

  #settle(now: number): void {
    const { isWaiting, received } = this.#socket
    // Where ZeroMQ may keep few messages of a connection, it takes the next ones from the operating system only when those were received: that there is none at one moment says nothing.
    if (!isWaiting || this.#quiet?.received !== received) this.#quiet = isWaiting ? { received, since: now } : undefined
    else if (now >= this.#quiet.since + QUIET_MS) this.#emptyAt = now
    this.#account.settle(this.#emptyAt)
    this.#cutUnfinished()
    if (this.isPaused !== this.#isOver(this.isPaused ? RESUME : 1)) this.#pause(!this.isPaused)
    if (this.#wayCount > 0 || this.#account.heldBytes > 0) return
    clearInterval(this.#looking)
    this.#looking = undefined
  }

  #isOver(part: number): boolean {
    return this.#account.heldBytes > part * this.#limits.maxHeldBytes
  }

  /** Ends those of which ZeroMQ keeps too much that the server cannot receive. */
  #cutUnfinished(): void {
    const surplus = this.#account.surplus ?? []
    let open: RelayedConnection[] = []
    for (const connection of this.#connections) {
      const { meter } = connection
      if (meter === undefined || !connection.isSettled(this.#emptyAt)) continue
      if (meter.isBeyond || surplus.includes(meter)) this.cut(connection, 'unfinished')
      else if (this.isPaused && meter.heldBytes > 0) open.push(connection)
    }
    if (!this.isPaused) return
    let leftBytes = this.#account.heldBytes
    open = open.toSorted((a, b) => (b.meter?.heldBytes ?? 0) - (a.meter?.heldBytes ?? 0))
    for (const connection of open) {
      if (leftBytes <= RESUME * this.#limits.maxHeldBytes) return
      leftBytes -= connection.meter?.heldBytes ?? 0
      this.cut(connection, 'unfinished')
    }
  }

  #pause(isPaused: boolean): void {
    this.isPaused = isPaused
    for (const connection of this.#connections) connection.flow()
  }

  #endIfClosed(): void {
    if (!this.#isClosing || this.#connections.size > 0) return
    clearInterval(this.#looking)
    all.delete(this)
    this.#end()
  }
}

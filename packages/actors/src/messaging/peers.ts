import { throwUncaught } from '@zera/core/internal'
import { SYSTEM } from '../model/address.js'
import { LinkError, linkRefusal, type LinkRefusal } from '../model/errors.js'
import type { PeerDown } from '../platform/peer-down.js'
import { discardEnd, type HostEnd, type Transport } from '../platform/transport.js'
import type { ConnectionHost } from './connection-host.js'
import { Connection } from './connection.js'

/** The other hosts, as one host knows them: a connection to each that it has talked to. */
export class Peers {
  readonly #local: () => ConnectionHost
  readonly #transport: Transport
  readonly #requestLink: (peer: number) => void
  readonly #sever: ((peer: number, link: number, refusal: LinkRefusal) => void) | undefined
  readonly #settled: (peer: number, link: number, lost: number) => void
  readonly #connections = new Map<number, Connection>()
  /** The connections that there are, by the numbers of their hosts. */
  readonly connections: ReadonlyMap<number, Connection> = this.#connections
  readonly #gone = new Set<number>()
  readonly #settling = new Set<Promise<void>>()
  /** News about peers whose messages are still being settled for redelivery. */
  readonly #laterNews = new Map<number, (() => void)[]>()
  #isClosed = false

  /**
   * @param local What each connection needs from this host; it is requested with the first connection.
   * @param requestLink Asks the main thread for an introduction.
   * @param sever Tells the main thread that a link cannot be opened here, and why. Without it, and also when the peer
   *   is the main thread's host, the failure is an error of this thread: nothing works without that link.
   * @param settled Called when everything on the link to a host that went down is settled. It gets the number of that
   *   link, and how many messages that host had accepted for this one and never sent.
   */
  constructor(
    local: () => ConnectionHost,
    transport: Transport,
    requestLink: (peer: number) => void,
    sever: ((peer: number, link: number, refusal: LinkRefusal) => void) | undefined,
    settled: (peer: number, link: number, lost: number) => void,
  ) {
    this.#local = local
    this.#transport = transport
    this.#requestLink = requestLink
    this.#sever = sever
    this.#settled = settled
  }

  /** The connection to a host; the first use asks for an introduction. Undefined when the host is gone. */
  connectionTo(peer: number): Connection | undefined {
    const existing = this.#connections.get(peer)
    if (existing !== undefined) return existing
    if (this.#gone.has(peer)) return undefined
    this.#create(peer)
    this.#requestLink(peer)
    // The main thread answers at once, and the answer may be that the host is gone.
    return this.#connections.get(peer)
  }

  /** Takes this host's end of the link to another host. */
  linked(peer: number, end: HostEnd): void {
    if (this.#waits(peer, () => this.linked(peer, end))) return
    // A closed host takes no new links; the peer learns that it went down, and settles what it had sent.
    if (this.#isClosed) {
      discardEnd(end)
      return
    }
    const connection = this.#connections.get(peer) ?? this.#create(peer)
    try {
      connection.open(end)
    } catch (error) {
      this.#cannotOpen(peer, connection, end, error as Error)
    }
  }

  /** The other side of the link with this number, in another process, admits this one. */
  admitted(peer: number, link: number): void {
    if (this.#waits(peer, () => this.admitted(peer, link))) return
    const connection = this.#connections.get(peer)
    if (connection?.incarnation === link) connection.link.admitted?.()
  }

  /**
   * A host could not open its side of the link with this number (0 for a link that was not even made). It has begun
   * nothing, and may be linked again.
   */
  severed(peer: number, link: number, refusal: LinkRefusal): void {
    if (this.#waits(peer, () => this.severed(peer, link, refusal))) return
    const connection = this.#connections.get(peer)
    if (connection?.incarnation !== link) return
    this.#connections.delete(peer)
    connection.giveUp(() => new LinkError(peer, refusal))
    if (connection.isOpen) this.#settled(peer, link, 0)
  }

  /** A host went down. Another incarnation may follow. */
  down(peer: number, down: PeerDown): void {
    if (this.#waits(peer, () => this.down(peer, down))) return
    const connection = this.#connections.get(peer)
    if (connection?.isOpen !== true) return
    // From here on messages go to the next incarnation.
    this.#connections.delete(peer)
    const next = down.redelivery === undefined ? undefined : this.#next(peer)
    const settling = this.#settle(connection, down, next).finally(() => this.#settling.delete(settling))
    this.#settling.add(settling)
  }

  /** A host is gone, and no other replaces it. */
  gone(peer: number): void {
    this.#gone.add(peer)
    if (this.#waits(peer, () => this.gone(peer))) return
    const connection = this.#connections.get(peer)
    if (connection?.isOpen !== false) return
    this.#connections.delete(peer)
    connection.gone()
  }

  /** Resolves when everything left by peers that went down before now is settled. */
  async settledByNow(): Promise<void> {
    await Promise.all(this.#settling)
  }

  /** Resolves when everything left by peers that went down is settled. */
  async settled(): Promise<void> {
    while (this.#settling.size > 0) await Promise.all(this.#settling)
  }

  /** Resolves when nothing waits to be sent. */
  async flushed(): Promise<void> {
    await Promise.all(this.#unflushed.map(connection => connection.flushed()))
  }

  /** Whether nothing waits to be sent. */
  get isFlushed(): boolean {
    return this.#unflushed.length === 0
  }

  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }

  /** Waiting messages go back, and the next send tries another link. */
  #cannotOpen(peer: number, connection: Connection, end: HostEnd, cause: Error): void {
    if (this.#sever === undefined || peer === SYSTEM.host) throw cause
    const refusal = linkRefusal(cause)
    this.#connections.delete(peer)
    discardEnd(end)
    connection.giveUp(() => new LinkError(peer, refusal, { cause }))
    this.#sever(peer, end.incarnation, refusal)
  }

  /** This includes messages that wait for a link: the main thread makes it, or says that the other host is gone. */
  get #unflushed(): Connection[] {
    return [...this.#connections.values()].filter(connection => connection.link.outbox.backlog > 0)
  }

  async #settle(connection: Connection, down: PeerDown, next: Connection | undefined): Promise<void> {
    const peer = connection.host
    // An error here must not hold back news about the peer meanwhile.
    const lost = await connection.down(down, this.#local().messenger.asks.last, next).catch((error: unknown) => {
      throwUncaught(error)
      return 0
    })
    this.#settled(peer, connection.incarnation, lost)
    if (next === undefined) return
    const news = this.#laterNews.get(peer) ?? []
    this.#laterNews.delete(peer)
    const before = new Set(this.#settling)
    for (const take of news) take()
    // The end of the next incarnation may have been among them, and the callers that wait for this to settle wait for that too.
    await Promise.all([...this.#settling].filter(settling => !before.has(settling)))
  }

  /**
   * Makes the connection to the next incarnation. Messages sent there meanwhile wait for the redelivered ones, so news
   * about it waits until those are settled.
   */
  #next(peer: number): Connection {
    this.#laterNews.set(peer, [])
    this.#requestLink(peer)
    return this.#create(peer)
  }

  /** Whether news of a peer has to wait; it is taken again then. */
  #waits(peer: number, news: () => void): boolean {
    const later = this.#laterNews.get(peer)
    later?.push(news)
    return later !== undefined
  }

  #create(peer: number): Connection {
    const connection = new Connection(this.#local(), peer, this.#transport)
    this.#connections.set(peer, connection)
    return connection
  }
}

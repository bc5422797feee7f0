import { epochMs, eventLoopTurned, nextTick, setTimeout } from '../../base/runtime/real-timers.js'
import type { LinkReceiver } from '../../link/link-receiver.js'
import type { Link } from '../../link/link.js'
import type { SocketType } from '../../native/socket-type.js'
import type { Cause } from '../diagnosis.js'
import type { IoNotice, IoReport, IoRequest } from '../io-protocol.js'
import { packFrame, unpackFrame, type WireFrame } from '../messages/frames.js'
import { splitDomain } from '../messages/zap.js'
import { fillLimits, type ListeningLimits } from '../options/listening-limits.js'
import { PUMP_SIDES, type CheckedPump, type PumpSide } from '../options/pump-options.js'
import type { SocketEvent } from '../socket-event.js'
import { Listening } from './listening/listening.js'
import { ProofGate } from './listening/proof-gate.js'
import { sideOf } from './monitor/read-event.js'
import { SessionMonitors } from './monitor/session-monitors.js'
import { ServedPump } from './pump/served-pump.js'
import { ServedSocket, type NativeOptions, type ServedSocketOwner } from './served-socket.js'
import type { SocketFindings } from './socket-findings.js'
import { SocketRecord } from './socket-record.js'

/** What an errno of a send says about the message. */
const CAUSES: Readonly<Record<string, Cause>> = { EAGAIN: 'high-water', EHOSTUNREACH: 'unknown-identity' }

/** Milliseconds between two reports of what became of connections. */
const COUNTS_MS = 20

/** Milliseconds that a close waits for clients to see it, so that no client sends to a closed socket. */
const CLOSE_MS = 200

/** A pump, with the numbers of its sockets in the order of `PUMP_SIDES`. */
interface SessionPump {
  readonly pump: ServedPump
  readonly ids: readonly number[]
}

/** One thread, as the I/O thread serves it: its link and its sockets. When the thread ends, its sockets are closed. */
export class IoSession implements LinkReceiver {
  readonly #thread: string
  readonly #findings: SocketFindings
  readonly #sockets = new Map<number, ServedSocket>()
  readonly #options = new Map<number, NativeOptions>()
  readonly #records = new Map<number, SocketRecord>()
  /** By the numbers of their frontends. */
  readonly #pumps = new Map<number, SessionPump>()
  /** Of sockets that listen. */
  readonly #listening = new Map<number, { readonly listening: Listening; readonly domain: string }>()
  /** Of sockets that are watched. */
  readonly #monitors = new SessionMonitors(
    (id, event) => this.#told(id, event),
    (monitor, event, dropped) => this.#report(['event', monitor, event, dropped]),
  )
  /** By domain. */
  readonly #gates = new Map<string, ProofGate>()
  #link: Link | undefined

  /** @param thread What findings call the thread. */
  constructor(thread: string, findings: SocketFindings) {
    this.#thread = thread
    this.#findings = findings
  }

  attach(link: Link): void {
    this.#link = link
  }

  message(body: unknown, slot: number): void {
    const message = body as IoRequest | IoNotice
    try {
      if (message[0] === 'send') this.#send(message[1], message[2])
      else if (message[0] === 'take') this.#sockets.get(message[1])?.take(message[2])
      else if (message[0] === 'judged') this.#judged(message[1], message[2], message[3], message[4])
      else if (message[0] === 'dismiss') this.#dismiss(message[1], message[2], new Set(message[3]))
      else if (message[0] === 'heard') this.#monitors.heard(message[1], message[2], message[3])
      else if (message[0] === 'note') this.#records.get(message[1])?.note(message[2], message[3])
      else void this.#serve(message)
    } finally {
      // The slot goes back at once: what waits for ZeroMQ is bounded socket by socket, so that one at its mark holds up no other.
      this.#link?.finish(slot)
    }
  }

  signal(): void {
    // Threads signal the I/O thread nothing.
  }

  /** Closes all sockets. What waits in them lingers, at most `lingerMs` if that is given. */
  close(lingerMs?: number): void {
    for (const socket of this.#sockets.values()) socket.close(lingerMs)
    for (const { listening } of this.#listening.values()) listening.close()
    this.#listening.clear()
    this.#gates.clear()
    for (const record of this.#records.values()) this.#findings.close(record)
    this.#sockets.clear()
    this.#monitors.clear()
    this.#records.clear()
    this.#pumps.clear()
    this.#link?.close()
  }

  #send(id: number, frames: readonly WireFrame[]): void {
    const unpacked = frames.map(frame => (typeof frame === 'string' ? frame : unpackFrame(frame, this.#openLink())))
    const socket = this.#sockets.get(id)
    if (socket === undefined) this.#report(['refused', id, 'EBADF', ''])
    else void socket.send(unpacked)
  }

  async #serve(request: IoRequest): Promise<void> {
    const number = request[1]
    try {
      const value = await this.#perform(request)
      this.#report(['done', number, value ?? null])
    } catch (error) {
      const { code, message } = causeOf(error)
      this.#report(['failed', number, code ?? 'EINVAL', message])
    }
  }

  #perform(request: IoRequest): Promise<string | void> | string | void {
    if (request[0] === 'who') return this.#peerAskedFor(request[2])
    if (request[0] === 'examine') return JSON.stringify(this.#findings.findings())
    if (request[0] === 'open') return this.#open(request[2], request[3], request[4] as NativeOptions)
    if (request[0] === 'pump') return this.#openPump(request[2], request[3])
    if (request[0] === 'steer' || request[0] === 'drain' || request[0] === 'lose') return this.#steer(request)
    const socket = this.#sockets.get(request[2])
    const record = this.#records.get(request[2])
    if (socket === undefined || record === undefined) throw closedError()
    switch (request[0]) {
      case 'close':
        return this.#close(request[2], socket)
      case 'bind':
        return this.#watchingBind(request[2], request[3], () => this.#bind(socket, record, request[3]))
      case 'listen':
        return this.#watchingBind(request[2], request[3], () =>
          this.#listen(request[2], socket, record, request[3], request[4]),
        )
      case 'connect':
        return this.#connect(socket, record, request[3])
      case 'connect-as':
        return this.#connect(socket, record, request[3], Buffer.from(request[4], 'base64'))
      case 'monitor':
        return this.#monitors.watch(
          request[2],
          socket.native,
          sideOf(this.#options.get(request[2]) ?? {}),
          request[3],
          request[4],
        )
      case 'unbind':
      case 'disconnect':
        return this.#unplug(request[2], request[0], socket, record, request[3])
      case 'subscribe':
        socket.subscribe(Buffer.from(request[3], 'base64'))
        return record.subscribed(request[3])
      case 'unsubscribe':
        socket.unsubscribe(Buffer.from(request[3], 'base64'))
        return record.unsubscribed(request[3])
    }
  }

  #open(id: number, type: SocketType, options: NativeOptions): void {
    const record = new SocketRecord(type, `${type} ${id}`, this.#thread)
    this.#sockets.set(id, new ServedSocket(type, options, this.#owner(id, record)))
    this.#options.set(id, options)
    this.#records.set(id, record)
    this.#findings.add(record)
    // A PUB that conflates does not report subscribers, so a missing one cannot be detected.
    if (type === 'PUB' && options.conflate === true) record.subscribed('')
  }

  #openPump(ids: readonly number[], checked: CheckedPump): void {
    const records = new Map<PumpSide, SocketRecord>()
    const pump = new ServedPump(checked, {
      sent: side => records.get(side)?.sent(),
      dropped: (side, errno) => noteErrno(records.get(side), errno),
      subscription: (side, prefix, isOn) => noteSubscription(records.get(side), prefix, isOn),
      faulted: error => this.#report(['faulted', ids[0] as number, error.code ?? 'EFAULT', error.message]),
    })
    PUMP_SIDES.forEach((side, at) => {
      const id = ids[at] as number
      const socket = pump.sockets[side]
      const type = checked[side]?.type
      if (socket === undefined || type === undefined) return
      const record = new SocketRecord(type, `${type} ${id}`, this.#thread)
      records.set(side, record)
      this.#sockets.set(id, socket)
      this.#records.set(id, record)
      this.#findings.add(record)
    })
    this.#pumps.set(ids[0] as number, { pump, ids })
  }

  async #steer([kind, , id, detail]: Extract<IoRequest, readonly ['steer' | 'drain' | 'lose', ...unknown[]]>): Promise<
    string | void
  > {
    const found = this.#pumps.get(id)
    if (found === undefined) throw closedError()
    const { pump, ids } = found
    if (kind === 'drain') return JSON.stringify(await pump.drain(detail))
    if (kind === 'lose') return String(pump.lose(Buffer.from(detail)))
    if (detail === 'count') return JSON.stringify(pump.statistics())
    if (detail === 'pause' || detail === 'resume') return pump[detail]()
    this.#pumps.delete(id)
    for (const [at, socket] of ids.entries())
      if (this.#sockets.has(socket)) await this.#close(socket, pump.sockets[PUMP_SIDES[at] as PumpSide] as ServedSocket)
  }

  async #bind(socket: ServedSocket, record: SocketRecord, endpoint: string): Promise<string> {
    const bound = await socket.bind(endpoint)
    record.plugged('bind', bound)
    this.#findings.plugsChanged()
    return bound
  }

  async #listen(
    id: number,
    socket: ServedSocket,
    record: SocketRecord,
    endpoint: string,
    limits: ListeningLimits,
  ): Promise<string> {
    // Other threads of this process alone reach it there.
    if (endpoint.startsWith('inproc:')) return this.#bind(socket, record, endpoint)
    const { listening } = this.#listening.get(id) ?? this.#openListening(id, socket, limits)
    const bound = await listening.bind(endpoint)
    record.plugged('bind', bound)
    this.#findings.plugsChanged()
    return bound
  }

  #openListening(id: number, socket: ServedSocket, limits: ListeningLimits): { readonly listening: Listening } {
    const {
      curveServer,
      plainServer,
      zapDomain: domain = '',
      maxMessageSize = -1,
      ipv6 = false,
      handover = false,
    } = this.#options.get(id) as NativeOptions
    const gate = this.#gates.get(domain) ?? new ProofGate()
    this.#gates.set(domain, gate)
    let isReported = true
    const listening = new Listening(socket, {
      mechanism: curveServer === true ? 'CURVE' : plainServer === true ? 'PLAIN' : 'NULL',
      limits: fillLimits(limits, maxMessageSize),
      ipv6,
      handover,
      domain,
      gate,
      told: event => this.#monitors.add(id, event),
      admitted: (routingId, peer) => this.#report(['peer', id, routingId, peer]),
      left: routingId => this.#report(['peer', id, routingId, null]),
      changed: () => {
        // One report for all that happens in a while, however fast they come.
        if (isReported) setTimeout(report, COUNTS_MS)
        isReported = false
      },
    })
    const report = (): void => {
      isReported = true
      this.#report(['counted', id, listening.counts])
    }
    // Where a routing id cannot be read, ZeroMQ would never let go of what a second connection of it says.
    socket.follow(frames => listening.cameOut(frames), curveServer === true ? { handover: true } : {})
    const opened = { listening, domain }
    this.#listening.set(id, opened)
    return opened
  }

  /** What looks at an address before ZeroMQ does refuses some, so this says it for all. */
  async #watchingBind(id: number, endpoint: string, bind: () => Promise<string>): Promise<string> {
    try {
      return await bind()
    } catch (error) {
      const { code, message } = causeOf(error)
      this.#monitors.add(id, { type: 'bind-failed', endpoint, errno: code ?? 'EINVAL', text: message, atMs: epochMs() })
      throw error
    }
  }

  /** What is made of what ZeroMQ tells: behind a relay it sees the relay, which tells the rest itself. */
  #told(id: number, event: SocketEvent): SocketEvent | undefined {
    if (event.type === 'bind-failed') return undefined
    const listening = this.#listening.get(id)?.listening
    return listening === undefined ? event : listening.seenFromOutside(event)
  }

  #judged(asked: string, publicKey: string, isAllowed: boolean, userId: string): void {
    const { domain, connection } = splitDomain(asked)
    if (connection === undefined) this.#gates.get(domain)?.judged(publicKey, isAllowed, userId)
    else
      for (const opened of this.#listening.values())
        if (opened.domain === domain) opened.listening.judged(connection, publicKey, isAllowed, userId)
  }

  /** The address of the client that ZeroMQ asks about, if it came by what listens: ZeroMQ sees this process there. */
  #peerAskedFor(asked: string): string | undefined {
    const { domain, connection } = splitDomain(asked)
    if (connection === undefined) return this.#gates.get(domain)?.current?.peer
    const found = [...this.#listening.values()]
      .filter(opened => opened.domain === domain)
      .map(({ listening }) => listening.peerOf(connection))
    return found.find(peer => peer !== undefined)
  }

  #dismiss(domain: string, who: 'these' | 'others', publicKeys: ReadonlySet<string>): void {
    for (const opened of this.#listening.values())
      if (opened.domain === domain) opened.listening.dismiss(key => publicKeys.has(key) === (who === 'these'))
  }

  async #connect(socket: ServedSocket, record: SocketRecord, endpoint: string, routingId?: Buffer): Promise<void> {
    await socket.connect(endpoint, routingId)
    record.plugged('connect', endpoint)
    this.#findings.plugsChanged()
  }

  async #unplug(
    id: number,
    verb: 'unbind' | 'disconnect',
    socket: ServedSocket,
    record: SocketRecord,
    endpoint: string,
  ): Promise<void> {
    if (verb === 'disconnect' || this.#listening.get(id)?.listening.unbind(endpoint) !== true)
      await socket[verb](endpoint)
    record.unplugged(verb, endpoint)
    this.#findings.plugsChanged()
  }

  async #close(id: number, socket: ServedSocket): Promise<void> {
    this.#sockets.delete(id)
    this.#options.delete(id)
    socket.close()
    const listening = this.#listening.get(id)?.listening
    listening?.close()
    await listening?.endedWithin(CLOSE_MS)
    await this.#monitors.endedWithin(id, CLOSE_MS)
    this.#listening.delete(id)
    // What became of its sends is reported first.
    await eventLoopTurned()
    const record = this.#records.get(id)
    this.#records.delete(id)
    if (record !== undefined) this.#findings.close(record)
  }

  #owner(socket: number, record: SocketRecord): ServedSocketOwner {
    let sent = 0
    let dropped = 0
    const reportSent = (): void => {
      if (dropped > 0) this.#report(['dropped', socket, dropped])
      if (sent > 0) this.#report(['sent', socket, sent])
      sent = 0
      dropped = 0
    }
    return {
      message: frames => {
        if (this.#link?.isClosed === false)
          this.#report(['message', socket, frames.map(frame => packFrame(frame, this.#openLink()))])
      },
      sent: () => {
        record.sent()
        sent += 1
        // One report for all that ZeroMQ took in this turn.
        if (sent === 1) nextTick(reportSent)
      },
      dropped: errno => {
        dropped += 1
        noteErrno(record, errno)
      },
      subscription: (prefix, isOn) => noteSubscription(record, prefix, isOn),
      refused: error => {
        // What the close gave up is none of its causes.
        if (this.#sockets.has(socket)) noteErrno(record, error.code)
        reportSent()
        this.#report(['refused', socket, error.code ?? 'EINVAL', error.message])
      },
      faulted: error => this.#report(['faulted', socket, error.code ?? 'EFAULT', error.message]),
    }
  }

  #report(report: IoReport): void {
    if (this.#link?.isClosed === false) this.#link.outbox.postReply(JSON.stringify(report))
  }

  #openLink(): Link {
    return this.#link as Link
  }
}

/** An error of ours has the errno in its cause. */
function causeOf(error: unknown): NodeJS.ErrnoException {
  return ((error as Error).cause ?? error) as NodeJS.ErrnoException
}

function noteErrno(record: SocketRecord | undefined, errno: string | undefined): void {
  const cause = errno === undefined ? undefined : CAUSES[errno]
  if (cause !== undefined) record?.note(cause, 1)
}

function noteSubscription(record: SocketRecord | undefined, prefix: Buffer, isOn: boolean): void {
  if (isOn) record?.subscribed(prefix.toString('base64'))
  else record?.unsubscribed(prefix.toString('base64'))
}

function closedError(): Error {
  return Object.assign(new Error('the socket is closed'), { code: 'EBADF' })
}

import { SocketError } from '../../base/errors/errors.js'
import { trackResource } from '../../base/owning/resources.js'
import { Arrivals } from '../../base/receiving/arrivals.js'
import { signalOf, type ReceiveCall } from '../../base/receiving/pollable.js'
import { callerClock, whenDue, within } from '../../base/time/clock.js'
import { onAbort } from '../../base/time/on-abort.js'
import { expectOptions, optionNames } from '../../base/values/options/known-options.js'
import { SOCKET_TRAITS, type SocketType } from '../../native/socket-type.js'
import { threadName } from '../../words/this-thread.js'
import { NO_CONNECTIONS, type ConnectionCounts } from '../connection-counts.js'
import { checkMessage, packFrames, sizeOf, type Frames, type Sendable } from '../messages/frames.js'
import { portableLimits, type ListeningLimits } from '../options/listening-limits.js'
import { expectAllowed, ROUTING_ID } from '../options/option-rules.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import type { CheckedOptions } from '../options/socket-options.js'
import { Peers, type Peer } from '../peer.js'
import { zmqError } from '../socket-errors.js'
import type { MonitorOptions, SocketMonitor } from '../socket-event.js'
import { noteOwned } from '../socket-ownership.js'
import type { NamedConnect, SendingSocket, SocketStatistics, SubscribingSocket } from '../socket.js'
import type { IoClient, SocketListener } from './io-client.js'
import { IoMonitor, maxWaitingOf } from './io-monitor.js'
import { IoPlug } from './io-plug.js'
import { PeerNames } from './peer-names.js'
import { SendWindow } from './send-window.js'
import { Turns } from './turns.js'

const CONNECT_OPTIONS = optionNames<NamedConnect>({ routingId: true })

/** A socket of this thread, whose native part lives in the I/O thread. */
export class IoSocket implements SendingSocket, SubscribingSocket, SocketListener {
  readonly type: SocketType
  /** An own function keeps structuredClone from making an empty copy, as of `data` for a thread. */
  readonly whenReady: (wake: () => void) => () => void
  readonly #client: IoClient
  readonly #id: number
  readonly #plug: IoPlug
  readonly #keepAlive: () => Promise<void>
  readonly #untrack: () => void
  readonly #options: CheckedOptions
  /** Undefined on sockets that send and receive as they like. */
  readonly #turns: Turns | undefined
  readonly #arrivals: Arrivals<Frames>
  readonly #sends: SendWindow
  readonly #counts = { sent: 0, refused: 0, dropped: 0, received: 0, receivedBytes: 0 }
  /** Messages that were asked for and have not arrived. */
  #awaited = 0
  /** What was received since more was asked for. */
  #taken = 0
  #takenBytes = 0
  #arrivedBytes = 0
  #connections = NO_CONNECTIONS
  readonly #peers = new Peers()
  readonly #peerNames: PeerNames
  #closing: Promise<void> | undefined
  #lost: Error | undefined

  /** @param keepAlive Looks anew whether the process stays alive for this thread's sockets. */
  constructor(type: SocketType, client: IoClient, options: CheckedOptions, keepAlive: () => Promise<void>) {
    this.type = type
    this.#client = client
    this.#options = options
    this.#keepAlive = keepAlive
    this.#peerNames = new PeerNames(type)
    this.#turns = SOCKET_TRAITS[type].takesTurns && !options.relaxed ? new Turns(type) : undefined
    this.#arrivals = new Arrivals(`a ${type} socket`)
    this.#id = client.enlist(this)
    this.#plug = new IoPlug(type, this.#id, client)
    this.#sends = new SendWindow(frames => client.send(this.#id, packFrames(frames, client.link)))
    this.#untrack = trackResource('socket', `${type} ${this.#id}`, leftMs => (this.#closing ??= this.#close(leftMs)))
    this.whenReady = wake => this.#arrivals.whenReady(wake)
    noteOwned(this, type)
  }

  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  get isReady(): boolean {
    return this.#arrivals.isReady
  }

  get statistics(): SocketStatistics {
    const { sent, refused, dropped, received, receivedBytes } = this.#counts
    return {
      sent,
      sentBytes: this.#sends.settledBytes,
      refused,
      dropped,
      received,
      receivedBytes,
      waitingToSend: this.#sends.size,
      waitingToSendBytes: this.#sends.sizeBytes,
      waitingToReceive: this.#arrivals.size,
      waitingToReceiveBytes: this.isClosed ? 0 : this.#arrivedBytes - receivedBytes,
    }
  }

  /** Opens the native part. */
  async open(): Promise<void> {
    const { type } = this
    try {
      await this.#keepAlive()
      await this.#client.request(`open a ${type} socket`, request => [
        'open',
        request,
        this.#id,
        type,
        this.#options.native,
      ])
    } catch (error) {
      this.#forget()
      await this.#keepAlive()
      throw error
    }
    if (!SOCKET_TRAITS[type].receives) return
    if (this.#turns === undefined) this.#take(SOCKET_LIMITS.arrivedMessages)
    else this.#takeTurn()
  }

  async bind(endpoint: string): Promise<string> {
    this.#expectOpen('bind')
    this.#peerNames.admitOthers()
    return this.#plug.bind(endpoint)
  }

  /** Binds to an endpoint, behind what limits and watches connections. Resolves as `bind` does. For a ROUTER. */
  async listen(endpoint: string, limits: ListeningLimits): Promise<string> {
    this.#expectOpen('listen', this.type === 'ROUTER')
    this.#peerNames.admitOthers()
    return this.#plug.listen(endpoint, portableLimits(limits))
  }

  /** What became of the connections, where it listens. */
  get connections(): ConnectionCounts {
    return this.isClosed ? { ...this.#connections, open: 0 } : this.#connections
  }

  async unbind(endpoint: string): Promise<void> {
    this.#expectOpen('unbind')
    await this.#plug.unbind(endpoint)
  }

  async connect(endpoint: string, call: NamedConnect = {}): Promise<void> {
    expectOptions('connect a socket', call, CONNECT_OPTIONS)
    const { routingId } = call
    this.#expectOpen('connect')
    if (routingId === undefined) {
      this.#peerNames.admitOthers()
      return this.#plug.connect(endpoint)
    }
    this.#expectOpen('connect with a routingId', this.type === 'ROUTER' || this.type === 'STREAM')
    expectAllowed(`Cannot connect a ${this.type} socket: routingId`, ROUTING_ID, routingId)
    this.#peerNames.give(routingId)
    await this.#plug.connectAs(endpoint, routingId)
  }

  async disconnect(endpoint: string): Promise<void> {
    this.#expectOpen('disconnect')
    await this.#plug.disconnect(endpoint)
  }

  async monitor(options: MonitorOptions = {}): Promise<SocketMonitor> {
    this.#expectOpen('watch')
    const { type } = this
    const monitor = new IoMonitor(this.#client, this.#id, `a ${type} socket`, maxWaitingOf(options))
    await monitor.open(`watch a ${type} socket`)
    return monitor
  }

  async subscribe(...prefixes: (string | Uint8Array)[]): Promise<void> {
    this.#expectOpen('subscribe', this.type === 'SUB')
    await this.#plug.subscribe(...prefixes)
  }

  async unsubscribe(...prefixes: (string | Uint8Array)[]): Promise<void> {
    this.#expectOpen('unsubscribe', this.type === 'SUB')
    await this.#plug.unsubscribe(...prefixes)
  }

  async send(message: Sendable): Promise<void> {
    this.#expectOpen('send', SOCKET_TRAITS[this.type].sends)
    const { frames, sizeBytes } = checkMessage(message)
    this.#expectTurn('send')
    if (this.#sends.isFull) {
      this.#counts.refused += 1
      this.#client.note(this.#id, 'high-water')
      throw zmqError('EAGAIN', `send on a ${this.type} socket`, '')
    }
    this.#turns?.took('send')
    const sent = this.#sends.add(frames, sizeBytes)
    this.#takeTurn()
    const failure = await sent
    if (failure !== undefined) throw failure()
  }

  async receive(call?: ReceiveCall): Promise<Frames> {
    const signal = signalOf(call)
    this.#expectOpen('receive', SOCKET_TRAITS[this.type].receives)
    this.#expectTurn('receive')
    const frames = await this.#next(signal)
    if (frames === undefined) throw this.#lost ?? this.#closedMeanwhile('receive')
    const sizeBytes = sizeOf(frames)
    this.#counts.received += 1
    this.#counts.receivedBytes += sizeBytes
    this.#turns?.took('receive')
    if (this.#turns === undefined) this.#takeMore(sizeBytes)
    return frames
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frames, void, void> {
    while (!this.isClosed) {
      try {
        yield await this.receive()
      } catch (error) {
        if (this.isClosed) return
        throw error
      }
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  message(frames: Frames): void {
    this.#awaited -= 1
    this.#arrivedBytes += sizeOf(frames)
    this.#arrivals.add(frames)
  }

  sent(messages: number): void {
    this.#counts.sent += messages
    this.#sends.settle(messages)
  }

  dropped(messages: number): void {
    this.#counts.dropped += messages
  }

  refused(errno: string, text: string): void {
    this.#counts.refused += 1
    // What ZeroMQ has not taken leaves the turn where it was.
    this.#turns?.gaveBack('send')
    this.#sends.refuse(() =>
      this.isClosed ? this.#closedMeanwhile('send') : zmqError(errno, `send on a ${this.type} socket`, text),
    )
  }

  faulted(errno: string, text: string): void {
    this.#arrivals.fail(zmqError(errno, `receive on a ${this.type} socket`, text))
  }

  counted(counts: ConnectionCounts): void {
    this.#connections = counts
  }

  peer(routingId: string, peer: Peer | null): void {
    this.#peers.set(routingId, peer)
  }

  /** Whose messages come under a routing id, where it listens. */
  peerOf(routingId: string): Peer | undefined {
    return this.#peers.get(routingId)
  }

  lost(error: Error): void {
    this.#lost = error
    this.#sends.fail(() => error)
    this.#arrivals.end()
  }

  async #next(signal: AbortSignal | undefined): Promise<Frames | undefined> {
    const timeoutMs = this.#options.receiveTimeoutMs
    if (timeoutMs < 0 || this.#arrivals.isReady) return this.#nextWithin(signal)
    const late = new AbortController()
    const forget = onAbort(signal, () => late.abort(signal?.reason))
    const timer = whenDue(callerClock, timeoutMs, () =>
      late.abort(zmqError('EAGAIN', `receive on a ${this.type} socket`, '')),
    )
    try {
      if (signal?.aborted === true) late.abort(signal.reason)
      return await this.#nextWithin(late.signal)
    } finally {
      forget()
      timer.cancel()
    }
  }

  async #nextWithin(signal: AbortSignal | undefined): Promise<Frames | undefined> {
    try {
      return await this.#arrivals.take(signal)
    } catch (error) {
      // A receive that has failed stops the receiving until the program asks for more.
      this.#client.take(this.#id, 0)
      throw error
    }
  }

  /** Where sends and receives take turns, the one message that may come next is asked for ahead. */
  #takeTurn(): void {
    if (this.#turns?.allows('receive') === true && this.#awaited === 0 && this.#arrivals.size === 0) this.#take(1)
  }

  /** Asks for more when half of the messages were received, or many bytes: each time costs a message to the I/O thread. */
  #takeMore(sizeBytes: number): void {
    this.#taken += 1
    this.#takenBytes += sizeBytes
    if (this.#taken < SOCKET_LIMITS.arrivedMessages / 2 && this.#takenBytes < SOCKET_LIMITS.arrivedBytes / 4) return
    this.#take(this.#taken)
    this.#taken = 0
    this.#takenBytes = 0
  }

  #take(messages: number): void {
    this.#awaited += messages
    this.#client.take(this.#id, messages)
  }

  /** @param withinMs What its sends have at most, whatever its linger is. */
  async #close(withinMs = Infinity): Promise<void> {
    try {
      await this.#lingered(withinMs)
      await this.#client.request(`close a ${this.type} socket`, request => ['close', request, this.#id])
    } catch (error) {
      // When the I/O thread has gone, so has the socket.
      if (!this.#client.link.isClosed) throw error
    } finally {
      this.#forget()
      await this.#keepAlive()
    }
  }

  /** Sends that ZeroMQ has not taken yet have the linger, too. */
  async #lingered(withinMs: number): Promise<void> {
    const { linger } = this.#options.native
    await within(callerClock, Math.min(withinMs, linger < 0 ? Infinity : linger), this.#sends.drained())
  }

  #closedMeanwhile(verb: string): SocketError {
    return new SocketError(
      `Cannot ${verb} on a ${this.type} socket of ${threadName}: it was closed meanwhile; await what is under way before you close it`,
    )
  }

  #forget(): void {
    this.#client.dismiss(this.#id)
    this.#sends.fail(() => this.#closedMeanwhile('send'))
    this.#arrivals.discard()
    this.#untrack()
  }

  #expectTurn(call: 'send' | 'receive'): void {
    if (this.#turns?.allows(call) !== false) return
    this.#client.note(this.#id, 'out-of-turn')
    throw zmqError('EFSM', `${call} on a ${this.type} socket`, '')
  }

  #expectOpen(verb: string, isPossible = true): void {
    if (!isPossible)
      throw new TypeError(`Cannot ${verb} on a ${this.type} socket: its type does not do that; see SOCKET_TRAITS`)
    if (this.isClosed)
      throw new SocketError(`Cannot ${verb} on a ${this.type} socket of ${threadName}: it is closed; open a new one`)
    if (this.#lost !== undefined) throw this.#lost
  }
}

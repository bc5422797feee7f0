import { randomBytes } from 'node:crypto'
import {
  catchUp,
  guarded,
  isCurveKey,
  messageOf,
  onAbort,
  openSocket,
  ThreadStartError,
  throwUncaught,
  unowned,
  whenDue,
  within,
  type Clock,
  type Endpoint,
  type RemoteSecurity,
  type Sockets,
  type Cancellable,
} from '@zera/core/internal'
import { NodeFaultError, NodeRefusedError, NodeUnreachableError } from '../../model/errors.js'
import { BLACK_BOX_BYTES } from '../../model/events/layout.js'
import type { FaultListener, HostThreadOptions } from '../../platform/platform.js'
import { ControlLine } from '../control/control-line.js'
import { CONTROL_LIMITS, CONTROL_SOCKET_OPTIONS, readMessage } from '../control/control-text.js'
import type { Bare, DownReport, OpenRequest, Order, Report } from '../control/control.js'
import { report as reportShape } from '../control/reading/report.js'
import { RemoteThread, type ThreadName } from './remote-thread.js'
import { Silence } from './silence.js'
import { threadEndpoint } from './thread-endpoint.js'

/** Milliseconds between two tries to open a session. */
const ASK_AGAIN_MS = 100

/** The partner of a session. */
export interface SessionPartner {
  readonly node: string
  readonly endpoint: Endpoint
  readonly security: RemoteSecurity
  readonly request: OpenRequest
  /** Milliseconds of silence after which the session gives the node up. Default: the deadline that it sends the node. */
  readonly silenceMs?: number
  /** Called when the session ends because of what the node has sent. */
  readonly faulted: FaultListener
}

interface Starting {
  readonly name: ThreadName
  started(endpoint: Endpoint, doorKey: string | undefined): void
  failed(error: Error): void
}

/**
 * A session of this system with a node: the conversation with its main thread, and the threads that it lends. It ends
 * once, and another takes its place.
 */
export class NodeSession {
  /** Resolves when it is over: with why, or with undefined when it was closed. */
  readonly ended: Promise<Error | undefined>
  readonly clock: Clock
  readonly #partner: SessionPartner
  readonly #socket: Sockets['DEALER']
  readonly #line: ControlLine<Order, Report>
  readonly #starting = new Map<number, Starting>()
  readonly #threads = new Map<number, RemoteThread>()
  #opened: (answer: Bare) => void = () => undefined
  #closed: () => void = () => undefined
  #end: (error: Error | undefined) => void = () => undefined
  #isOver = false
  #timer: Cancellable | undefined
  #beat = 0
  #echo = 0
  readonly #silence: Silence
  #rssBytes: number | undefined

  private constructor(partner: SessionPartner, clock: Clock, socket: Sockets['DEALER']) {
    this.#partner = partner
    this.clock = clock
    this.#socket = socket
    this.#silence = new Silence(silenceMsOf(partner), clock.now())
    this.#line = new ControlLine<Order, Report>({
      shape: reportShape,
      // What ZeroMQ does not take is lost, and sent again when it is missed.
      transmit: text => void socket.send(text).catch(() => undefined),
      hear: report => this.#hear(report),
      fault: reason => this.fault(reason),
    })
    this.ended = new Promise(resolve => (this.#end = resolve))
    this.#receive().catch(throwUncaught)
  }

  /**
   * Opens a session. The node need not run yet.
   *
   * @param giveUp Aborts when the session is no longer needed.
   * @throws {NodeUnreachableError} When it has not answered within `startMs`.
   * @throws {NodeRefusedError} When it lends nothing, or fewer threads. Nothing is open then.
   */
  static async open(partner: SessionPartner, startMs: number, giveUp: AbortSignal, clock: Clock): Promise<NodeSession> {
    const socket = await unowned(() =>
      openSocket('DEALER', {
        ...partner.security,
        ...CONTROL_SOCKET_OPTIONS,
        reconnectInterval: ASK_AGAIN_MS,
        routingId: randomBytes(16).toString('hex'),
      }),
    )
    const session = new NodeSession(partner, clock, socket)
    try {
      await socket.connect(partner.endpoint)
      await session.#open(startMs, giveUp)
      return session
    } catch (error) {
      await session.#finish(undefined)
      throw error
    }
  }

  /**
   * Starts a thread on the node. When the signal aborts before it is ready, it is killed.
   *
   * @throws {ThreadStartError} When it does not become ready, or the session ends before.
   */
  readonly startThread = async ({
    name = '',
    incarnation = 1,
    startMs = 10_000,
    maxHeapMb,
    data,
    signal,
  }: HostThreadOptions): Promise<RemoteThread> => {
    const { place, container, log, modules = [] } = data
    // A caller that starts a spare thread starts no other one in this session.
    const { number, blackBox } = place ?? { number: 0, blackBox: new SharedArrayBuffer(BLACK_BOX_BYTES) }
    const named: ThreadName = { number, name, incarnation, blackBox, startedAtMs: this.clock.epochMs() }
    const { node } = this.#partner
    if (this.#isOver) throw new ThreadStartError(name, `node ${node} is lost`)
    signal?.throwIfAborted()
    const forget = onAbort(signal, () => this.say({ kind: 'kill', thread: number }))
    return new Promise<RemoteThread>((resolve, reject) => {
      this.#starting.set(number, {
        name: named,
        started: (endpoint, doorKey) => {
          forget()
          resolve(this.#add(named, endpoint, doorKey))
        },
        failed: error => {
          forget()
          reject(new ThreadStartError(name, `on node ${node}: ${messageOf(error)}`, { cause: error }))
        },
      })
      this.say({
        kind: 'start',
        thread: number,
        options: { name, incarnation, isSpare: place === undefined, modules, startMs, maxHeapMb, container, log },
      })
    })
  }

  /** Whether it has ended, or is about to. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Bytes of the node's resident memory, when it was last heard of. */
  get rssBytes(): number | undefined {
    return this.#rssBytes
  }

  /** Resolves when its socket is closed. */
  async closed(): Promise<void> {
    await this.#socket.close()
  }

  /** Runs something after a time, when what had arrived by then was received; with Infinity never. */
  after(ms: number, run: () => void): Cancellable | undefined {
    return ms === Infinity ? undefined : whenDue(this.clock, ms, run)
  }

  say(order: Order): void {
    if (!this.#isOver && !this.#line.say(order))
      void this.lose(
        this.#unreachable(`the order "${order.kind}" for it has more than ${CONTROL_LIMITS.maxBytes} bytes`),
      )
  }

  /** Ends the session, when its threads have stopped, and resolves when the node has agreed, or after a time. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#isOver) return
    const closed = new Promise<void>(resolve => (this.#closed = resolve))
    this.say({ kind: 'close' })
    await within(this.clock, timeoutMs, Promise.race([closed, this.ended]))
    await this.#finish(undefined)
  }

  /** Gives the node up: it has ended, or has fallen silent. Its threads are down. */
  lose(error: NodeUnreachableError): Promise<void> {
    return this.#finish(error)
  }

  /**
   * Ends the session because of what the node, or a link of one of its threads, has sent. It counts that, and emits it
   * as an event. Its threads are down.
   */
  fault(reason: string): void {
    if (this.#isOver) return
    const { node, endpoint, faulted } = this.#partner
    const error = new NodeFaultError(node, endpoint, reason)
    void this.#finish(error)
    faulted(error)
  }

  async #open(startMs: number, giveUp: AbortSignal): Promise<void> {
    const { node, endpoint, request } = this.#partner
    const answered = new Promise<Bare>(resolve => (this.#opened = resolve))
    let answer: Bare | undefined
    const faulted = this.ended.then(error => {
      throw error ?? this.#unreachable('its session was closed')
    })
    faulted.catch(() => undefined)
    const giveUpAt = this.clock.now() + startMs
    while (answer === undefined) {
      giveUp.throwIfAborted()
      if (this.clock.now() > giveUpAt) {
        throw this.#unreachable(
          `it has not answered within ${startMs} ms; see that it runs, that the endpoint is its own, and that each side has the other's public key, or allow more with startMs`,
        )
      }
      this.#line.sayBare({ open: request })
      let timer: Cancellable | undefined
      answer = await Promise.race([
        answered,
        faulted,
        new Promise<undefined>(resolve => (timer = whenDue(this.clock, ASK_AGAIN_MS, () => resolve(undefined)))),
      ])
      timer?.cancel()
    }
    if (answer.refused !== undefined) throw new NodeRefusedError(node, endpoint, answer.refused, request)
    this.#silence.heard(this.clock.now())
    this.#tick()
  }

  /** A sign of life for the node, and a look whether there has been one of it. */
  #tick(): void {
    const now = this.clock.now()
    const leftMs = this.#silence.leftMs(now)
    if (leftMs < 0) {
      void this.lose(
        this.#unreachable(
          `it was not heard for ${Math.round(this.#silence.lastedMs(now))} ms (limit ${silenceMsOf(this.#partner)})`,
        ),
      )
      return
    }
    const waitMs = Math.min(this.#partner.request.heartbeatMs, leftMs + 1)
    this.#timer = this.clock.after(waitMs, () => this.#look(this.clock.now() - now - waitMs))
    this.#beat += 1
    this.#line.sayBare({ beat: this.#beat, echo: this.#echo })
  }

  /** What has arrived while this thread was busy is heard first. */
  #look(lateMs: number): void {
    this.#silence.look(this.clock.now(), lateMs)
    catchUp(this.clock, lateMs, () => {
      if (!this.#isOver) this.#tick()
    })
  }

  async #receive(): Promise<void> {
    for await (const frames of this.#socket) guarded(() => this.#take(frames))
  }

  #take(frames: readonly Buffer[]): void {
    if (this.#isOver) return
    this.#silence.heard(this.clock.now())
    const bare = this.#line.take(readMessage(frames, CONTROL_LIMITS.maxBytes))
    if (bare !== undefined) this.#takeBare(bare)
  }

  #takeBare(bare: Bare): void {
    if (bare.open !== undefined) this.fault('it asks for a session, which only a system may do')
    else if (bare.echo !== undefined && bare.echo > this.#beat)
      this.fault(`it has heard sign of life ${bare.echo}, and ${this.#beat} were sent`)
    if (this.#isOver) return
    if (bare.opened !== undefined || bare.refused !== undefined) this.#opened(bare)
    if (bare.beat !== undefined) this.#answerBeat(bare.beat)
    if (bare.rssBytes !== undefined) this.#rssBytes = bare.rssBytes
    if (bare.ended !== undefined) void this.lose(this.#unreachable(`it has ended the session: ${bare.ended}`))
  }

  /** At once: the node counts from the time at which it sent that. */
  #answerBeat(beat: number): void {
    this.#echo = beat
    this.#line.sayBare({ echo: beat })
  }

  #hear(report: Report): void {
    if (report.kind === 'closed') this.#closed()
    else if (report.kind === 'started') this.#started(report)
    else if (report.kind === 'failed') this.#failed(report.thread, report.error)
    else if (report.kind === 'down') this.#down(report.thread, report.down)
    // One that has ended may have had something to say before.
    else this.#threads.get(report.thread)?.signalled({ signal: report.signal, data: report.data })
  }

  #started({ thread, endpoint: said, doorKey }: Extract<Report, { readonly kind: 'started' }>): void {
    const starting = this.#starting.get(thread)
    const endpoint = threadEndpoint(said, this.#partner.endpoint)
    if (starting === undefined) this.fault(`it has started thread ${thread}, which the system did not order`)
    else if (endpoint === undefined) this.fault(`it has started thread ${thread} at an endpoint that cannot be its own`)
    // What is said to the threads of a node with keys is encrypted as well.
    else if (doorKey === undefined ? this.#partner.security.curveServerKey !== undefined : !isCurveKey(doorKey))
      this.fault(`it has started thread ${thread}, whose door has no key`)
    else {
      this.#starting.delete(thread)
      starting.started(endpoint, doorKey)
    }
  }

  #failed(thread: number, error: Error): void {
    const starting = this.#starting.get(thread)
    if (starting === undefined) this.fault(`it has failed to start thread ${thread}, which the system did not order`)
    this.#starting.delete(thread)
    starting?.failed(error)
  }

  #down(thread: number, report: DownReport): void {
    const running = this.#threads.get(thread)
    if (running === undefined) this.fault(`thread ${thread} has ended there, which was never started`)
    running?.reported(report)
  }

  #add(name: ThreadName, endpoint: Endpoint, doorKey: string | undefined): RemoteThread {
    const thread = new RemoteThread(this, name, endpoint, doorKey)
    this.#threads.set(name.number, thread)
    return thread
  }

  #unreachable(problem: string): NodeUnreachableError {
    return new NodeUnreachableError(this.#partner.node, this.#partner.endpoint, problem)
  }

  async #finish(error: Error | undefined): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer?.cancel()
    this.#line.close()
    const cause = error ?? this.#unreachable('its session was closed')
    // First, so that a listener that hears of an end here finds another session.
    this.#end(error)
    for (const starting of this.#starting.values()) starting.failed(cause)
    for (const thread of this.#threads.values()) thread.lost(cause)
    await this.#socket.close()
  }
}

function silenceMsOf({ silenceMs, request }: SessionPartner): number {
  return silenceMs ?? request.deadlineMs
}

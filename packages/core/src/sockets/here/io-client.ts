import { SocketError } from '../../base/errors/errors.js'
import { asPermanent } from '../../base/owning/resources.js'
import { nextTick } from '../../base/runtime/real-timers.js'
import { sockets } from '../../base/time/caught-up.js'
import { controlLink, joinControlLink } from '../../link/control-link.js'
import type { LinkEnd } from '../../link/link-end.js'
import type { LinkReceiver } from '../../link/link-receiver.js'
import { Link } from '../../link/link.js'
import { reactor } from '../../link/reactor/reactor.js'
import { signalUp } from '../../thread/control-signals.js'
import type { ConnectionCounts } from '../connection-counts.js'
import type { Cause } from '../diagnosis.js'
import type { IoNotice, IoReport, IoRequest } from '../io-protocol.js'
import { unpackFrame, type WireFrame } from '../messages/frames.js'
import type { Peer } from '../peer.js'
import { zmqError } from '../socket-errors.js'
import type { SocketEvent } from '../socket-event.js'

/** The receiver of what the I/O thread reports about one socket. */
export interface SocketListener {
  message(frames: Buffer[]): void
  sent(messages: number): void
  dropped(messages: number): void
  refused(errno: string, text: string): void
  faulted(errno: string, text: string): void
  counted(counts: ConnectionCounts): void
  /** Of sockets that listen. */
  peer?(routingId: string, peer: Peer | null): void
  /** The I/O thread has gone. */
  lost(error: Error): void
}

/** The receiver of the events of a watched socket. */
export interface MonitorListener {
  event(event: SocketEvent | null, dropped: number): void
  ended(): void
}

/**
 * Answers a request: with its value, or with what makes its error, which is made where it is awaited, so that its stack
 * leads there.
 */
type Answer = { readonly value: string | undefined } | { readonly failure: (action: string) => Error }

/** One thread's side of the I/O thread: its requests, and the sockets that it has there. */
export class IoClient implements LinkReceiver {
  #link = new Link('io', reactor, this)
  /** What the link is to be opened with, when there was no descriptor for it. */
  #unopened: LinkEnd | undefined
  readonly #pending = new Map<number, (answer: Answer) => void>()
  readonly #listeners = new Map<number, SocketListener>()
  readonly #monitors = new Map<number, MonitorListener>()
  /** Calls that went wrong, by socket and cause, which the I/O thread was not told of yet. */
  #unsaid = new Map<number, Map<Cause, number>>()
  #nextRequest = 1
  #nextSocket = 1
  #nextMonitor = 1

  get link(): Link {
    return this.#link
  }

  /**
   * Opens the link to the I/O thread. What was asked for before waits for it, and is refused when there is no
   * descriptor for the link; then it is opened when something else is asked for.
   */
  open(end: LinkEnd): void {
    try {
      // It belongs to the thread and ends with it: no code has to close it.
      asPermanent(() => this.#link.open(end))
      this.#unopened = undefined
    } catch (error) {
      this.#unopened = end
      this.#link = new Link('io', reactor, this)
      this.#refuseAll(error as Error)
    }
  }

  /** Sockets of this thread that are open. */
  get openSockets(): number {
    return this.#listeners.size
  }

  /** Gives a socket its number. */
  enlist(listener: SocketListener): number {
    const socket = this.#nextSocket++
    this.#listeners.set(socket, listener)
    sockets.open = this.#listeners.size
    return socket
  }

  dismiss(socket: number): void {
    this.#listeners.delete(socket)
    sockets.open = this.#listeners.size
  }

  /** Gives a monitor its number. */
  enlistMonitor(listener: MonitorListener): number {
    const monitor = this.#nextMonitor++
    this.#monitors.set(monitor, listener)
    return monitor
  }

  dismissMonitor(monitor: number): void {
    this.#monitors.delete(monitor)
  }

  /** Has received so many events of a monitor, and wants as many more. */
  giveMonitor(socket: number, monitor: number, events: number): void {
    this.#notify(['heard', socket, monitor, events])
  }

  /** Wants no more events of a monitor. */
  leaveMonitor(socket: number, monitor: number): void {
    this.#notify(['heard', socket, monitor, -1])
  }

  /**
   * Asks for something and waits for the answer.
   *
   * @param action What it is, for the error: "bind a REP socket to …".
   */
  async request(action: string, build: (request: number) => IoRequest): Promise<string | undefined> {
    const number = this.#nextRequest++
    // What it asks for may depend on them.
    this.#sayNotes()
    this.link.outbox.post(JSON.stringify(build(number)))
    const answered = new Promise<Answer>(resolve => this.#pending.set(number, resolve))
    // The end that could not be opened is there still.
    if (this.#unopened !== undefined) this.open(this.#unopened)
    const answer = await answered
    if ('failure' in answer) throw answer.failure(action)
    return answer.value
  }

  /** Sends a message of a socket, and reports to the socket what became of it. */
  send(socket: number, frames: readonly WireFrame[]): void {
    this.#notify(['send', socket, frames])
  }

  /** Has received so many messages of a socket, and wants as many more. */
  take(socket: number, messages: number): void {
    sockets.asked += 1
    this.#notify(['take', socket, messages])
  }

  /** Puts a call that went wrong on the record of a socket. */
  note(socket: number, cause: Cause): void {
    // One notice per turn, since a program can go wrong any number of times.
    if (this.#unsaid.size === 0) nextTick(() => this.#sayNotes())
    const causes = this.#unsaid.get(socket) ?? new Map<Cause, number>()
    this.#unsaid.set(socket, causes.set(cause, (causes.get(cause) ?? 0) + 1))
  }

  /** ZeroMQ has asked for the key of a client in a domain. Call it before the answer is sent. */
  judged(domain: string, publicKey: string, isAllowed: boolean, userId: string): void {
    this.#notify(['judged', domain, publicKey, isAllowed, userId])
  }

  /** Ends the connections of these clients of a domain, or of all others. */
  endConnections(domain: string, who: 'these' | 'others', publicKeys: readonly string[]): void {
    this.#notify(['dismiss', domain, who, publicKeys])
  }

  message(body: unknown, slot: number): void {
    try {
      this.#takeReport(body as IoReport)
    } finally {
      // The slot goes back at once: what waits here to be received is bounded socket by socket.
      this.link.finish(slot)
    }
  }

  signal(): void {
    // The I/O thread signals nothing.
  }

  /** The I/O thread could not open its side of the link, and will not. */
  giveUp(error: Error): void {
    // So there is no one left to meet.
    this.#link.takeRemains()
    this.close(error)
  }

  /** No part of it can be used any longer. */
  close(
    error: Error = new SocketError('Cannot use the socket: the I/O thread has ended; the process is ending'),
  ): void {
    this.#link.close()
    for (const listener of this.#listeners.values()) listener.lost(error)
    this.#listeners.clear()
    for (const monitor of this.#monitors.values()) monitor.ended()
    this.#refuseAll(error)
  }

  #refuseAll(error: Error): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const answer of pending) answer({ failure: () => error })
  }

  #sayNotes(): void {
    const unsaid = this.#unsaid
    this.#unsaid = new Map()
    for (const [socket, causes] of unsaid)
      for (const [cause, calls] of causes) this.#notify(['note', socket, cause, calls])
  }

  #notify(notice: IoNotice): void {
    // Bounded by the windows of the sockets.
    if (!this.link.isClosed) this.link.outbox.postReply(JSON.stringify(notice))
  }

  #takeReport(report: IoReport): void {
    switch (report[0]) {
      case 'message': {
        const frames = report[2].map(frame => unpackFrame(frame, this.link))
        return this.#listeners.get(report[1])?.message(frames)
      }
      case 'sent':
        return this.#listeners.get(report[1])?.sent(report[2])
      case 'dropped':
        return this.#listeners.get(report[1])?.dropped(report[2])
      case 'refused':
        return this.#listeners.get(report[1])?.refused(report[2], report[3])
      case 'peer':
        return this.#listeners.get(report[1])?.peer?.(report[2], report[3])
      case 'counted':
        return this.#listeners.get(report[1])?.counted(report[2])
      case 'faulted':
        return this.#listeners.get(report[1])?.faulted(report[2], report[3])
      case 'event': {
        const monitor = this.#monitors.get(report[1])
        return report[2] === 'end' ? monitor?.ended() : monitor?.event(report[2], report[3])
      }
      case 'done':
        return this.#answer(report[1], { value: report[2] ?? undefined })
      case 'failed':
        return this.#answer(report[1], { failure: action => zmqError(report[2], action, report[3]) })
    }
  }

  #answer(request: number, answer: Answer): void {
    this.#pending.get(request)?.(answer)
    this.#pending.delete(request)
  }
}

let client: IoClient | undefined

/** The client of a thread that Zera started; it asks the main thread for its link at first use. */
export function workerIoClient(): IoClient {
  if (client === undefined) {
    client = new IoClient()
    joinControlLink('io', { take: opened, leave })
    const link = controlLink()
    if (link !== undefined) signalUp(link, { signal: 'io' })
  }
  return client
}

/** The main thread has made the link, or says why it could not. */
function opened(refusal: unknown, end: unknown): void {
  if (end !== undefined) {
    client?.open(end as LinkEnd)
    return
  }
  client?.giveUp(new SocketError(String(refusal)))
  client = undefined
}

/** The thread is about to leave: what its sockets have yet to say goes first. */
async function leave(): Promise<void> {
  await client?.link.outbox.sent()
  client?.close()
}

import { monotonicMs, sleep } from '../../../base/runtime/real-timers.js'
import { SOCKET_TRAITS } from '../../../native/socket-type.js'
import type { CheckedPump, CheckedPumpSocket, PumpRule, PumpSide } from '../../options/pump-options.js'
import type { PumpStatistics } from '../../pump-statistics.js'
import { ServedSocket, type NativeOptions } from '../served-socket.js'
import { LastValues } from './last-values.js'
import { PeerCount } from './peer-count.js'
import { PumpLane, type LaneWork } from './pump-lane.js'
import { ReadyWorkers } from './ready-workers.js'

/** Milliseconds between two looks whether everything was handed on. */
const LOOK_MS = 2
const SUBSCRIBE = 1
/**
 * The frames of a pump need not be noted one by one, which would cost as much as to hand them on: its peer counts end
 * when ZeroMQ has let go of its sockets, and with them of its frames.
 */
const UNHELD = { add: () => undefined }

/** The receiver of a pump's reports. */
interface PumpOwner {
  sent(side: PumpSide): void
  /** A message was not sent, and why, as an errno. */
  dropped(side: PumpSide, errno: string | undefined): void
  subscription(side: PumpSide, prefix: Buffer, isOn: boolean): void
  faulted(error: NodeJS.ErrnoException): void
}

/**
 * Hands messages from one socket to another and back, in the I/O thread: none of them travels to the thread that has
 * opened it. The two directions have nothing in common, so one that waits for room does not stop the other. After some
 * hundred messages zeromq.js lets the event loop turn, so pumps and other sockets take fair turns.
 */
export class ServedPump {
  readonly sockets: Readonly<Partial<Record<PumpSide, ServedSocket>>>
  readonly #owner: PumpOwner
  readonly #frontend: ServedSocket
  readonly #backend: ServedSocket
  readonly #capture: ServedSocket | undefined
  readonly #rule: PumpRule['kind'] | undefined
  readonly #toBackend: PumpLane | undefined
  readonly #toFrontend: PumpLane | undefined
  readonly #peers: Partial<Record<PumpSide, PeerCount>> = {}
  readonly #dropped = { frontend: 0, backend: 0, capture: 0 }
  readonly #values: LastValues | undefined
  readonly #workers: ReadyWorkers | undefined
  /** The reply to clients whose worker was lost. */
  readonly #lostReply: readonly string[] | undefined
  #captured = 0
  #isPaused = false

  /** @throws {SocketError} When one of its sockets cannot be opened. None of them is, then. */
  constructor({ frontend, backend, capture, rule }: CheckedPump, owner: PumpOwner) {
    this.#owner = owner
    this.#rule = rule?.kind
    const opened: ServedSocket[] = []
    const open = (side: PumpSide, { type, native }: CheckedPumpSocket): ServedSocket => {
      const socket = new ServedSocket(type, native as NativeOptions, this.#ownerOf(side), UNHELD)
      opened.push(socket)
      this.#peers[side] = new PeerCount(socket.native)
      return socket
    }
    try {
      this.#frontend = open('frontend', frontend)
      this.#backend = open('backend', forRule(backend, rule?.kind))
      // A capture does not hold up the others.
      this.#capture =
        capture === undefined
          ? undefined
          : open('capture', { ...capture, native: { ...capture.native, sendTimeout: 0 } })
    } catch (error) {
      for (const socket of opened) socket.close(0)
      throw error
    }
    this.sockets = {
      frontend: this.#frontend,
      backend: this.#backend,
      ...(this.#capture === undefined ? {} : { capture: this.#capture }),
    }
    this.#values = rule?.kind === 'last-values' ? new LastValues(rule) : undefined
    this.#workers = rule?.kind === 'ready-workers' ? new ReadyWorkers() : undefined
    this.#lostReply = rule?.kind === 'ready-workers' ? rule.lostReply : undefined
    const work = this.#workOf()
    if (SOCKET_TRAITS[frontend.type].receives) this.#toBackend = new PumpLane(this.#frontend, work.toBackend)
    if (SOCKET_TRAITS[backend.type].receives) this.#toFrontend = new PumpLane(this.#backend, work.toFrontend)
  }

  pause(): void {
    this.#isPaused = true
    for (const lane of this.#lanes()) lane.pause()
  }

  resume(): void {
    this.#isPaused = false
    for (const lane of this.#lanes()) lane.resume()
  }

  /**
   * Hands on what has arrived, and waits for the replies that are due; then it is paused. Resolves with whether that
   * was all within the deadline.
   */
  async drain(timeoutMs: number): Promise<boolean> {
    const until = monotonicMs() + timeoutMs
    this.resume()
    while (!this.#isIdle && monotonicMs() < until) await sleep(LOOK_MS)
    const isDrained = this.#isIdle
    this.pause()
    return isDrained
  }

  /** A ready worker has died: the pump answers its clients instead. Returns how many requests the worker had. */
  lose(worker: Buffer): number {
    const lost = this.#workers?.lose(worker) ?? []
    for (const envelope of lost) {
      this.#dropped.backend += 1
      if (this.#lostReply !== undefined) void this.#frontend.send([...envelope, ...this.#lostReply])
    }
    return lost.length
  }

  statistics(): PumpStatistics {
    const nothing = { messages: 0, bytes: 0, waiting: 0 }
    const { frontend, backend, capture } = this.#dropped
    return {
      toBackend: this.#toBackend?.statistics(backend) ?? { ...nothing, dropped: backend },
      toFrontend: this.#toFrontend?.statistics(frontend) ?? { ...nothing, dropped: frontend },
      captured: { messages: this.#captured - capture, dropped: capture },
      peers: { frontend: this.#peers.frontend?.peers ?? 0, backend: this.#peers.backend?.peers ?? 0 },
      awaitedReplies: this.#awaitedReplies,
      lastValues: { keys: this.#values?.keys ?? 0, notKept: this.#values?.notKept ?? 0 },
      isPaused: this.#isPaused,
    }
  }

  get #awaitedReplies(): number {
    if (this.#workers !== undefined) return this.#workers.awaited
    if (this.#rule !== 'replies') return 0
    const requests = this.#toBackend?.messages ?? 0
    return Math.max(0, requests - this.#dropped.backend - (this.#toFrontend?.messages ?? 0))
  }

  get #isIdle(): boolean {
    return this.#awaitedReplies === 0 && this.#lanes().every(lane => lane.isIdle)
  }

  #lanes(): PumpLane[] {
    return [this.#toBackend, this.#toFrontend].filter(lane => lane !== undefined)
  }

  #workOf(): { readonly toBackend: LaneWork; readonly toFrontend: LaneWork } {
    const toBackend = { handOn: (frames: Buffer[]) => this.#handOn(this.#backend, frames) }
    const toFrontend = { handOn: (frames: Buffer[]) => this.#handOn(this.#frontend, frames) }
    const values = this.#values
    if (values !== undefined)
      return {
        toBackend: { ...toBackend, read: frames => values.keep(frames) },
        toFrontend: { ...toFrontend, read: frames => this.#tellValues(values, frames) },
      }
    const workers = this.#workers
    if (workers === undefined) return { toBackend, toFrontend }
    return {
      toBackend: { handOn: frames => this.#giveToWorker(workers, frames) },
      toFrontend: { ...toFrontend, read: frames => this.#readWord(workers, frames) },
    }
  }

  #handOn(to: ServedSocket, frames: Buffer[]): Promise<unknown> | undefined {
    const room = to.send(frames)
    const copied = this.#copy(frames)
    return room !== undefined && copied !== undefined ? Promise.all([room, copied]) : (room ?? copied)
  }

  #copy(frames: Buffer[]): Promise<unknown> | undefined {
    if (this.#capture === undefined) return undefined
    this.#captured += 1
    return this.#capture.send(frames)
  }

  /** The next worker may have gone since it was ready; then it is the turn of the one after it. */
  async #giveToWorker(workers: ReadyWorkers, frames: Buffer[]): Promise<void> {
    for (;;) {
      const worker = await workers.take()
      // It is assigned first, since the reply may come before the send has resolved.
      workers.assign(worker, frames)
      if ((await this.#backend.sendAlone([worker, Buffer.alloc(0), ...frames])) === undefined) break
      workers.unassign(worker)
      this.lose(worker)
    }
    await this.#copy(frames)
  }

  #readWord(workers: ReadyWorkers, frames: Buffer[]): Buffer[] | undefined {
    const word = workers.hear(frames)
    if (word === 'unknown') this.#drop('frontend', 'EPROTO')
    return typeof word === 'string' ? undefined : word
  }

  #tellValues(values: LastValues, frames: Buffer[]): undefined {
    const [subscription] = frames as [Buffer]
    if (subscription[0] === SUBSCRIBE)
      for (const value of values.matching(subscription.subarray(1))) void this.#backend.send(value)
  }

  #drop(side: PumpSide, errno: string | undefined): void {
    this.#dropped[side] += 1
    this.#owner.dropped(side, errno)
  }

  #ownerOf(side: PumpSide): ConstructorParameters<typeof ServedSocket>[2] {
    return {
      message: () => undefined,
      sent: () => this.#owner.sent(side),
      dropped: errno => this.#drop(side, errno),
      subscription: (prefix, isOn) => this.#owner.subscription(side, prefix, isOn),
      refused: error => this.#drop(side, error.code),
      faulted: error => this.#owner.faulted(error),
    }
  }
}

function forRule(backend: CheckedPumpSocket, rule: PumpRule['kind'] | undefined): CheckedPumpSocket {
  // Unless asked to, ZeroMQ does not report a prefix that another peer has subscribed to.
  if (rule === 'last-values') return { ...backend, native: { ...backend.native, verbosity: 'allSubsUnsubs' } }
  // The next worker gets what one has no room for.
  if (rule === 'ready-workers') return { ...backend, native: { ...backend.native, mandatory: false } }
  return backend
}

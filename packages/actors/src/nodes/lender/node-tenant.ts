import { isDeepStrictEqual } from 'node:util'
import { isCurveKey, type Clock, type Cancellable } from '@zera/core/internal'
import type { ModuleRoots } from '../../model/modules/module-roots.js'
import type { NodeLimits } from '../../model/nodes/node-limits.js'
import { briefly } from '../control/brief-report.js'
import { ControlLine } from '../control/control-line.js'
import type { Bare, OpenRequest, Order, OtherRequest, Report } from '../control/control.js'
import { Lease } from '../control/lease.js'
import { order as orderShape } from '../control/reading/order.js'
import type { Reading } from '../control/reading/shape.js'
import type { Doors } from './doors.js'
import type { LentThread } from './lent-thread.js'
import { LentThreads } from './lent-threads.js'

/** Signs of life whose echo may still come. An echo of one before them extends nothing. */
const MAX_BEATS = 1024
/**
 * A look that comes so much later than it was due comes from a process that was suspended, and has not read what came
 * meanwhile.
 */
const SUSPENDED_MS = 20
/** Milliseconds that it has to read that. Its threads begin nothing before the lease holds again. */
const READ_MS = 100
/** Milliseconds that a system has, beyond two heartbeats, to be heard anew. */
const PROOF_GRACE_MS = 1000

/** What a node gives its tenant. */
interface NodeParts {
  readonly clock: Clock
  /** The doors of its threads; closed when the session is over. */
  readonly doors: Doors
  /** Whether messages to its threads are encrypted. */
  readonly isEncrypted: boolean
  readonly roots: ModuleRoots | undefined
  readonly limits: NodeLimits
  transmit(text: string): void
  /** The session is ending because of what its system has sent. */
  faulted(reason: string): void
  /** The session is over, and all its threads have ended. */
  left(): void
}

/**
 * A session of one system on a node, seen from there: the threads that it has, and the lease that says how long they
 * may go on.
 *
 * Signs of life are numbered, and the system echoes each at once. The lease extends from the time at which the sign was
 * sent. The system counts from the time at which it heard it, so the lease ends before the system gives the node up.
 * For the same reason an echo counts whenever it is read: a node that was suspended goes on if the system has not given
 * it up.
 */
export class NodeTenant {
  readonly request: OpenRequest
  readonly #parts: NodeParts
  readonly #line: ControlLine<Report, Order>
  readonly #lease = new Lease()
  readonly #threads: LentThreads
  readonly #beatsSent = new Map<number, number>()
  #beat = 0
  #heard = 0
  /** The first sign of life whose echo counts. */
  #provenBy = 0
  #timer: Cancellable | undefined
  #watch: Cancellable | undefined
  #proof: Cancellable | undefined
  #ending: Promise<void> | undefined

  constructor(request: OpenRequest, parts: NodeParts) {
    this.request = request
    this.#parts = parts
    const { doors, isEncrypted, roots, limits } = parts
    const lending = {
      doors,
      isEncrypted,
      roots,
      limits,
      lease: this.#lease.memory,
      report: (report: Report) => this.#report(report),
      fault: (reason: string) => this.fault(reason),
    }
    this.#threads = new LentThreads(lending, request.threads)
    this.#line = new ControlLine<Report, Order>({
      shape: orderShape,
      transmit: text => parts.transmit(text),
      hear: order => this.#obey(order),
      fault: reason => this.fault(reason),
    })
    this.#lease.extend(Lease.now() + request.deadlineMs)
    this.#watchLease()
    this.#tick()
  }

  /** Whether its system has been heard of within the deadline. */
  get isAlive(): boolean {
    return this.#ending === undefined && this.#lease.holds
  }

  /** Answers a request for this session. */
  open(): void {
    this.#line.sayBare({ opened: true })
  }

  /** Takes a message of the system. An unreadable one ends the session. */
  take(message: Reading<string>): void {
    if (this.#ending !== undefined) return
    const bare = this.#line.take(message)
    if (bare !== undefined) this.#takeBare(bare)
  }

  /** Ends the session because of what its system, or a link of one of its threads, has sent. It counts and logs that. */
  fault(reason: string): void {
    if (this.#ending !== undefined) return
    this.#parts.faulted(reason)
    void this.end(reason)
  }

  /**
   * Makes its system prove that the two still hear each other: the system must echo a sign of life sent from now on,
   * within two heartbeats and a second, or the session ends.
   */
  expectProof(): void {
    if (this.#ending !== undefined) return
    const withinMs = 2 * this.request.heartbeatMs + PROOF_GRACE_MS
    this.#provenBy = this.#beat + 1
    this.#lease.shorten(Lease.now() + withinMs)
    this.#proof?.cancel()
    this.#proof = this.#parts.clock.after(withinMs + 1, () => {
      if (!this.#lease.holds) void this.end('the list of clients has changed, and the system was not heard since')
    })
  }

  /** Kills all threads. Calling it twice is one end. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#end(reason)
    return this.#ending
  }

  async #end(reason: string): Promise<void> {
    this.#lease.end()
    this.#timer?.cancel()
    this.#watch?.cancel()
    this.#proof?.cancel()
    this.#line.sayBare({ ended: reason })
    this.#line.close()
    await this.#threads.end()
    this.#parts.doors.close()
    this.#parts.left()
  }

  #tick(): void {
    const { clock } = this.#parts
    const { heartbeatMs } = this.request
    if (!this.#lease.holds) return this.#lapsed()
    this.#timer = clock.after(heartbeatMs, () => this.#tick())
    this.#beat += 1
    this.#beatsSent.set(this.#beat, Lease.now())
    this.#beatsSent.delete(this.#beat - MAX_BEATS)
    this.#line.sayBare({ beat: this.#beat, echo: this.#heard, rssBytes: process.memoryUsage.rss() })
  }

  /** Looks when the lease ends, and again when it was extended meanwhile. */
  #watchLease(): void {
    this.#watch?.cancel()
    this.#watch = this.#parts.clock.after(Math.max(0, this.#lease.leftMs), () => {
      if (this.#lease.holds) this.#watchLease()
      else this.#lapsed()
    })
  }

  /** The lease has ended. Where this process was suspended, what extends it may be there to be read. */
  #lapsed(): void {
    this.#timer?.cancel()
    this.#watch?.cancel()
    const end = (): void => void this.end('the system was not heard within the deadline')
    if (-this.#lease.leftMs < SUSPENDED_MS) return end()
    this.#watch = this.#parts.clock.after(READ_MS, () => {
      if (!this.#lease.holds) return end()
      this.#watchLease()
      this.#tick()
    })
  }

  #takeBare({ open, beat, echo }: Bare): void {
    if (open !== undefined) this.#askedAgain(open)
    if (beat !== undefined) this.#heard = beat
    if (echo === undefined) return
    if (echo > this.#beat) this.fault(`it has heard sign of life ${echo}, and ${this.#beat} were sent`)
    else this.#extend(echo)
  }

  /** A system asks until it is answered, always for the same. */
  #askedAgain(open: OpenRequest | OtherRequest): void {
    if (isDeepStrictEqual(open, this.request)) this.open()
    else this.fault('it asks for another session within this one')
  }

  #extend(echo: number): void {
    const sentAt = this.#beatsSent.get(echo)
    if (sentAt === undefined || echo < this.#provenBy) return
    this.#lease.extend(sentAt + this.request.deadlineMs)
    for (const beat of this.#beatsSent.keys()) if (beat <= echo) this.#beatsSent.delete(beat)
  }

  #obey(order: Order): void {
    if (order.kind === 'start') this.#threads.start(order.thread, order.options)
    else if (order.kind === 'admit' && !isCurveKey(order.publicKey)) this.fault('it has a key admitted that is none')
    else if (order.kind === 'close') void this.#close()
    else if (order.kind === 'kill') this.#threads.kill(order.thread)
    else this.#threads.with(order.thread, thread => pass(order, thread))
  }

  async #close(): Promise<void> {
    this.#report({ kind: 'closed' })
    await this.end('the system has closed the session')
  }

  #report(report: Report): void {
    if (this.#ending === undefined && !this.#line.say(report)) this.#line.say(briefly(report))
  }
}

type ThreadOrder = Exclude<Order, { readonly kind: 'start' | 'close' | 'kill' }>

function pass(order: ThreadOrder, thread: LentThread): void {
  if (order.kind === 'signal') thread.signal(order)
  else if (order.kind === 'admit') thread.admit(order.link, order.publicKey)
  else if (order.kind === 'dismiss') thread.dismiss(order.link)
  else void thread.stop(order.timeoutMs)
}

import type { CurveKeys, RemoteDoorOptions } from '@zera/core'
import type { Clock, Timer } from '../clock.js'
import type { ModuleRoots } from '../module-roots.js'
import { ControlLine, type OpenRequest, type Order, type Report } from './control.js'
import type { Doors } from './doors.js'
import { Lease } from './lease.js'
import type { LentThread } from './lent-thread.js'
import { LentThreads } from './lent-threads.js'
import type { NodeLimits } from './node-limits.js'

/** Milliseconds that a system has, beyond two heartbeats, to be heard anew. */
const PROOF_GRACE_MS = 1000

/** What a node gives its tenant. */
export interface Premises {
  readonly clock: Clock
  /** Where its threads are reached; closed when the session is over. */
  readonly doors: Doors
  /** Of their doors. */
  readonly security: RemoteDoorOptions['security']
  readonly roots: ModuleRoots | undefined
  readonly limits: NodeLimits
  readonly keys: CurveKeys | undefined
  /** Lets those connect who have a key. */
  admit(publicKey: string): void
  transmit(text: string): void
  /** The session is over, and all its threads have ended. */
  left(): void
}

/**
 * A session of one system on a node, seen from there: the threads that it has, and the lease that says how long they may go on.
 *
 * A sign of life is numbered, and the system says the last number that it has heard. The lease is extended from when that was sent, so it ends before the system, which counts from when
 * it was heard, gives the node up.
 */
export class Tenancy {
  readonly request: OpenRequest
  readonly #premises: Premises
  readonly #line: ControlLine<Report, Order>
  readonly #lease = new Lease()
  readonly #threads: LentThreads
  readonly #beatsSent = new Map<number, number>()
  #beat = 0
  #heard = 0
  /** The first sign of life whose echo counts. */
  #provenBy = 0
  #timer: Timer | undefined
  #proof: Timer | undefined
  #ending: Promise<void> | undefined

  constructor(request: OpenRequest, premises: Premises) {
    this.request = request
    this.#premises = premises
    const { doors, security, roots, keys, limits } = premises
    this.#threads = new LentThreads({ doors, security, roots, keys, limits, lease: this.#lease.memory, report: report => this.#report(report) }, request.threads)
    this.#line = new ControlLine(text => premises.transmit(text), order => this.#obey(order))
    this.#lease.extend(Lease.now() + request.deadlineMs)
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

  /** Takes what the system says. */
  take(text: string): void {
    if (this.#ending !== undefined) return
    // Whatever comes when the lease has ended comes too late.
    if (!this.#lease.holds) {
      void this.end('the system was not heard within the deadline')
      return
    }
    const bare = this.#line.take(text)
    if (bare?.beat !== undefined) this.#heard = bare.beat
    if (bare?.echo !== undefined) this.#extend(bare.echo)
  }

  /** Has its system show that it can still be heard and hears this node: it says that it has heard a sign of life that is sent from now on, within two heartbeats and a second, or the session ends. */
  expectProof(): void {
    if (this.#ending !== undefined) return
    const withinMs = 2 * this.request.heartbeatMs + PROOF_GRACE_MS
    this.#provenBy = this.#beat + 1
    this.#lease.shorten(Lease.now() + withinMs)
    this.#proof?.cancel()
    this.#proof = this.#premises.clock.after(withinMs + 1, () => {
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
    this.#proof?.cancel()
    this.#line.sayBare({ ended: reason })
    this.#line.close()
    await this.#threads.end()
    this.#premises.doors.close()
    this.#premises.left()
  }

  #tick(): void {
    const { clock } = this.#premises
    const { heartbeatMs } = this.request
    if (!this.#lease.holds) {
      void this.end('the system was not heard within the deadline')
      return
    }
    this.#timer = clock.after(heartbeatMs, () => this.#tick())
    this.#beat += 1
    this.#beatsSent.set(this.#beat, Lease.now())
    this.#line.sayBare({ beat: this.#beat, echo: this.#heard, rssBytes: process.memoryUsage.rss() })
  }

  #extend(echo: number): void {
    const sentAt = this.#beatsSent.get(echo)
    if (sentAt === undefined || echo < this.#provenBy) return
    this.#lease.extend(sentAt + this.request.deadlineMs)
    for (const beat of this.#beatsSent.keys()) if (beat <= echo) this.#beatsSent.delete(beat)
  }

  #obey(order: Order): void {
    if (order.kind === 'start') this.#threads.start(order.thread, order.options)
    else if (order.kind === 'admit') this.#premises.admit(order.publicKey)
    else if (order.kind === 'close') void this.#close()
    else this.#threads.with(order.thread, thread => pass(order, thread))
  }

  async #close(): Promise<void> {
    this.#report({ kind: 'closed' })
    await this.end('the system has closed the session')
  }

  #report(report: Report): void {
    if (this.#ending === undefined) this.#line.say(report)
  }
}

function pass(order: Exclude<Order, { readonly kind: 'start' | 'admit' | 'close' }>, thread: LentThread): void {
  if (order.kind === 'signal') thread.signal(order.signal, order.data, order.terms)
  else if (order.kind === 'stop') void thread.stop(order.deadlineMs)
  else void thread.kill()
}

import { isDeepStrictEqual } from 'node:util'
import { isCurveKey, throwUncaught, toError } from '@zera/core'
import { cloneable } from '../cloneable-error.js'
import type { Clock, Timer } from '../clock.js'
import type { ModuleRoots } from '../module-roots.js'
import { briefly } from './brief-report.js'
import type { Bare, OpenRequest, Order, OtherRequest, Report } from './control.js'
import { ControlLine } from './control-line.js'
import { Lease } from './lease.js'
import { LentThread, type Lending } from './lent-thread.js'
import { order as orderShape } from './reading/order.js'
import type { Reading } from './reading/shape.js'

/** Signs of life whose echo may still come. An echo of one before them extends nothing. */
const MAX_BEATS = 1024
/** Orders that may wait for threads that are being started. */
const MAX_WAITING = 65_536

/** What a node gives its tenant. */
export interface Premises {
  readonly clock: Clock
  readonly door: Lending['door']
  readonly roots: ModuleRoots | undefined
  transmit(text: string): void
  /** The session is being ended for what its system has said. */
  faulted(reason: string): void
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
  readonly #threads = new Map<number, Promise<LentThread>>()
  readonly #beatsSent = new Map<number, number>()
  #beat = 0
  #heard = 0
  readonly #over = new AbortController()
  /** Orders for threads that are being started. */
  #waiting = 0
  #timer: Timer | undefined
  #ending: Promise<void> | undefined

  constructor(request: OpenRequest, premises: Premises) {
    this.request = request
    this.#premises = premises
    this.#line = new ControlLine<Report, Order>({
      shape: orderShape,
      transmit: text => premises.transmit(text),
      hear: order => this.#obey(order),
      fault: reason => this.fault(reason),
    })
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

  /** Takes what the system says. What cannot be read ends the session. */
  take(message: Reading<string>): void {
    if (this.#ending !== undefined) return
    // Whatever comes when the lease has ended comes too late.
    if (!this.#lease.holds) {
      void this.end('the system was not heard within the deadline')
      return
    }
    const bare = this.#line.take(message)
    if (bare !== undefined) this.#takeBare(bare)
  }

  /** Ends the session for what its system, or a link of one of its threads, has said: that is counted and logged. */
  fault(reason: string): void {
    if (this.#ending !== undefined) return
    this.#premises.faulted(reason)
    void this.end(reason)
  }

  /** Kills all threads. Calling it twice is one end. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#end(reason)
    return this.#ending
  }

  async #end(reason: string): Promise<void> {
    this.#lease.end()
    this.#timer?.cancel()
    this.#over.abort(new Error(reason))
    this.#line.sayBare({ ended: reason })
    this.#line.close()
    await Promise.all(Array.from(this.#threads.values(), async starting => (await starting.catch(() => undefined))?.kill()))
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
    this.#beatsSent.delete(this.#beat - MAX_BEATS)
    this.#line.sayBare({ beat: this.#beat, echo: this.#heard, rssBytes: process.memoryUsage.rss() })
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
    if (sentAt === undefined) return
    this.#lease.extend(sentAt + this.request.deadlineMs)
    for (const beat of this.#beatsSent.keys()) if (beat <= echo) this.#beatsSent.delete(beat)
  }

  #obey(order: Order): void {
    if (order.kind === 'start') this.#start(order)
    else if (order.kind === 'admit' && !isCurveKey(order.publicKey)) this.fault('it has a key admitted that is none')
    else if (order.kind === 'close') void this.#close()
    else this.#hand(order)
  }

  #start({ thread: number, options }: Extract<Order, { readonly kind: 'start' }>): void {
    if (this.#threads.has(number)) {
      this.fault(`it starts thread ${number}, which has not ended`)
      return
    }
    if (this.#threads.size >= this.request.threads) {
      this.fault(`it starts more threads than the ${this.request.threads} that it asked for`)
      return
    }
    const { door, roots } = this.#premises
    const lending: Lending = { door, roots, lease: this.#lease.memory, signal: this.#over.signal, report: (report: Report) => this.#report(report), fault: (reason: string) => this.fault(reason) }
    const starting = LentThread.start(number, options, lending)
    this.#threads.set(number, starting)
    starting.catch((error: unknown) => this.#report({ kind: 'failed', thread: number, error: cloneable(toError(error)) }))
  }

  /** Hands an order to its thread, when that is there. One that has ended meanwhile needs none. */
  #hand(order: ThreadOrder): void {
    const starting = this.#threads.get(order.thread)
    if (starting === undefined) return
    if (this.#waiting >= MAX_WAITING) {
      this.fault(`${MAX_WAITING} orders wait for threads that are being started`)
      return
    }
    this.#waiting += 1
    starting.then(thread => pass(order, thread), () => undefined).catch(throwUncaught).finally(() => (this.#waiting -= 1))
  }

  async #close(): Promise<void> {
    this.#report({ kind: 'closed' })
    await this.end('the system has closed the session')
  }

  #report(report: Report): void {
    // First: when the system hears it, it may start the next one.
    if (report.kind === 'down' || report.kind === 'failed') this.#threads.delete(report.thread)
    if (this.#ending === undefined && !this.#line.say(report)) this.#line.say(briefly(report))
  }
}

type ThreadOrder = Exclude<Order, { readonly kind: 'start' | 'close' }>

function pass(order: ThreadOrder, thread: LentThread): void {
  if (order.kind === 'signal') thread.signal(order.signal, order.data, order.terms)
  else if (order.kind === 'admit') thread.admit(order.link, order.publicKey)
  else if (order.kind === 'dismiss') thread.dismiss(order.link)
  else if (order.kind === 'stop') void thread.stop(order.deadlineMs)
  else void thread.kill()
}

import {
  outcomeOf,
  type Clock,
  type Down,
  type Endpoint,
  type LinkReceiver,
  type Remains,
  type RemoteAccount,
  type RemoteTerms,
  type Signal,
  type StopOptions,
  type ThreadReceipt,
} from '@zera/core/internal'
import type { HostPlace } from '../../platform/host-seed.js'
import type { HandedToHost, HostControl, HostSignalDown } from '../../platform/host-signals.js'
import type { PartyElsewhere, HostThread } from '../../platform/platform.js'
import type { DownReport, Order } from '../control/control.js'

const DEFAULT_STOP_MS = 5000
/** Signals of a thread that are kept until its slot listens, which is at once. */
const MAX_EARLY = 10_000

/** What a thread of a node needs of the session that it belongs to. */
export interface ThreadSession {
  readonly clock: Pick<Clock, 'epochMs'>
  say(order: Order): void
  /** Ends the session because of what the node, or a link of one of its threads, has sent. */
  fault(reason: string): void
}

/** What a thread is called. */
export interface ThreadName {
  readonly number: number
  readonly name: string
  readonly incarnation: number
  readonly startedAtMs: number
  /** Where its black box is copied to when it has ended. */
  readonly blackBox: SharedArrayBuffer
}

/**
 * A thread of a node that hosts actors, as the system's main thread sees it. Its orders travel to the node, and the
 * node reports the results.
 */
export class RemoteThread implements HostThread {
  /** No host signals a thread of another process through these. */
  readonly words = new SharedArrayBuffer(0)
  readonly link: HostControl = { signal: this.#signal.bind(this) }
  readonly down: Promise<Down>
  readonly elsewhere: PartyElsewhere
  readonly #session: ThreadSession
  readonly #name: ThreadName
  readonly #early: Signal[] = []
  #blackBox: SharedArrayBuffer
  #receiver: LinkReceiver | undefined
  #isDown: (down: Down) => void = () => undefined
  #left: Pick<DownReport, 'lost' | 'receipt'> | undefined
  #accounts: ReadonlyMap<number, RemoteAccount> | undefined
  #ended: Down | undefined

  /**
   * @param endpoint Where others reach it.
   * @param doorKey The public key of its door; undefined where nothing is encrypted.
   */
  constructor(session: ThreadSession, name: ThreadName, endpoint: Endpoint, doorKey: string | undefined) {
    this.#session = session
    this.#name = name
    this.#blackBox = name.blackBox
    this.down = new Promise(resolve => (this.#isDown = resolve))
    const { number: thread } = name
    this.elsewhere = {
      endpoint,
      doorKey,
      admit: (link, publicKey) => this.#order({ kind: 'admit', thread, link, publicKey }),
      dismiss: link => this.#order({ kind: 'dismiss', thread, link }),
    }
  }

  /** Of an end that its node has reported; undefined when no report came. */
  get accounts(): ReadonlyMap<number, RemoteAccount> | undefined {
    return this.#accounts
  }

  get remains(): Remains {
    return { returned: [], lost: this.#left?.lost ?? 0 }
  }

  receive(receiver: LinkReceiver): void {
    this.#receiver = receiver
    for (const signal of this.#early.splice(0)) receiver.signal(signal, undefined)
  }

  async stop({ timeoutMs = DEFAULT_STOP_MS }: StopOptions = {}): Promise<ThreadReceipt> {
    this.#order({ kind: 'stop', thread: this.#name.number, timeoutMs })
    return this.#receipt(await this.down)
  }

  async kill(): Promise<Down> {
    this.#order({ kind: 'kill', thread: this.#name.number })
    return this.down
  }

  /** Ends the session with its node, and so all of its threads. */
  fault(problem: string): void {
    this.#session.fault(problem)
  }

  ref(): void {
    // The process stays for its nodes as long as it has some.
  }

  unref(): void {
    // Likewise.
  }

  // What its session hears.

  /** It signals something. */
  signalled(signal: Signal): void {
    if (this.#ended !== undefined) return
    if (this.#receiver !== undefined) this.#receiver.signal(signal, undefined)
    else if (this.#early.length < MAX_EARLY) this.#early.push(signal)
    else
      this.#session.fault(
        `thread ${this.#name.number} sent more than ${MAX_EARLY} signals before the system listened to it`,
      )
  }

  /** Its node reports how it ended. */
  reported(report: DownReport): void {
    if (this.#ended !== undefined) return
    this.#left = report
    this.#accounts = new Map(report.accounts)
    new Uint8Array(this.#blackBox).set(report.blackBox)
    this.#end(report.down)
  }

  /** Its node is lost, and the thread with it. */
  lost(error: Error): void {
    const { name, incarnation } = this.#name
    this.#end({ thread: name, incarnation, reason: 'unreachable', exitCode: 1, error })
  }

  #end(down: Down): void {
    this.#ended ??= down
    this.#isDown(this.#ended)
  }

  #order(order: Order): void {
    if (this.#ended === undefined) this.#session.say(order)
  }

  #signal(said: HostSignalDown, handOver?: HandedToHost): void {
    const { number: thread } = this.#name
    if (said.signal !== 'assume') {
      // Its own end of a link is made where it runs.
      const terms = handOver?.content as RemoteTerms | undefined
      this.#order({ kind: 'signal', thread, ...said, terms })
      return
    }
    // The memory of its place stays here, and what its node reports is copied into it.
    const { number, blackBox } = (handOver as HandedToHost).content as HostPlace
    this.#blackBox = blackBox
    this.#order({ kind: 'signal', thread, signal: said.signal, data: number, terms: undefined })
  }

  #receipt({ exitCode, reason }: Down): ThreadReceipt {
    const { name: thread, incarnation, startedAtMs } = this.#name
    if (this.#left !== undefined) return this.#left.receipt
    const stoppedAtMs = this.#session.clock.epochMs()
    return {
      thread,
      incarnation,
      startedAtMs,
      stoppedAtMs,
      durationMs: stoppedAtMs - startedAtMs,
      exitCode,
      reason,
      outcome: outcomeOf(reason),
      left: undefined,
    }
  }
}

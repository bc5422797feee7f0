import {
  isCurveKey,
  type Down,
  type RemoteTerms,
  type Signal,
  type ThreadReceipt,
  type WorkerSettings,
  throwUncaught,
  unknownSignal,
} from '@zera/core/internal'
import type { LinkRefusal } from '../../model/errors.js'
import { readBlackBox, type BlackBoxReport } from '../../model/events/black-box-report.js'
import { BLACK_BOX_BYTES } from '../../model/events/layout.js'
import { NO_STREAK, type Streak } from '../../model/supervision/backoff.js'
import type { Pause } from '../../model/time/pause.js'
import { readTimes, type MethodTimes } from '../../model/times/method-times.js'
import { createTimesMemory } from '../../model/times/times-layout.js'
import type { TimesMemory } from '../../platform/host-seed.js'
import { signalHost, type HandedToHost, type HostSignalDown, type HostSignalUp } from '../../platform/host-signals.js'
import type { PeerDown } from '../../platform/peer-down.js'
import type { HostThread, StartHostThread, PartyElsewhere } from '../../platform/platform.js'
import type { HostEnd } from '../../platform/transport.js'
import type { AdmissionReports } from './admissions.js'
import type { Party } from './switchboard.js'

/** The options for the threads of a slot. */
export interface SlotOptions {
  readonly number: number
  readonly name: string
  readonly container: string | undefined
  readonly maxHeapMb: number | undefined
  /** The limit of the process that its threads have each to themselves, in MiB of resident memory. */
  readonly maxRssMb?: number | undefined
  /** The threads' own settings, instead of the system's. */
  readonly settings?: WorkerSettings | undefined
  readonly startMs: number
  readonly startThread: StartHostThread
  /** Whether its host measures how long messages take. */
  readonly isTimed: boolean
  /** Whether an observer looks at it. */
  readonly isObserved?: boolean | undefined
  /** Whether only one actor lives here, whose end is the slot's. */
  readonly isPrivate: boolean
  /** The node that lends the thread; undefined when it is one of the system's own process. */
  readonly node?: string | undefined
}

/**
 * What an ended thread leaves to be settled: the number of messages that it held for itself, and the accounts of its
 * links to other processes, by their numbers.
 */
export type LeftByThread = Pick<HostThread['remains'], 'lost'> & { readonly accounts: HostThread['accounts'] }

/** The owner of a slot. */
export interface SlotOwner {
  /** Takes what its process reports about keys and its door about the other sides of links. */
  readonly admissions: AdmissionReports
  /** A thread is ready. */
  started(slot: HostSlot): void
  /** Its host asks for another. */
  introduce(from: number, to: number): void
  /** Its host could not open its side of a link. */
  severed(from: number, to: number, link: number, refusal: LinkRefusal): void
  /** Another host has sent its host something invalid. */
  faulted(from: number, peer: number, link: number, problem: string): void
  /** Its thread has ended, for whatever reason. */
  ended(slot: HostSlot, down: Down, left: LeftByThread): void
}

/** The place of one host. Its number stays while one thread after the other takes it. */
export class HostSlot implements Party {
  readonly number: number
  readonly options: SlotOptions
  readonly #owner: SlotOwner
  /** How many of its threads in a row died soon after their start. */
  streak: Streak = NO_STREAK
  /** What its next thread waits for. */
  readonly pause: Pause
  #lastReceipt: ThreadReceipt | undefined
  #thread: HostThread | undefined
  #words = new SharedArrayBuffer(0)
  #blackBox = new SharedArrayBuffer(BLACK_BOX_BYTES)
  /** Of all its threads: what one has left, the next goes on with. */
  readonly #times: TimesMemory
  #incarnation = 0
  #starting: Promise<void> | undefined
  #ended: Promise<void> | undefined
  #isStopping = false
  /** Whether its thread has gone, and no other could be started. */
  isAbandoned = false
  /** Whether its thread owes an answer. */
  isSilent = false

  constructor(options: SlotOptions, owner: SlotOwner, pause: Pause) {
    this.pause = pause
    this.number = options.number
    this.options = options
    this.#owner = owner
    this.#times = options.isTimed ? createTimesMemory() : 'off'
  }

  get incarnation(): number {
    return this.#incarnation
  }

  /** The thread that runs here; undefined when none does. The slot alone starts and ends it. */
  get thread(): Pick<HostThread, 'process' | 'fault' | 'ref' | 'unref'> | undefined {
    return this.#thread
  }

  /** Whether a thread runs here. */
  get isRunning(): boolean {
    return this.#thread !== undefined
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  /** Of the last thread that was started here. */
  get words(): SharedArrayBuffer {
    return this.#words
  }

  /** How other processes reach the thread here, when it is not in the system's process. */
  get elsewhere(): PartyElsewhere | undefined {
    return this.#thread?.elsewhere
  }

  /** Of the last thread that has ended here. */
  get lastReceipt(): ThreadReceipt | undefined {
    return this.#lastReceipt
  }

  /** What the last thread that was started here is, or was, doing. */
  get blackBox(): BlackBoxReport {
    return readBlackBox(this.#blackBox)
  }

  /** What the last thread that was started here writes, and others read. */
  get memory(): { readonly blackBox: SharedArrayBuffer; readonly times: SharedArrayBuffer | undefined } {
    return { blackBox: this.#blackBox, times: this.#times === 'off' ? undefined : this.#times }
  }

  /** What its threads have measured, when they are threads of this process. */
  get times(): readonly MethodTimes[] {
    return this.#times === 'off' ? [] : readTimes(this.#times)
  }

  /**
   * Starts the next thread of the slot.
   *
   * @throws {ThreadStartError} When it does not become ready.
   */
  async start(): Promise<void> {
    if (this.#isStopping) throw new Error(`Host ${this.number} is being stopped`)
    this.#starting = this.#startThread()
    await this.#starting
  }

  async #startThread(): Promise<void> {
    const {
      number,
      name,
      container,
      maxHeapMb,
      maxRssMb,
      settings,
      startMs,
      startThread,
      isObserved = false,
    } = this.options
    this.#incarnation += 1
    const incarnation = this.#incarnation
    const threadName = `${name}/${number}.${incarnation}`
    const blackBox = new SharedArrayBuffer(BLACK_BOX_BYTES)
    const thread = await startThread({
      name: threadName,
      incarnation,
      data: { place: { number, blackBox, times: this.#times, beats: isObserved }, container },
      startMs,
      ...(maxHeapMb === undefined ? {} : { maxHeapMb }),
      ...(maxRssMb === undefined ? {} : { maxRssMb }),
      ...(settings === undefined ? {} : { settings }),
    })
    this.#thread = thread
    this.isAbandoned = false
    this.#words = thread.words
    this.#blackBox = blackBox
    // Before anything else can happen to it, so that no listener hears of its end first.
    this.#owner.started(this)
    thread.receive({
      message: () => undefined,
      signal: (signal: Signal) => {
        const said = signal as HostSignalUp
        if (said.signal === 'sever') {
          const { peer, link, refusal } = said.data
          this.#owner.severed(number, peer, link, refusal)
        } else if (said.signal === 'faulted') {
          const { peer, link, problem } = said.data
          this.#owner.faulted(number, peer, link, problem)
        } else if (said.signal === 'introduce') this.#owner.introduce(number, said.data.peer)
        else if (said.signal === 'keyed' || said.signal === 'admitted') this.#takeAdmission(signal)
        else this.#refuse(signal)
      },
    })
    // A thread that was spare has another name.
    const named = { thread: threadName, incarnation }
    this.#ended = thread.down
      .then(async down => {
        this.#lastReceipt = { ...(await thread.stop()), ...named }
        // Not earlier: the next thread may take an empty slot at once, and the others must have heard of this one's end by then.
        this.#thread = undefined
        this.#owner.ended(this, { ...down, ...named }, { lost: thread.remains.lost, accounts: thread.accounts })
      })
      .catch(throwUncaught)
  }

  /** Kills the thread that runs here now; the slot goes on. What is sent from then on is for the next one. */
  async kill(): Promise<void> {
    const ended = this.#ended
    await this.#thread?.kill()
    await ended
  }

  /** Stops the thread for good. */
  async stop(timeoutMs: number): Promise<void> {
    this.#isStopping = true
    this.pause.end()
    await this.#starting?.catch(() => undefined)
    await this.#thread?.stop({ timeoutMs })
    await this.#ended
  }

  linked(peer: number, end: HostEnd | RemoteTerms): void {
    const transfer = 'handover' in end ? [end.handover] : []
    this.#signal({ signal: 'linked', data: { peer } }, { content: end, transfer })
  }

  admitted(peer: number, link: number): void {
    this.#signal({ signal: 'admitted', data: { peer, link } })
  }

  severed(peer: number, link: number, refusal: LinkRefusal): void {
    this.#signal({ signal: 'severed', data: { peer, link, refusal } })
  }

  down(peer: number, { reason, redelivery, account }: PeerDown): void {
    this.#signal({ signal: 'down', data: { peer, reason, redelivery, account } })
  }

  gone(peer: number): void {
    this.#signal({ signal: 'gone', data: { peer } })
  }

  #signal(said: HostSignalDown, handOver?: HandedToHost): void {
    if (this.#thread !== undefined) signalHost(this.#thread.link, said, handOver)
  }

  /** The process of a node may say anything, and ends its own session by it. */
  #refuse(signal: Signal): void {
    const error = unknownSignal(signal, `the main thread from host ${this.number}`)
    if (this.#thread?.fault === undefined) throw error
    this.#thread.fault(error.message)
  }

  /** It comes from the node's process, which may say anything. */
  #takeAdmission({ signal, data }: Signal): void {
    const { link, publicKey } = (data ?? {}) as { link?: unknown; publicKey?: unknown }
    const isKnown =
      typeof link === 'number' &&
      (signal === 'admitted'
        ? this.#owner.admissions.admitted(this.number, link)
        : isCurveKey(publicKey) && this.#owner.admissions.keyed(this.number, link, publicKey))
    if (!isKnown) this.#thread?.fault?.(`it reported on a link that it does not have: ${signal}`)
  }
}

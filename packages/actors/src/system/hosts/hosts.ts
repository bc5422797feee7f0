import { isShortage, stayAlive, throwUncaught, toError, words, type Down, type RemoteTerms } from '@zera/core/internal'
import type { Host } from '../../host/host.js'
import { SystemStoppedError, type LinkRefusal } from '../../model/errors.js'
import { DEFAULT_PACE, planBackoff } from '../../model/supervision/backoff.js'
import { Pause } from '../../model/time/pause.js'
import type { Random } from '../../model/time/random.js'
import type { PeerDown } from '../../platform/peer-down.js'
import type { LentPlace } from '../../platform/platform.js'
import { FIRST_REMOTE_HOST, type HostEnd, type Transport } from '../../platform/transport.js'
import { Registry } from '../registry/registry.js'
import { HostDown } from './host-down.js'
import { HostSlot, type SlotOptions } from './host-slot.js'
import type { SpareThreads } from './spare-threads.js'
import { Switchboard } from './switchboard.js'
import type { ThreadReceipts } from './thread-receipts.js'

/** How often the start of a thread is retried when none of its actors asks for it. */
const MAX_START_ATTEMPTS = 3

/** What the system wants to know of its hosts. */
export interface HostsOwner {
  hostStarted(slot: HostSlot): void
  /** A slot's threads die repeatedly, so the next one waits. */
  hostDelayed(slot: HostSlot, waitMs: number): void
  /** A slot's next thread could not be started. */
  hostFailed(slot: HostSlot, error: Error): void
  /** A slot that is shared has no thread and can have none. */
  abandoned(slot: HostSlot): void
  /** A thread is ready, and about to be linked to others. */
  opened(slot: HostSlot): void
  /** A thread has ended that was not stopped. */
  hostDown(slot: HostSlot, down: Down): void
  /** Messages that a thread held for itself died with it. */
  messagesLost(host: number, messages: number): void
}

/** Milliseconds until a node that did not give a thread is asked again, and how long that time doubles. */
const NODE_RETRY_MS = 250
const NODE_RETRY_AT_MOST_MS = 10_000

/** What all slots have in common. */
type SlotTemplate = Pick<SlotOptions, 'name' | 'container' | 'startMs' | 'isTimed' | 'isObserved'>

/** What one slot is made of; with the place that a node lends, it is there. */
export type NewSlot = Pick<SlotOptions, 'isPrivate' | 'maxHeapMb' | 'maxRssMb' | 'settings'> & {
  readonly lent?: LentPlace
  /** Whether each of its threads has a process to itself. */
  readonly hasOwnProcess?: boolean
}

/** Milliseconds that a thread which is late with an answer has to stop: on a busy machine it may be nothing but late. */
const SILENT_STOP_MS = 200

/** The number of the first host with a process of its own, which is beyond those of nodes. */
const FIRST_PROCESS_HOST = 2 * FIRST_REMOTE_HOST

/** Where the threads of slots come from. */
export interface ThreadSources {
  readonly threads: SpareThreads
  /** Those that have a process to themselves. */
  readonly processes: SpareThreads
}

/** The parts of all hosts. */
export interface HostsParts {
  readonly owner: HostsOwner
  readonly template: SlotTemplate
  readonly sources: ThreadSources
  readonly transport: Transport
  readonly random: Random
  /** Makes the main thread's host, and says how it learns of the others. */
  readonly createMain: (
    requestLink: (peer: number) => void,
    reportFault: (peer: number, link: number, problem: string) => void,
  ) => Host
}

/** All hosts of a system: the main thread's, the shared ones, and those of single actors. */
export class Hosts {
  readonly main: Host
  readonly registry: Registry
  /** Who is linked to whom. */
  readonly links: Pick<Switchboard, 'hasLink' | 'settled' | 'accounts' | 'endedLinks'>
  readonly #sources: ThreadSources
  readonly #owner: HostsOwner
  readonly #switchboard: Switchboard
  readonly #slots = new Map<number, HostSlot>()
  readonly #down: HostDown
  readonly #random: Random
  readonly #template: SlotTemplate
  readonly #starting = new Map<HostSlot, Promise<void>>()
  /** What keeps the process alive for the sake of slots whose next thread waits. */
  readonly #paused = new Map<HostSlot, () => void>()
  #lastNumber = 0
  #lastProcess = FIRST_PROCESS_HOST
  #isReferenced = true
  #isClosing = false

  constructor({ owner, template, sources, transport, random, createMain }: HostsParts) {
    this.#owner = owner
    this.#random = random
    this.#sources = sources
    this.#template = template
    this.#switchboard = new Switchboard(transport)
    this.links = this.#switchboard
    this.main = createMain(
      peer => this.#switchboard.request(0, peer),
      (peer, link, problem) => this.#faulted(0, peer, link, problem),
    )
    this.registry = new Registry(this.main, () =>
      this.slots.filter(slot => slot.isRunning && !slot.isStopping).map(slot => slot.number),
    )
    this.#down = new HostDown(
      {
        messagesLost: (host, messages) => owner.messagesLost(host, messages),
        hostDown: (slot, down) => this.#hostDown(slot, down),
      },
      this.main,
      this.registry,
      this.#switchboard,
    )
    const { peers } = this.main
    this.#switchboard.join({
      number: 0,
      words: words.memory,
      linked: (peer: number, end: HostEnd | RemoteTerms) => this.#linkMain(peer, end as HostEnd),
      admitted: (peer: number, link: number) => peers.admitted(peer, link),
      severed: (peer: number, link: number, refusal: LinkRefusal) => peers.severed(peer, link, refusal),
      down: (peer: number, down: PeerDown) => peers.down(peer, down),
      gone: (peer: number) => peers.gone(peer),
    })
    this.#switchboard.open(0)
  }

  /** Every slot, in the order of their start. */
  get slots(): HostSlot[] {
    return [...this.#slots.values()]
  }

  /** The receipts of threads that have ended. */
  get receipts(): ThreadReceipts {
    return this.#down.receipts
  }

  slot(number: number): HostSlot | undefined {
    return this.#slots.get(number)
  }

  /** Makes a place for one more thread. */
  reserve({ lent, hasOwnProcess = false, ...options }: NewSlot): HostSlot {
    const { threads, processes } = this.#sources
    const place =
      lent ??
      (hasOwnProcess
        ? { startThread: processes.start, number: ++this.#lastProcess }
        : { startThread: threads.start, number: ++this.#lastNumber })
    const slot = new HostSlot(
      { ...this.#template, ...options, ...place },
      {
        admissions: this.#switchboard.admissions,
        started: started => this.#started(started),
        introduce: (from, to) => this.#introduce(from, to),
        severed: (from, to, link, refusal) => this.#switchboard.sever(from, to, link, refusal),
        faulted: (from, peer, link, problem) => this.#faulted(from, peer, link, problem),
        ended: (ended, down, left) => this.#down.ended(ended, down, left),
      },
      new Pause(this.main.clock),
    )
    this.#slots.set(slot.number, slot)
    return slot
  }

  /** Makes all spare threads import a module of which actors have been started. */
  preload(url: string): void {
    this.#sources.threads.preload(url)
    this.#sources.processes.preload(url)
  }

  /** Makes a place for one more thread, and starts it. */
  async add(options: NewSlot): Promise<HostSlot> {
    const slot = this.reserve(options)
    try {
      await this.ready(slot)
    } catch (error) {
      this.retire(slot)
      throw error
    }
    return slot
  }

  /** Starts no more threads: all are about to be stopped. */
  closeDoors(): void {
    this.#isClosing = true
    for (const slot of this.slots) {
      slot.pause.end()
      this.#giveUp(slot)
    }
  }

  /**
   * Resolves when a thread runs in a slot; starts the next one when none does. Undefined when one runs. If one has run
   * before, and the process lacks resources for the next one, it retries until there are enough.
   *
   * @throws {ThreadStartError} When it does not start.
   */
  ready(slot: HostSlot): Promise<void> | undefined {
    let starting = this.#starting.get(slot)
    if (starting === undefined) {
      if (slot.isRunning) return undefined
      if (this.#isClosing) throw new SystemStoppedError(`start a thread for host ${slot.number}`)
      starting = this.#startInTime(slot).finally(() => {
        this.#starting.delete(slot)
        this.#giveUp(slot)
      })
      this.#starting.set(slot, starting)
    }
    return starting
  }

  /** A host without a thread at the stop of all gets none any more, so no caller waits for its actors. */
  #giveUp(slot: HostSlot): void {
    if (this.#isClosing && !slot.isRunning && !this.#starting.has(slot)) this.retire(slot)
  }

  /** Gives up a slot: no thread will take it again. */
  retire(slot: HostSlot): void {
    this.#slots.delete(slot.number)
    slot.pause.end()
    this.#switchboard.retire(slot.number)
  }

  /**
   * Kills the thread of a slot because of one actor: messages that no actor there had begun go to the next thread. Does
   * nothing when that incarnation has gone already.
   */
  async killForOne(slot: HostSlot, incarnation: number | undefined): Promise<void> {
    if (!slot.isRunning || slot.incarnation !== incarnation) return
    this.#down.killsForOne(slot.number)
    await slot.kill()
  }

  /** Stops the thread of a slot for good. */
  async stop(slot: HostSlot, timeoutMs: number): Promise<void> {
    // A thread that does not answer will hardly hear that either.
    await slot.stop(slot.isSilent ? Math.min(SILENT_STOP_MS, timeoutMs) : timeoutMs)
    this.retire(slot)
  }

  /** So many of the messages that a host holds were reported as lost. */
  countedAlready(host: number, messages: number): void {
    this.#down.countedAlready(host, messages)
  }

  /** Resolves when all that dead hosts had left is settled and counted. */
  settled(): Promise<void> {
    return this.#down.settled()
  }

  /** Whether its threads keep the process alive, and all of them run. */
  get isAtRest(): boolean {
    return this.#isReferenced && this.#paused.size === 0 && this.slots.every(slot => slot.isRunning)
  }

  ref(): void {
    this.#isReferenced = true
    for (const { thread } of this.#slots.values()) thread?.ref()
  }

  unref(): void {
    this.#isReferenced = false
    for (const mayEnd of this.#paused.values()) mayEnd()
    for (const { thread } of this.#slots.values()) thread?.unref()
  }

  /**
   * Retries a start for lack of resources, since others may free them: a host that goes down for good would take its
   * actors along.
   */
  async #startInTime(slot: HostSlot): Promise<void> {
    for (;;) {
      try {
        return await this.#startNext(slot)
      } catch (error) {
        if (
          !isShortage(error) ||
          slot.lastReceipt === undefined ||
          slot.options.node !== undefined ||
          slot.isStopping ||
          this.#isClosing
        )
          throw error
      }
    }
  }

  async #startNext(slot: HostSlot): Promise<void> {
    const { streak } = slot
    await this.#slowDown(slot)
    try {
      await slot.start()
      slot.streak = { ...slot.streak, endedAt: this.main.clock.now() }
    } catch (error) {
      // Those of nodes are tried at a pace of their own.
      if (slot.options.node !== undefined) slot.streak = streak
      if (slot.incarnation > 1 && !slot.isStopping) this.#owner.hostFailed(slot, toError(error))
      throw error
    }
    // Receives first what the previous thread had sent, so that it does not pass for messages of this one.
    await this.main.peers.settledByNow()
    if (!slot.isRunning) throw new Error(`The thread of host ${slot.number} went down when it had just started`)
    this.#owner.opened(slot)
    this.#switchboard.open(slot.number)
  }

  /** Waits when threads repeatedly die soon after their start, or do not start: a start costs a core for a while. */
  async #slowDown(slot: HostSlot): Promise<void> {
    // The first start is none that follows a death.
    if (slot.incarnation === 0) return
    const { waitMs, restarts } = planBackoff(DEFAULT_PACE, slot.streak, this.main.clock.now(), this.#random)
    slot.streak = { restarts, endedAt: Infinity }
    if (waitMs === 0) return
    this.#owner.hostDelayed(slot, waitMs)
    // No thread does that meanwhile.
    const mayEnd = this.#isReferenced ? stayAlive() : () => undefined
    this.#paused.set(slot, mayEnd)
    await slot.pause.wait(waitMs)
    mayEnd()
    this.#paused.delete(slot)
    if (this.#isClosing || this.#slots.get(slot.number) !== slot)
      throw new SystemStoppedError(`start a thread for host ${slot.number}`)
  }

  /** A node may ask for hosts that never existed. They count as gone, so nothing waits for them. */
  #introduce(from: number, to: number): void {
    if (to === 0 || this.#slots.has(to)) this.#switchboard.request(from, to)
    else this.#slots.get(from)?.gone(to)
  }

  /** Shared threads are wanted whether or not actors live there now. */
  async #revive(slot: HostSlot): Promise<void> {
    for (let attempt = 1; attempt <= MAX_START_ATTEMPTS && !slot.isStopping && !this.#isClosing; attempt++) {
      try {
        await this.ready(slot)
        return
      } catch {
        // It was reported as an event.
      }
    }
    slot.isAbandoned = true
    this.#owner.abandoned(slot)
  }

  /** A node may come back at any time, so it is asked until it has. */
  async #reviveOnNode(slot: HostSlot): Promise<void> {
    for (
      let retryMs = NODE_RETRY_MS;
      !slot.isStopping && !this.#isClosing;
      retryMs = Math.min(2 * retryMs, NODE_RETRY_AT_MOST_MS)
    ) {
      try {
        await this.ready(slot)
        return
      } catch {
        // It was reported as an event.
      }
      await new Promise<void>(resolve => this.main.clock.after(retryMs, resolve))
    }
  }

  /**
   * A host in another process has sent something invalid. Reports about a link that has ended meanwhile no longer
   * matter.
   */
  #faulted(by: number, peer: number, link: number, problem: string): void {
    if (this.#switchboard.joins(link, by, peer))
      this.#slots.get(peer)?.thread?.fault?.(`a thread of it has sent host ${by} what cannot be read: ${problem}`)
  }

  /**
   * A host that the main thread has no descriptor for a link to can do nothing: its thread is ended, and another
   * started later.
   */
  #linkMain(peer: number, end: HostEnd): void {
    try {
      this.main.peers.linked(peer, end)
    } catch (error) {
      const slot = this.#slots.get(peer)
      if (slot === undefined) throw error
      this.#owner.hostFailed(slot, toError(error))
      void slot.kill()
    }
  }

  #started(slot: HostSlot): void {
    if (!this.#isReferenced) slot.thread?.unref()
    this.#switchboard.join(slot)
    // The main thread starts its actors, so it is linked first.
    this.#switchboard.introduce(0, slot.number)
    this.registry.hostStarted(slot.number)
    this.#owner.hostStarted(slot)
  }

  #hostDown(slot: HostSlot, down: Down): void {
    this.#owner.hostDown(slot, down)
    this.#giveUp(slot)
    if (slot.options.node !== undefined) this.#reviveOnNode(slot).catch(throwUncaught)
    else if (!slot.options.isPrivate) this.#revive(slot).catch(throwUncaught)
  }
}

import { availableParallelism } from 'node:os'
import {
  aborted,
  expectNumber,
  stayAlive,
  throwUncaught,
  toError,
  trackResource,
  type ThreadReceipt,
  type Cancellable,
} from '@zera/core/internal'
import {
  shownReceipt,
  addLeftovers,
  isCleanStop,
  withKilledThreads,
  type SystemReceipt,
} from '../model/events/system-receipt.js'
import type { Observer, ObserverOptions } from '../model/observing/observer-options.js'
import { DEFAULT_STOP_TIMEOUT_MS } from '../model/time/stop-limit.js'
import { ForgottenStop } from './forgotten-stop.js'
import type { HostSlot } from './hosts/host-slot.js'
import type { SpareThreads } from './hosts/spare-threads.js'
import { loadObserver, type StartedObserver } from './observing/load-observer.js'
import { observedSystem } from './observing/observed-system.js'
import { stopOnSignals } from './process-signals.js'
import { activityOf } from './snapshot/system-snapshot.js'
import type { SystemOptions } from './system-options.js'
import type { SystemParts } from './system-parts.js'

/** Milliseconds from one look at what the program waits for to the next. */
const LOOK_AGAIN_MS = 20

/** What is known of a stop so far. */
interface Stop {
  stopped: SystemReceipt['stopped']
  /** The places of threads that there were when it began, each with the receipt of the thread that had ended there last. */
  threads: readonly { readonly slot: HostSlot; readonly before: ThreadReceipt | undefined }[]
  /** Asks of the main thread that still waited. */
  asks: number
}

/** The start and the stop of a system, each once, however often it is called. */
export class SystemLife {
  readonly startedAtMs: number
  /** Resolves when it has stopped. */
  readonly stopped: Promise<SystemReceipt>
  readonly #parts: SystemParts
  readonly #threads: number
  readonly #timeoutMs: number
  readonly #release: (() => void)[]
  readonly #observing: ObserverOptions | false
  #observer: StartedObserver | undefined
  #error: Error | undefined
  #hasStopped: (receipt: SystemReceipt) => void = () => undefined
  #stopping: Promise<SystemReceipt> | undefined
  /** Stops it even if the program goes on, once that was interrupted and is to end by itself. */
  #patience: Cancellable | undefined
  #hasEnded = false
  /** Whether the process may end without a stop. */
  #mayEnd = false

  constructor(
    parts: SystemParts,
    {
      threads = Math.max(1, availableParallelism() - 1),
      handleSignals = true,
      stopTimeoutMs = DEFAULT_STOP_TIMEOUT_MS,
      observer = false,
    }: Pick<SystemOptions, 'threads' | 'handleSignals' | 'stopTimeoutMs' | 'observer'>,
  ) {
    this.#timeoutMs = stopTimeoutMs
    this.#parts = parts
    this.#threads = threads
    this.#observing = observer === true ? {} : observer
    this.startedAtMs = parts.clock.epochMs()
    this.stopped = new Promise(resolve => (this.#hasStopped = resolve))
    this.#release = [trackResource('system', parts.name), () => void process.off('beforeExit', this.#stopAtEnd)]
    if (handleSignals)
      this.#release.push(
        stopOnSignals({
          stop: () => this.stop(),
          letGo: async () => this.#letFinish(),
          force: () => this.#force(),
          isStuck: () => this.#isStuck(),
        }),
      )
  }

  get state(): 'running' | 'stopping' | 'stopped' {
    return this.#stopping === undefined ? 'running' : this.#hasEnded ? 'stopped' : 'stopping'
  }

  /**
   * Says once when the program has ended and left it running.
   *
   * @param place Where the program has started it.
   */
  watchForForgottenStop(place: string): void {
    const { hosts } = this.#parts
    const forgotten = new ForgottenStop({
      isAtRest: () => hosts.isAtRest && this.#stopping === undefined,
      ref: () => {
        // The program may have let go of it for good meanwhile, or been interrupted.
        if (!this.#mayEnd) this.ref()
      },
      unref: () => this.#letGo(),
      activity: () => activityOf(this.#parts),
      forgotten: () =>
        hosts.main.loggers.writeEvent({
          level: 'warn',
          text: `the process stays alive only for the system that was started ${place} and not stopped; call system.stop(), or declare it by await using; or call system.unref()`,
          host: hosts.main.number,
          actor: undefined,
          event: 'forgotten-stop',
          data: undefined,
        }),
    })
    this.#release.push(() => forgotten.end())
  }

  /** Starts the shared and the spare threads. When one does not start, or the start is given up, it stops everything. */
  async start(): Promise<void> {
    const { startGivenUp: givenUp, hosts, places, spares, spareProcesses } = this.#parts
    // No timer keeps the process alive, so a wait for one, here and in a stop, would let the process end.
    const mayEnd = stayAlive()
    try {
      const shared = Array.from({ length: this.#threads }, () => hosts.add({ isPrivate: false, maxHeapMb: undefined }))
      const onNodes = places.map(lent => hosts.add({ isPrivate: false, maxHeapMb: undefined, lent }))
      const ready = Promise.all([...shared, ...onNodes, spares.fill(), spareProcesses.fill()])
      // Not every start ends by itself when it is given up: those of processes and sessions end when the stop begins.
      await (givenUp === undefined ? ready : Promise.race([ready, aborted(givenUp)]))
      givenUp?.throwIfAborted()
      if (this.#observing !== false) this.#observer = await this.#startObserver(this.#observing)
    } catch (error) {
      await this.stop()
      throw error
    } finally {
      mayEnd()
    }
  }

  /** What shows the system, if anything does. */
  get observer(): Observer | undefined {
    return this.#observer
  }

  async #startObserver(options: ObserverOptions): Promise<StartedObserver> {
    const observers = await loadObserver()
    return observers.startObserver(observedSystem(this.#parts, this.startedAtMs), options)
  }

  /** Keeps the process alive. */
  ref(): void {
    this.#mayEnd = false
    for (const part of [this.#parts.hosts, ...this.#spares]) part.ref()
  }

  /** Lets the process end when nothing else keeps it alive, after a stop. */
  unref(): void {
    this.#mayEnd = true
    this.#letGo()
    process.off('beforeExit', this.#stopAtEnd)
    process.once('beforeExit', this.#stopAtEnd)
  }

  #letGo(): void {
    for (const part of [this.#parts.hosts, ...this.#spares]) part.unref()
  }

  get #spares(): SpareThreads[] {
    return [this.#parts.spares, this.#parts.spareProcesses]
  }

  /** Its own supervisor has given up. */
  fail(error: Error): void {
    this.#error = error
    this.#parts.events.emit('system-failed', { error })
    void this.stop()
  }

  /**
   * Calling it twice is one stop, which has the less time of both.
   *
   * @throws {RangeError} When that is none.
   */
  stop(timeoutMs?: number): Promise<SystemReceipt> {
    if (timeoutMs !== undefined) expectNumber('stop the system', 'timeoutMs', timeoutMs)
    if (this.#stopping === undefined || timeoutMs !== undefined) this.#parts.limit.begin(timeoutMs ?? this.#timeoutMs)
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  /**
   * The program was interrupted, and finishes what it has, for which it may need the system. This stops when the
   * program has nothing else to do, or when half of the time for a stop has passed.
   */
  #letFinish(): void {
    const { clock } = this.#parts
    if (this.#stopping !== undefined || this.#patience !== undefined) return
    const halfMs = this.#timeoutMs / 2
    this.#patience = clock.after(halfMs, () => void this.stop(halfMs))
    this.#release.push(() => this.#patience?.cancel())
    this.unref()
  }

  readonly #stopAtEnd = (): void => {
    if (
      this.#patience !== undefined &&
      this.#stopping === undefined &&
      this.#parts.hosts.main.messenger.asks.areAwaited
    )
      return this.#lookAgain()
    // Stopping is work that the process must stay for.
    this.ref()
    void this.stop()
  }

  /** The program waits for an answer, and may ask on when it has that. */
  #lookAgain(): void {
    const mayEnd = stayAlive()
    this.#parts.clock.after(LOOK_AGAIN_MS, () => {
      process.once('beforeExit', this.#stopAtEnd)
      mayEnd()
    })
  }

  async #stop(): Promise<SystemReceipt> {
    const { events, limit } = this.#parts
    const mayEnd = stayAlive()
    const stop: Stop = { stopped: [], threads: [], asks: 0 }
    // What hangs even then is not waited for. It goes on with the stop when it comes back.
    await limit.unless('abandoned', this.#stopAll(stop).catch(throwUncaught))
    limit.end()
    for (const release of this.#release) release()
    const receipt = this.#receipt(stop)
    events.emit('stopped', receipt)
    this.#parts.output.end()
    this.#hasEnded = true
    this.#hasStopped(receipt)
    mayEnd()
    return receipt
  }

  async #stopAll(stop: Stop): Promise<void> {
    const {
      clock,
      compute,
      container,
      events,
      hosts,
      lent,
      limit,
      ownProcesses,
      pools,
      stopMs,
      supervision,
      transport,
    } = this.#parts
    const { main } = hosts
    supervision.closeDoors()
    pools.halt()
    // What has arrived by now is taken note of first: a restart that is done, say.
    await new Promise<void>(resolve => clock.soon(resolve))
    events.emit('stopping', {})
    stop.threads = hosts.slots.map(slot => ({ slot, before: slot.lastReceipt }))
    hosts.closeDoors()
    lent?.closeDoors()
    ownProcesses.closeDoors()
    let processes: Cancellable | undefined
    limit.on('killed', () => {
      void this.#kill(stop.threads).catch(throwUncaught)
      // Each ends by itself when its thread has, if that can be killed alone.
      processes = clock.after(limit.leftMs('abandoned') / 2, () => ownProcesses.kill())
    })
    // What the program has told is kept before the store stops.
    if (!main.outbox.isIdle) await limit.unless('hurried', main.outbox.idle())
    stop.stopped = await supervision.stop('the system stops')
    await compute.stop({ timeoutMs: Math.min(stopMs, limit.leftMs()) })
    for (const { slot } of stop.threads.toReversed()) await hosts.stop(slot, stopMs)
    for (const spares of this.#spares) await spares.stop(stopMs)
    await hosts.settled()
    stop.asks = main.messenger.asks.size
    main.close()
    await Promise.all([lent?.stop(stopMs), ownProcesses.stop(stopMs)])
    processes?.cancel()
    await this.#observer?.stop(stopMs)
    await transport.close()
    // What the user's own services throw when they are let go of is an uncaught error, which does not keep the system from its end.
    await container.dispose().catch((error: unknown) => void Promise.reject(toError(error)))
  }

  /** Ends all threads, and waits for nothing else. */
  async #force(): Promise<void> {
    void this.stop(0)
    await this.#parts.limit.unless('abandoned', this.#kill([]))
  }

  /** Whether a thread could not be killed. */
  #isStuck(): boolean {
    const { hosts, limit } = this.#parts
    return limit.has('abandoned') && hosts.slots.some(slot => slot.isRunning)
  }

  /** Kills all threads that are left, with the processes that they have to themselves. */
  async #kill(threads: Stop['threads']): Promise<void> {
    const slots = new Set([...threads.map(({ slot }) => slot), ...this.#parts.hosts.slots])
    await Promise.all([...slots, ...this.#spares].map(part => part.kill()))
  }

  #receipt({ stopped, threads, asks }: Stop): SystemReceipt {
    const { clock, hosts, limit, undelivered, supervision } = this.#parts
    const [gone, lost, spare] = [
      hosts.receipts,
      this.#spares.map(spares => spares.receipts),
      this.#spares.flatMap(spares => spares.lastReceipts),
    ]
    const stoppedAtMs = clock.epochMs()
    const left = addLeftovers([
      { asks },
      gone.left,
      ...lost.map(each => each.left),
      ...spare.map(thread => thread.left ?? {}),
    ])
    // One that had ended before the stop, and whose place was still empty, was to be started again.
    const lastThreads = [
      ...threads.flatMap(({ slot, before }) =>
        slot.lastReceipt === undefined || slot.lastReceipt === before ? [] : [slot.lastReceipt],
      ),
      ...spare,
    ]
    const ended = withKilledThreads(
      stopped,
      new Set(threads.flatMap(({ slot }) => (slot.lastReceipt?.outcome === 'killed' ? [slot.number] : []))),
    )
    const { phase } = limit
    return shownReceipt({
      startedAtMs: this.startedAtMs,
      stoppedAtMs,
      durationMs: stoppedAtMs - this.startedAtMs,
      threads: [...gone.last, ...lost.flatMap(each => each.last), ...spare],
      threadCount: lost.reduce((sum, each) => sum + each.count, gone.count + spare.length),
      stopped: ended,
      actors: ended.filter(child => child.kind === 'actor'),
      error: this.#error,
      restarts: supervision.restarts,
      deadLetters: undelivered.deadLetters.statistics.received,
      messagesLost: undelivered.messagesLost,
      left,
      phase,
      isClean: isCleanStop({ stopped: ended, left, phase, lastThreads }),
    })
  }
}

import { stayAlive, toError, trackResource } from '@zera/core'
import { availableParallelism } from 'node:os'
import type { HostSlot } from './hosting/host-slot.js'
import type { SpareThreads } from './hosting/spare-threads.js'
import { stopOnSignals } from './process-signals.js'
import type { SystemOptions } from './system-options.js'
import type { SystemParts } from './system-parts.js'
import { addLeftovers, isCleanStop, type SystemReceipt } from './system-receipt.js'

/** How a system starts and stops, each once, whoever asks for it. */
export class SystemLife {
  readonly startedAt: number
  /** Resolves when it has stopped. */
  readonly stopped: Promise<SystemReceipt>
  readonly #parts: SystemParts
  readonly #threads: number
  readonly #release: (() => void)[]
  #error: Error | undefined
  #hasStopped: (receipt: SystemReceipt) => void = () => undefined
  #stopping: Promise<SystemReceipt> | undefined

  constructor(parts: SystemParts, { threads = Math.max(1, availableParallelism() - 1), handleSignals = true }: Pick<SystemOptions, 'threads' | 'handleSignals'>) {
    this.#parts = parts
    this.#threads = threads
    this.startedAt = parts.clock.epochMs()
    this.stopped = new Promise(resolve => (this.#hasStopped = resolve))
    this.#release = [trackResource('system', parts.name), () => void process.off('beforeExit', this.#stopAtEnd)]
    if (handleSignals) this.#release.push(stopOnSignals({ stop: () => this.stop(), force: () => this.#force() }))
  }

  /** Starts the shared threads, and those that are spare. Everything is stopped when one does not start. */
  async start(): Promise<void> {
    const { hosts, places, spares, spareProcesses } = this.#parts
    // Nobody's timers keep the process alive, so what waits for one, here and in a stop, would be its end.
    const mayEnd = stayAlive()
    try {
      const shared = Array.from({ length: this.#threads }, () => hosts.add({ isPrivate: false, maxHeapMb: undefined }))
      const onNodes = places.map(lent => hosts.add({ isPrivate: false, maxHeapMb: undefined, lent }))
      await Promise.all([...shared, ...onNodes, spares.fill(), spareProcesses.fill()])
    } catch (error) {
      await this.stop()
      throw error
    } finally {
      mayEnd()
    }
  }

  /** Keeps the process alive. */
  ref(): void {
    for (const part of [this.#parts.hosts, ...this.#spares]) part.ref()
  }

  /** Lets the process end when nothing else keeps it alive, after a stop. */
  unref(): void {
    for (const part of [this.#parts.hosts, ...this.#spares]) part.unref()
    process.off('beforeExit', this.#stopAtEnd)
    process.once('beforeExit', this.#stopAtEnd)
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

  /** Calling it twice is one stop. */
  stop(): Promise<SystemReceipt> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  readonly #stopAtEnd = (): void => {
    // Stopping is work that the process must stay for.
    this.ref()
    void this.stop()
  }

  async #stop(): Promise<SystemReceipt> {
    const { clock, compute, container, events, hosts, lent, ownProcesses, pools, stopMs, supervision, transport } = this.#parts
    const { main, slots } = hosts
    const mayEnd = stayAlive()
    supervision.closeDoors()
    pools.halt()
    // What has arrived by now is taken note of first: a restart that is done, say.
    await new Promise<void>(resolve => clock.soon(resolve))
    events.emit('stopping', {})
    hosts.closeDoors()
    lent?.closeDoors()
    ownProcesses.closeDoors()
    const stopped = await supervision.stop('the system stops')
    await compute.stop({ deadlineMs: stopMs })
    for (const slot of slots.toReversed()) await hosts.stop(slot, stopMs)
    for (const spares of this.#spares) await spares.stop(stopMs)
    await hosts.settled()
    const asks = main.messenger.asks.size
    main.close()
    await Promise.all([lent?.stop(stopMs), ownProcesses.stop(stopMs)])
    await transport.close()
    // What the user's own services throw when they are let go of is an uncaught error, which does not keep the system from its end.
    await container.dispose().catch((error: unknown) => void Promise.reject(toError(error)))
    for (const release of this.#release) release()
    const receipt = this.#receipt(stopped, slots, asks)
    events.emit('stopped', receipt)
    this.#hasStopped(receipt)
    mayEnd()
    return receipt
  }

  #receipt(stopped: SystemReceipt['stopped'], slots: readonly HostSlot[], asks: number): SystemReceipt {
    const { clock, hosts, losses, supervision } = this.#parts
    const [ended, lost, spare] = [hosts.receipts, this.#spares.map(spares => spares.receipts), this.#spares.flatMap(spares => spares.lastReceipts)]
    const stoppedAt = clock.epochMs()
    const left = addLeftovers([{ asks }, ended.left, ...lost.map(threads => threads.left), ...spare.map(thread => thread.left ?? {})])
    const lastThreads = [...slots.flatMap(slot => slot.lastReceipt ?? []), ...spare]
    return {
      startedAt: this.startedAt,
      stoppedAt,
      durationMs: stoppedAt - this.startedAt,
      threads: [...ended.last, ...lost.flatMap(threads => threads.last), ...spare],
      threadCount: lost.reduce((sum, threads) => sum + threads.count, ended.count + spare.length),
      stopped,
      actors: stopped.filter(child => child.kind === 'actor'),
      error: this.#error,
      restarts: supervision.restarts,
      deadLetters: losses.deadLetters.statistics.received,
      messagesLost: losses.messagesLost,
      left,
      isClean: isCleanStop({ stopped, left, lastThreads }),
    }
  }

  async #force(): Promise<void> {
    await Promise.all([...this.#parts.hosts.slots, ...this.#spares].map(part => part.kill()))
  }
}

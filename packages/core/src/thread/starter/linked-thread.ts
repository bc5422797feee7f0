import type { Readable } from 'node:stream'
import { isMainThread, Worker } from 'node:worker_threads'
import { reasonOf, type Down } from '../../base/errors/down.js'
import { HeapLimitError, ThreadStartError } from '../../base/errors/errors.js'
import { describeThrown, toError } from '../../base/errors/thrown.js'
import { throwUncaught } from '../../base/errors/uncaught.js'
import { trackResource } from '../../base/owning/resources.js'
import { DEFAULT_STOP_MS, stopMs, type StopOptions } from '../../base/owning/service.js'
import { moduleUrl } from '../../base/runtime/module-url.js'
import { expectOwnModule } from '../../base/runtime/own-module.js'
import { epochMs } from '../../base/runtime/real-timers.js'
import { inRootContext } from '../../base/runtime/root-context.js'
import { stayAlive } from '../../base/runtime/stay-alive.js'
import { callerClock, whenDue } from '../../base/time/clock.js'
import { showAs } from '../../base/values/show-as.js'
import { THREAD_ENTRY } from '../../entry-urls.js'
import { VALUES_ALONE } from '../../link/batches/message-format.js'
import { createLinkEnds, type LinkEnd } from '../../link/link-end.js'
import type { LinkReceiver, Remains } from '../../link/link-receiver.js'
import { Link } from '../../link/link.js'
import { LateReceiver } from '../../link/meeting/late-receiver.js'
import { reactor } from '../../link/reactor/reactor.js'
import type { Signal } from '../../link/signal.js'
import { descriptorLimit, expectDescriptors, THREAD_DESCRIPTORS } from '../../words/descriptors.js'
import { resourceLimitsOf } from '../../words/heap-limits.js'
import { threadCount, SEED, words, type ThreadSeed } from '../../words/this-thread.js'
import { ThreadWords } from '../../words/thread-words.js'
import { signalDown, type SignalUp } from '../control-signals.js'
import { loadIoHost } from '../load-io-host.js'
import { LinkPipe } from '../pipe/link-pipe.js'
import { outcomeOf, type Leftovers, type ThreadReceipt } from '../thread-receipt.js'
import { LinkSignals } from '../thread-signals.js'
import type { Thread } from '../thread.js'
import { closeAtExit } from './exit-hook.js'
import { fileName, type ThreadOptions } from './thread-options.js'
import { workerSettings } from './worker-settings.js'

/** Milliseconds in which a thread ends that is terminated, unless it is in native code. */
const FIRST_TERMINATION_MS = 100

/** A thread with what Zera's own packages need of it: its link and the memory of its words. */
export class LinkedThread implements Thread {
  readonly name: string
  readonly incarnation: number
  /** The link to it, for code that sets its own receiver with `receive`. */
  readonly link: Link
  readonly signals: LinkSignals
  readonly down: Promise<Down>
  /** Resolves when the thread has called `ready()`; never if it ends before that. */
  readonly readied: Promise<void>
  readonly #worker: Worker
  readonly #words: ThreadWords
  readonly #startedAtMs = epochMs()
  readonly #maxHeapMb: number | undefined
  readonly #receiver = new LateReceiver()
  readonly #forget: (() => void)[]
  #isReady: () => void = () => undefined
  #error: Error | undefined
  #exitCode: number | undefined
  #report: Leftovers | undefined
  #wasKilled = false
  #stopping: Promise<ThreadReceipt> | undefined
  #stoppedAtMs = 0
  #pipe: LinkPipe | undefined
  #remains: Remains | undefined
  #undelivered: unknown[] | undefined
  readonly #exited: Promise<unknown>
  #io: Promise<void> | undefined

  static {
    showAs(this.prototype, thread => ({
      title: `Thread(${thread.name})`,
      parts: {
        incarnation: thread.incarnation,
        state: thread.#exitCode === undefined ? (thread.#stopping === undefined ? 'running' : 'stopping') : 'ended',
      },
    }))
  }

  /** Use `startLinkedThread`, which returns when the thread is ready. */
  constructor(url: URL | string, options: ThreadOptions) {
    if (!isMainThread) {
      throw new ThreadStartError(String(url), 'only the main thread can start threads; ask it to by a message')
    }
    this.name = options.name ?? fileName(url)
    this.incarnation = options.incarnation ?? 1
    this.#maxHeapMb = options.maxHeapMb
    expectOwnModule('@zera/core', THREAD_ENTRY, this.name)
    this.#words = new ThreadWords()
    this.#words.loads.beginFirst()
    const [ownEnd, threadEnd] = createLinkEnds(this.name, this.incarnation, words.memory, this.#words.memory)
    this.readied = new Promise(resolve => (this.#isReady = resolve))
    this.link = new Link(this.name, reactor, {
      format: VALUES_ALONE,
      message: (body, slot) => this.#receiver.message(body, slot),
      signal: (signal, handedOver) => this.#takeSignal(signal, handedOver),
    })
    this.signals = new LinkSignals(this.link)
    const counted = threadCount.count()
    const seed: ThreadSeed<LinkEnd> = {
      name: this.name,
      incarnation: this.incarnation,
      url: moduleUrl(url) ?? String(url),
      words: this.#words.memory,
      threadCount: { memory: threadCount.memory, place: counted.place },
      descriptorLimit: descriptorLimit(),
      end: threadEnd,
      data: options.data,
      maxHeapMb: options.maxHeapMb,
    }
    try {
      this.#worker = this.#spawnWorker(ownEnd, seed, options)
    } catch (error) {
      counted.ended()
      throw error
    }
    this.#forget = [
      closeAtExit(this.#words.gate),
      trackResource('thread', this.name, leftMs => this.stop({ timeoutMs: Math.min(leftMs, DEFAULT_STOP_MS) })),
      counted.ended,
    ]
    this.#worker.on('error', error => (this.#error = toError(error)))
    this.#exited = new Promise(resolve => this.#worker.once('exit', resolve))
    this.down = new Promise(resolve => {
      this.#worker.once('exit', exitCode => void this.#ended(exitCode).then(resolve))
    })
  }

  get stdout(): Readable {
    return this.#worker.stdout
  }

  get stderr(): Readable {
    return this.#worker.stderr
  }

  get pipe(): LinkPipe {
    if (this.#pipe === undefined) {
      const pipe = new LinkPipe(this.link)
      this.#pipe = pipe
      this.receive(pipe)
      void this.down.then(() => pipe.end())
    }
    return this.#pipe
  }

  /** Sets the receiver of what arrives, instead of the pipe. */
  receive(receiver: LinkReceiver): void {
    this.#receiver.receive(receiver)
  }

  /** The memory of the thread's words, for links between it and others. */
  get words(): SharedArrayBuffer {
    return this.#words.memory
  }

  stop(options?: StopOptions): Promise<ThreadReceipt> {
    const timeoutMs = stopMs('stop a thread', options)
    this.#stopping ??= this.#stop(timeoutMs)
    return this.#stopping
  }

  async kill(): Promise<Down> {
    if (this.#exitCode === undefined && !this.#wasKilled) {
      this.#wasKilled = true
      if (!this.#words.loads.close()) await this.#loaded()
      this.#words.gate.close()
      this.#terminate(FIRST_TERMINATION_MS)
      await this.#exited
    }
    return this.down
  }

  /**
   * V8 may lose a termination (hazard H14), so this asks again until the thread has ended. Each call leaves a listener
   * at the worker until then, so it waits twice as long each time.
   */
  #terminate(againAfterMs: number): void {
    void this.#worker.terminate()
    const again = callerClock.after(againAfterMs, () => this.#terminate(2 * againAfterMs))
    void this.#exited.then(() => again.cancel())
  }

  unref(): void {
    this.#worker.unref()
  }

  ref(): void {
    this.#worker.ref()
  }

  /** What the thread left behind, once it is down: the messages given back, and the count of those that died with it. */
  get remains(): Remains {
    return this.#remains ?? { returned: [], lost: 0 }
  }

  get undelivered(): readonly unknown[] {
    if (this.#remains === undefined) return []
    this.#undelivered ??= this.pipe.undelivered(this.#remains)
    return this.#undelivered
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #loaded(): Promise<void> {
    const mayEnd = stayAlive()
    await Promise.race([this.#words.loads.idle(), this.#exited])
    mayEnd()
  }

  #spawnWorker(ownEnd: LinkEnd, seed: ThreadSeed<LinkEnd>, options: ThreadOptions): Worker {
    try {
      expectDescriptors(`start thread ${seed.name}`, THREAD_DESCRIPTORS)
      // The parent binds, then starts the child, the child connects and signals ready: the guide's order.
      this.link.open(ownEnd)
      return inRootContext(
        () =>
          new Worker(THREAD_ENTRY, {
            name: seed.name,
            workerData: { [SEED]: seed },
            transferList: [seed.end.handover],
            ...workerSettings(options),
            resourceLimits: options.maxHeapMb === undefined ? {} : resourceLimitsOf(options.maxHeapMb),
          }),
      )
    } catch (error) {
      this.link.close()
      throw new ThreadStartError(
        seed.name,
        `its data cannot be copied, or no socket or thread is available: ${describeThrown(error)}`,
        { cause: error },
      )
    }
  }

  async #stop(timeoutMs: number): Promise<ThreadReceipt> {
    const deadline = whenDue(callerClock, timeoutMs, () => void this.kill())
    // The signal would overtake messages that wait for a slot, so those go first.
    await Promise.race([this.link.outbox.sent(), this.down])
    signalDown(this.link, { signal: 'stop' })
    const down = await this.down
    deadline.cancel()
    return {
      thread: this.name,
      incarnation: this.incarnation,
      startedAtMs: this.#startedAtMs,
      stoppedAtMs: this.#stoppedAtMs,
      durationMs: this.#stoppedAtMs - this.#startedAtMs,
      exitCode: down.exitCode,
      outcome: outcomeOf(down.reason),
      reason: down.reason,
      left: this.#report,
    }
  }

  async #ended(exitCode: number): Promise<Down> {
    // The worker no longer keeps the process alive, and callers may wait for the rest.
    const mayEnd = stayAlive()
    this.#stoppedAtMs = epochMs()
    this.#exitCode = exitCode
    for (const forget of this.#forget) forget()
    await this.link.drained()
    await this.#io
    const remains = this.link.takeRemains()
    this.#remains = { ...remains, lost: remains.lost + this.#words.held }
    this.link.close()
    const { reachedHeapMb } = this.#words
    const reason = reasonOf({
      exitCode,
      error: this.#error,
      hasReachedHeapLimit: reachedHeapMb > 0,
      hasReported: this.#report !== undefined,
      wasKilled: this.#wasKilled,
    })
    const error =
      reason === 'heap-limit'
        ? new HeapLimitError(this.name, reachedHeapMb || this.#maxHeapMb, { cause: this.#error })
        : this.#error
    this.signals.end(`thread ${this.name} has ended`)
    mayEnd()
    return { thread: this.name, incarnation: this.incarnation, reason, exitCode, error }
  }

  /** The thread wants sockets. Resolves when it has ended and they are closed, or when it cannot get any. */
  async #serveIo(): Promise<void> {
    try {
      const { serve } = await loadIoHost()
      await serve({
        thread: `thread ${this.name}`,
        words: this.words,
        ended: this.#exited,
        linked: end => signalDown(this.link, { signal: 'io' }, { content: end, transfer: [end.handover] }),
        refused: error => this.#refuseIo(error),
      })
    } catch (error) {
      this.#refuseIo(error as Error)
    }
  }

  #refuseIo(error: Error): void {
    // It may ask again.
    this.#io = undefined
    signalDown(this.link, { signal: 'io', data: error.message })
  }

  #takeSignal(signal: Signal, handedOver: unknown): void {
    const said = signal as SignalUp
    if (said.signal === 'ready') this.#isReady()
    else if (said.signal === 'stopped') this.#report = said.data
    else if (said.signal === 'said') this.signals.take(said.data)
    else if (said.signal === 'io') this.#io ??= this.#serveIo().catch(throwUncaught)
    else this.#receiver.signal(signal, handedOver)
  }
}

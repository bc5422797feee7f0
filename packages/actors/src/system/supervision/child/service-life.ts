import { inRootContext, toError, type Service, type StartService, type Cancellable } from '@zera/core/internal'
import type { ChildReceipt, PartReceipt } from '../../../model/events/system-receipt.js'
import { deadlinesOf, hurriedDeadlines, type StopDeadlines } from '../../../model/supervision/stop-deadlines.js'
import { thenOf, whenSettled } from '../../../model/time/thenable.js'
import type { CheckedSpec } from '../checked-spec.js'
import type { SupervisionParts } from '../supervision-parts.js'
import { tellOfChild } from './child-life.js'
import type { ChildLife, ChildNews, LifeOwner } from './child-life.js'

/** Milliseconds that it takes a service to say that it has ended. */
const ANSWER_MS = 50

interface RunningService {
  readonly service: Service
  readonly ended: Promise<Error | undefined>
}

/** A service as its supervisor sees it: each start makes a new one. */
export class ServiceLife implements ChildLife {
  readonly #path: string
  readonly #startService: StartService
  readonly #shutdownMs: CheckedSpec['shutdownMs']
  readonly #parts: Pick<SupervisionParts, 'events' | 'clock' | 'limit'>
  readonly #owner: Pick<LifeOwner, 'exit'>
  #running: RunningService | undefined
  #starting: { readonly abort: AbortController; readonly settled: Promise<void> } | undefined

  constructor(
    path: string,
    startService: StartService,
    shutdownMs: CheckedSpec['shutdownMs'],
    parts: Pick<SupervisionParts, 'events' | 'clock' | 'limit'>,
    owner: Pick<LifeOwner, 'exit'>,
  ) {
    this.#path = path
    this.#startService = startService
    this.#shutdownMs = shutdownMs
    this.#parts = parts
    this.#owner = owner
  }

  async start(): Promise<void> {
    const abort = new AbortController()
    const starting = this.#start(abort.signal)
    this.#starting = { abort, settled: starting.catch(() => undefined) }
    try {
      await starting
    } finally {
      this.#starting = undefined
    }
  }

  async halt(_reason: string, limitMs: number): Promise<void> {
    await this.#end(limitMs)
  }

  async stop(_reason: string, limitMs: number): Promise<readonly ChildReceipt[]> {
    return [{ kind: 'service', path: this.#path, outcome: await this.#end(limitMs) }]
  }

  // It has no name and keeps nothing.
  keep(): void {}
  async release(): Promise<void> {}

  condemn(): void {
    // No ref to it exists.
  }

  tell(news: ChildNews): void {
    tellOfChild(this.#parts.events, { kind: 'service', path: this.#path }, news)
  }

  isOfThread(): boolean {
    return false
  }

  async #start(signal: AbortSignal): Promise<void> {
    const running = await this.#startRunning(signal)
    this.#running = running
    void running.ended.then(error => {
      // One that was asked to end, or has a successor, says nothing new.
      if (this.#running !== running) return
      this.#running = undefined
      this.#owner.exit(
        error === undefined
          ? { kind: 'done', reason: 'it had nothing more to do' }
          : { kind: 'failed', error, method: undefined },
      )
    })
    // It was ready before it noticed that its start was cancelled.
    if (signal.aborted) throw signal.reason
  }

  async #startRunning(signal: AbortSignal): Promise<RunningService> {
    try {
      const service = await inRootContext(() => this.#startService(signal))
      return { service, ended: endOf(service) }
    } catch (error) {
      throw toError(error)
    }
  }

  /** A service that breaks its contract and does not end is left alone, and the receipt says so. */
  async #end(limitMs: number): Promise<PartReceipt['outcome']> {
    const { clock, limit } = this.#parts
    const ownMs = this.#shutdownMs === 'kill' ? 0 : Math.min(this.#shutdownMs, limitMs)
    const deadlines = deadlinesOf(ownMs, 0, limit.leftMs())
    let leave: () => void = () => undefined
    const late = new Promise<'hurried'>(resolve => (leave = () => resolve('hurried')))
    let timer: Cancellable | undefined
    const waitAtMost = ({ leaveMs }: StopDeadlines): void => {
      timer?.cancel()
      timer = leaveMs === Infinity ? undefined : clock.after(leaveMs + ANSWER_MS, leave)
    }
    waitAtMost(deadlines)
    const releases = [limit.on('hurried', () => waitAtMost(hurriedDeadlines(deadlines))), limit.on('killed', leave)]
    try {
      return await Promise.race([this.#stopService(Math.min(ownMs, limit.leftMs())), late])
    } finally {
      timer?.cancel()
      for (const release of releases) release()
    }
  }

  async #stopService(timeoutMs: number): Promise<PartReceipt['outcome']> {
    this.#starting?.abort.abort()
    await this.#starting?.settled
    const running = this.#running
    this.#running = undefined
    if (running === undefined) return 'drained'
    const error = await stopped(running, timeoutMs)
    if (error === undefined) return 'drained'
    this.tell({ type: 'failed', error, method: 'stop' })
    return 'failed'
  }
}

/** Stops a service. Resolves with why it has failed; what its stop throws is one reason. */
async function stopped({ service, ended }: RunningService, timeoutMs: number): Promise<Error | undefined> {
  try {
    await inRootContext(() => service.stop({ timeoutMs }))
  } catch (error) {
    return toError(error)
  }
  return ended
}

/**
 * The end of what was started, as its contract has it, whatever it is: resolves once, with why it failed or undefined,
 * and never rejects.
 *
 * @throws {TypeError} When that is no service.
 */
function endOf(service: Service): Promise<Error | undefined> {
  const isObject =
    (typeof service === 'object' || typeof service === 'function') && (service as Service | null) !== null
  const ended: unknown = isObject ? service.ended : undefined
  const then = thenOf(ended)
  if (then === undefined || typeof service.stop !== 'function')
    throw new TypeError(
      'Cannot start the service: its start did not resolve with a service; resolve with an object that has `ended`, a promise, and `stop()`',
    )
  return new Promise(resolve => {
    whenSettled(
      ended,
      then,
      error => resolve(error === undefined ? undefined : toError(error)),
      error => resolve(toError(error)),
    )
  })
}

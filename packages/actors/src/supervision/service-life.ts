import type { Service, StartService } from '@zera/core'
import type { Clock } from '../clock.js'
import type { EventSource } from '../events.js'
import type { ChildReceipt, PartReceipt } from '../system-receipt.js'
import { toError } from '../thrown.js'
import type { CheckedSpec } from './checked-spec.js'
import type { ChildLife, ChildNews, LifeOwner } from './child-life.js'
import { tellOfChild } from './tell-of-child.js'

/** Milliseconds that a service has after its deadline to resolve its stop, before it is left alone. */
const GRACE_MS = 500

/** A service as its supervisor sees it: each start makes a new one. */
export class ServiceLife implements ChildLife {
  readonly #path: string
  readonly #startService: StartService
  readonly #shutdownMs: CheckedSpec['shutdownMs']
  readonly #parts: { readonly events: EventSource; readonly clock: Clock }
  readonly #owner: Pick<LifeOwner, 'exit'>
  #service: Service | undefined
  #starting: { readonly abort: AbortController; readonly settled: Promise<void> } | undefined

  constructor(
    path: string,
    startService: StartService,
    shutdownMs: CheckedSpec['shutdownMs'],
    parts: { readonly events: EventSource; readonly clock: Clock },
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

  async release(): Promise<void> {
    // It keeps nothing.
  }

  tell(news: ChildNews): void {
    tellOfChild(this.#parts.events, { kind: 'service', path: this.#path }, news)
  }

  async #start(signal: AbortSignal): Promise<void> {
    const service = await this.#startService(signal)
    this.#service = service
    void service.ended.then(error => {
      // One that was asked to end, or has a successor, says nothing new.
      if (this.#service !== service) return
      this.#service = undefined
      this.#owner.exit(error === undefined ? { kind: 'done', reason: 'it had nothing more to do' } : { kind: 'failed', error: toError(error), method: undefined })
    })
    // It was ready before it noticed that nobody wants it any more.
    if (signal.aborted) throw signal.reason
  }

  /** Whoever breaks the contract of services and does not come to an end is left alone, and the receipt says so. */
  async #end(limitMs: number): Promise<PartReceipt['outcome']> {
    const deadlineMs = this.#shutdownMs === 'kill' ? 0 : Math.min(this.#shutdownMs, limitMs)
    let timer = { cancel: (): void => undefined }
    const late = new Promise<'hurried'>(resolve => {
      if (deadlineMs !== Infinity) timer = this.#parts.clock.after(deadlineMs + GRACE_MS, () => resolve('hurried'))
    })
    try {
      return await Promise.race([this.#stopService(deadlineMs), late])
    } finally {
      timer.cancel()
    }
  }

  async #stopService(deadlineMs: number): Promise<PartReceipt['outcome']> {
    this.#starting?.abort.abort()
    await this.#starting?.settled
    const service = this.#service
    this.#service = undefined
    if (service === undefined) return 'drained'
    await service.stop({ deadlineMs })
    const error = await service.ended
    if (error === undefined) return 'drained'
    this.tell({ type: 'failed', error, method: 'stop' })
    return 'failed'
  }
}

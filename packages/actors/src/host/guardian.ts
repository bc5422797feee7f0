import { guarded, toError, type Cancellable } from '@zera/core/internal'
import type { Cell } from '../actor/cell.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { formatActor } from '../model/address.js'
import type { CancelOrder, CancelOutcome } from '../model/cancel-spec.js'
import { cloneable } from '../model/cloneable-error.js'
import { findDefinition, findImported, importDefinition, type ActorTraits } from '../model/definition.js'
import { ActorStoppedError } from '../model/errors.js'
import type { StopOutcome } from '../model/events/system-receipt.js'
import type { RefData } from '../model/refs/ref.js'
import type { ActorDown } from '../model/supervision/actor-down.js'
import { hurriedDeadlines, type StopDeadlines } from '../model/supervision/stop-deadlines.js'
import type { Deadline } from '../model/time/deadline.js'
import type { GuardianService, StartOrder, StopOrder, StopReport } from './guardian-service.js'
import type { Host } from './host.js'

const LEFT_ALONE: StopReport = { outcome: 'hurried' }

/** Most actors have none, so one object serves all of them. */
const NO_TRAITS: ActorTraits = { maxRedeliveries: undefined, cancel: undefined }

/** Starts and stops the actors of a host, as their supervisors request. */
export class Guardian implements GuardianService {
  readonly #host: Host
  /** Actors whose module is being imported. */
  readonly #importing = new Set<number>()
  /** Those of them that were stopped meanwhile. */
  readonly #cancelled = new Set<number>()
  /** Hurries the actors that are being stopped. */
  readonly #hurries = new Map<number, () => void>()
  /** Actors that have started in this turn, and take messages in the next. */
  readonly #started: number[] = []
  readonly #known: typeof known

  /**
   * @param findKnown Finds a definition whose module is not to be imported. Default: those that are made in this
   *   thread, of the main thread and of a simulation, which plays all of its threads in one.
   */
  constructor(host: Host, findKnown: typeof known = known) {
    this.#host = host
    this.#known = findKnown
  }

  start(order: StartOrder): ActorTraits | Promise<ActorTraits> {
    const { data } = order
    const definition = this.#known(data) ?? findImported(data.url, data.definition)
    return definition === undefined
      ? this.#import(data).then(imported => this.#start(order, imported))
      : this.#start(order, definition)
  }

  #start(
    { data, props, after, shutdownMs, instance }: StartOrder,
    definition: ActorDefinition<object>,
  ): ActorTraits | Promise<ActorTraits> {
    if (this.#cancelled.delete(data.id))
      throw new ActorStoppedError(formatActor(data), { reason: 'it was stopped before it was started' })
    const cell = this.#host.cell(data.id) ?? this.#host.addCell(data, definition, props)
    const started = cell.start(after, shutdownMs, instance)
    if (started === undefined) return this.#hasStarted(data.id, definition)
    return started.then(
      () => this.#hasStarted(data.id, definition),
      async (error: unknown) => {
        if (after === undefined) {
          await cell.stop('it could not be started', AbortSignal.abort())
          this.#remove(data.id, cell)
        }
        throw error
      },
    )
  }

  #hasStarted(id: number, { maxRedeliveries, cancel, durable }: ActorDefinition<object>): ActorTraits {
    this.#runLater(id)
    const keepsMail = durable?.mailbox === true ? true : undefined
    return maxRedeliveries === undefined && cancel === undefined && keepsMail === undefined
      ? NO_TRAITS
      : { maxRedeliveries, cancel, keepsMail }
  }

  async cancel({ target, asker, correlation, cancel }: CancelOrder): Promise<CancelOutcome> {
    // The asker says so too, on the link to here, where even the ask may still be under way.
    if (asker !== this.#host.number) this.#host.peers.connectionTo(asker)?.withdrawn(correlation)
    return (await this.#host.cell(target.id)?.cancel(asker, correlation, cancel.graceMs)) ?? 'signalled'
  }

  async stop(id: number, order: StopOrder): Promise<StopReport> {
    const cell = this.#host.cell(id)
    try {
      return await this.#end(id, order, (ending, hurry, deadline) =>
        ending.stop(order.reason, hurry, order.runsOnStop, deadline),
      )
    } finally {
      this.#remove(id, cell)
    }
  }

  /**
   * Removes an actor's cell, unless the actor has restarted meanwhile: its end may take longer than its supervisor
   * waits for it.
   */
  #remove(id: number, cell: Cell | undefined): void {
    if (this.#host.cell(id) === cell) this.#host.remove(id)
  }

  halt(id: number, order: StopOrder): Promise<StopReport> {
    return this.#end(id, order, (cell, hurry, deadline) => cell.halt(order.reason, hurry, order.runsOnStop, deadline))
  }

  hurry(id: number): void {
    this.#hurries.get(id)?.()
  }

  open(expected: readonly number[]): void {
    this.#host.open(expected)
  }

  escalate(id: number, instance: number, error: Error): void {
    this.#host.cell(id)?.escalate(instance, error)
  }

  actorDown(watcher: number, number: number, down: ActorDown): void {
    this.#host.watching.down(watcher, number, down)
  }

  /** Ends something of a cell; if that takes too long, it is left alone. */
  async #end(
    id: number,
    deadlines: StopDeadlines,
    end: (cell: Cell, hurry: AbortSignal, deadline: Deadline) => Promise<StopOutcome>,
  ): Promise<StopReport> {
    const cell = this.#host.cell(id)
    if (cell === undefined) {
      if (this.#importing.has(id)) this.#cancelled.add(id)
      return { outcome: 'drained' }
    }
    const { clock } = this.#host
    const hurry = new AbortController()
    const timers: Cancellable[] = []
    let leave: () => void = () => undefined
    let leaveAtMs = Infinity
    const leftAlone = new Promise<StopReport>(resolve => (leave = () => resolve(LEFT_ALONE)))
    const plan = ({ hurryMs, leaveMs }: StopDeadlines): void => {
      for (const timer of timers.splice(0)) timer.cancel()
      if (hurryMs === 0) hurry.abort()
      else if (hurryMs !== Infinity) timers.push(clock.after(hurryMs, () => hurry.abort()))
      if (leaveMs !== Infinity) timers.push(clock.after(leaveMs, leave))
      leaveAtMs = clock.now() + leaveMs
    }
    plan(deadlines)
    this.#hurries.set(id, () => plan(hurriedDeadlines(deadlines)))
    const deadline = { over: leftAlone, leftMs: () => Math.max(0, leaveAtMs - clock.now()) }
    const ended = end(cell, hurry.signal, deadline).then(
      (outcome): StopReport => ({ outcome }),
      (error: unknown): StopReport => ({ outcome: 'failed', error: cloneable(toError(error)) }),
    )
    try {
      const report = await Promise.race([ended, leftAlone])
      if (report === LEFT_ALONE) this.#host.endsLate(ended)
      return report
    } finally {
      this.#hurries.delete(id)
      for (const timer of timers) timer.cancel()
    }
  }

  arrived(): Promise<void> {
    return Promise.resolve()
  }

  /** The answer to the supervisor goes first, so that it learns of a start before it learns of a failure. */
  #runLater(id: number): void {
    this.#started.push(id)
    if (this.#started.length > 1) return
    this.#host.clock.soon(() => {
      for (const started of this.#started.splice(0)) guarded(() => this.#host.cell(started)?.run())
    })
  }

  async #import({ id, url, definition }: RefData): Promise<ActorDefinition<object>> {
    this.#importing.add(id)
    try {
      return await importDefinition(url, definition)
    } finally {
      this.#importing.delete(id)
    }
  }
}

/**
 * The main thread's own modules are not imported again: the one that starts the actor may wait for it at its top level,
 * and the import would wait for the module. A test runner may have made something else of a module than Node imports.
 */
function known({ url, definition }: RefData): ActorDefinition<object> | undefined {
  return findDefinition(url, definition)
}

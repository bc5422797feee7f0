import type { Failure } from '../actor/actor-instance.js'
import type { CancelOrder, CancelOutcome } from '../model/cancel-spec.js'
import type { ActorTraits } from '../model/definition.js'
import type { StopOutcome } from '../model/events/system-receipt.js'
import type { RefData } from '../model/refs/ref.js'
import type { ActorDown } from '../model/supervision/actor-down.js'
import type { StopDeadlines } from '../model/supervision/stop-deadlines.js'

/** The order to a host to start an actor. */
export interface StartOrder {
  readonly data: RefData
  readonly props: unknown
  /** Why the actor restarts, if it does: its thread went down. */
  readonly after?: Failure
  /** The time that the `onStop` of a failed instance has, if not the default. */
  readonly shutdownMs?: number | 'kill'
  /** The unique number of the instance. */
  readonly instance: number
}

/** How to stop an actor. */
export interface StopOrder extends StopDeadlines {
  readonly reason: string
  readonly runsOnStop: boolean
}

/** What became of an actor that was stopped. */
export interface StopReport {
  readonly outcome: StopOutcome
  /** What its `onStop` threw, or the disposal of what was injected into it. */
  readonly error?: Error
}

/** What supervisors and other hosts can request of a host. The service has the id `GUARDIAN` there. */
export interface GuardianService {
  /**
   * Starts an actor, in a cell with its messages if there is one. Answers with the parts of its definition that concern
   * its supervisor, at once when there is nothing to wait for. When the start fails, nothing of the actor is left,
   * except for the messages of one that restarts.
   */
  start(order: StartOrder): ActorTraits | Promise<ActorTraits>
  /** Makes the handler of an abandoned ask end, and answers how it ended. */
  cancel(order: CancelOrder): Promise<CancelOutcome>
  /** Stops an actor. One that does not end in its time is left alone; its thread is not blocked. */
  stop(id: number, order: StopOrder): Promise<StopReport>
  /** Ends an actor's instance. Its messages wait for the next. */
  halt(id: number, order: StopOrder): Promise<StopReport>
  /** Answers, which proves to the caller that everything it sent here before has arrived. */
  arrived(): Promise<void>
  /** Hurries an actor that is being stopped or halted; has no effect on any other. */
  hurry(id: number): void
  /** From now on the host keeps messages only for those actors that will come, not for any that may. */
  open(expected: readonly number[]): void
  /** Makes an actor fail whose child was restarted too often, if it still has the instance that started the child. */
  escalate(id: number, instance: number, error: Error): void
  /** Tells an actor about the end of another that it watches. */
  actorDown(watcher: number, number: number, down: ActorDown): void
}

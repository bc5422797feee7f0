import type { Failure } from '../actor/actor-instance.js'
import type { CancelOrder, CancelOutcome } from '../model/cancel-ladder.js'
import type { ActorTraits } from '../model/definition.js'
import type { StopOutcome } from '../model/events/system-receipt.js'
import type { RefData } from '../model/refs/ref.js'
import type { ActorDown } from '../model/supervision/actor-down.js'
import type { StopDeadlines } from '../model/supervision/stop-deadlines.js'

/** What is told to a host about an actor that it shall start. */
export interface StartOrder {
  readonly data: RefData
  readonly props: unknown
  /** Why the actor is started again, when it is: its thread went down. */
  readonly after?: Failure
  /** What the `onStop` of an instance that fails has, where it is not the default. */
  readonly shutdownMs?: number | 'kill'
  /** The number of the instance, which no other has. */
  readonly instance: number
}

/** How an actor is to be stopped. */
export interface StopOrder extends StopDeadlines {
  readonly reason: string
  readonly runsOnStop: boolean
}

/** What became of an actor that was stopped. */
export interface StopReport {
  readonly outcome: StopOutcome
  /** What its `onStop` threw, or what was injected into it when it was let go of. */
  readonly error?: Error
}

/** What the supervisors, and other hosts, can have done on a host. It is at the id `GUARDIAN` there. */
export interface GuardianService {
  /**
   * Starts an actor, in a cell with its messages if there is one, and tells what its definition says that concerns its
   * supervisor. When that fails nothing of it is left, but for the messages of one that is started again.
   */
  start(order: StartOrder): Promise<ActorTraits>
  /** Has the handler of an ask that was given up come to its end, and answers how it did. */
  cancel(order: CancelOrder): Promise<CancelOutcome>
  /** Stops an actor. One that does not come to its end in its time is left alone; its thread is not blocked. */
  stop(id: number, order: StopOrder): Promise<StopReport>
  /** Ends an actor's instance. Its messages wait for the next. */
  halt(id: number, order: StopOrder): Promise<StopReport>
  /** Answers who wants to know that all it has sent here before has arrived. */
  arrived(): Promise<void>
  /** Hurries an actor that is being stopped or halted; one that is not is fine. */
  hurry(id: number): void
  /** Ends the time in which messages are kept for whoever may come, but for those actors that will. */
  open(expected: readonly number[]): void
  /** Has an actor fail whose child was restarted too often, if it still has the instance that started the child. */
  escalate(id: number, instance: number, error: Error): void
  /** Tells an actor of the end of another that it watches. */
  actorDown(watcher: number, number: number, down: ActorDown): void
}

import type { ChildReceipt } from '../../../model/events/system-receipt.js'
import { NO_STREAK, type Pace, type Streak } from '../../../model/supervision/backoff.js'
import type { ChildState } from '../../../model/supervision/child-spec.js'
import type { CheckedSpec, CheckedSupervisor } from '../checked-spec.js'
import { EMPTY_WINDOW, type RestartWindow } from '../supervisor/restart-window.js'
import type { Sequence } from '../supervisor/sequence.js'
import type { ChildLife, Exit } from './child-life.js'
import type { Crew } from './crew.js'

/** How long a supervisor remembers a child. */
export type Tenure =
  /** As long as the supervisor itself. */
  | 'static'
  /** Until it is removed, or the supervisor fails. */
  | 'added'
  /** Until it ends. */
  | 'passing'

/** One child, as its supervisor sees it. */
export class Child {
  readonly id: string
  readonly spec: CheckedSpec
  readonly tenure: Tenure
  readonly life: ChildLife
  /** The limit of its own restarts; undefined when that of its supervisor counts. */
  readonly limits: Pick<CheckedSupervisor, 'maxRestarts' | 'periodMs'> | undefined
  /** How its restarts are spread in time. */
  readonly pace: Pace
  /** The actors that stand in for it, if there are any. */
  readonly crew: Crew | undefined
  /** Its place among its siblings: they are stopped highest first. */
  order = 0
  /** What is done about it, one thing after the other. */
  readonly sequence: Sequence
  /** Whether its spec stays when it has ended. */
  isKept: boolean
  window: RestartWindow = EMPTY_WINDOW
  streak: Streak = NO_STREAK
  /** Milliseconds that it has waited for restarts, which do not count for its own limit. */
  uncountedMs = 0
  restarts = 0
  /** Whether it ever ran. */
  hasRun = false
  /** Its end, when that came while it was starting. */
  earlyExit: Exit | undefined
  /** Its stop, from the moment when it begins. */
  ending: Promise<readonly ChildReceipt[]> | undefined
  /** Ends the wait before its restart. */
  interrupt: () => void = nothing
  #state: ChildState = 'starting'
  #turn = 0

  constructor(parts: Pick<Child, 'id' | 'spec' | 'tenure' | 'life' | 'limits' | 'pace' | 'crew' | 'sequence'>) {
    this.id = parts.id
    this.spec = parts.spec
    this.tenure = parts.tenure
    this.life = parts.life
    this.limits = parts.limits
    this.pace = parts.pace
    this.crew = parts.crew
    this.isKept = parts.tenure !== 'passing' && parts.spec.restart !== 'temporary'
    this.sequence = parts.sequence
  }

  get restart(): CheckedSpec['restart'] {
    return this.spec.restart
  }

  get state(): ChildState {
    return this.#state
  }

  /** Whether it runs, or is to run again. */
  get isWanted(): boolean {
    return this.#state === 'starting' || this.#state === 'running' || this.#state === 'down'
  }

  /** Changes its state. Returns the function that says whether it has not changed since: it may in any `await`. */
  become(state: ChildState): () => boolean {
    this.#state = state
    if (state === 'running') this.hasRun = true
    this.interrupt()
    this.interrupt = nothing
    const turn = ++this.#turn
    return () => this.#turn === turn
  }
}

function nothing(): void {}

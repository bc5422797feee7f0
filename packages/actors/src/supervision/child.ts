import type { ActorIdentity } from '../events.js'
import type { RefData } from '../ref.js'
import type { ActorReceipt } from '../system-receipt.js'
import type { ChildSpec } from './child-spec.js'
import { EMPTY_WINDOW, type RestartWindow } from './restart-window.js'

/** How far an actor is. */
export type ChildState =
  | 'starting'
  /** Its thread went down while it was starting; who starts it is told. */
  | 'lost'
  | 'running'
  /** From a failure on until its new instance runs. */
  | 'restarting'
  | 'stopping'

/** One actor, as its supervisor sees it. */
export class Child {
  readonly data: RefData
  readonly spec: ChildSpec
  readonly props: unknown
  window: RestartWindow = EMPTY_WINDOW
  restarts = 0
  state: ChildState = 'starting'
  /** Its stop, from the moment when it begins. */
  ending: Promise<ActorReceipt> | undefined

  constructor(data: RefData, spec: ChildSpec, props: unknown) {
    this.data = data
    this.spec = spec
    this.props = props
  }

  get identity(): ActorIdentity {
    const { id, host, name, definition } = this.data
    return { id, host, name, definition }
  }
}

import { inRootContext, throwUncaught, type DownReason } from '@zera/core/internal'
import type { NodeFaultError } from '../errors.js'
import type { BlackBoxReport } from './black-box-report.js'
import type { DeadLetter } from './dead-letter.js'
import type { SystemReceipt } from './system-receipt.js'

/** An actor in an event. */
export interface ActorIdentity {
  readonly id: number
  readonly host: number
  /** Empty when it was given none. */
  readonly name: string
  /** The name of its class. */
  readonly definition: string
}

/** A service or a supervisor in an event. */
export interface ChildIdentity {
  readonly kind: 'service' | 'supervisor'
  /** Its id behind those of its supervisors: `/shop/server`. */
  readonly path: string
}

/** What happens in a system, by name. */
export interface SystemEvents {
  'host-started': { readonly host: number; readonly incarnation: number }
  /** A thread ended. Its actors are restarted, each by its own spec. */
  'host-down': {
    readonly host: number
    readonly incarnation: number
    readonly reason: DownReason
    readonly exitCode: number
    readonly error: Error | undefined
    readonly actors: readonly ActorIdentity[]
    /** What the thread was doing when it ended, and before. */
    readonly blackBox: BlackBoxReport
  }
  /**
   * A thread could not be started again. A shared one is tried three times, and again whenever one of its actors is
   * restarted.
   */
  'host-failed': { readonly host: number; readonly error: Error }
  /**
   * A node, or the process of an actor, said what cannot be read or makes no sense. Its session was ended, and its
   * hosts go down as `unreachable`.
   */
  'node-failed': { readonly node: string; readonly error: NodeFaultError }
  /** A spare thread could not be started. Another is tried when the next is taken. */
  'spare-failed': { readonly error: Error }
  'actor-started': { readonly actor: ActorIdentity }
  /** A handler or a start threw, or the actor's thread went down. `method` is what it was handling, if it was. */
  'actor-failed': {
    readonly actor: ActorIdentity
    readonly error: Error
    readonly method: string | undefined
    readonly isThreadDown: boolean
  }
  'actor-restarted': { readonly actor: ActorIdentity; readonly error: Error; readonly restarts: number }
  /**
   * A child, or a spawned actor, was started again in vain. That is a failure of its own, and counts as a restart. The
   * path is its id behind those of its supervisors.
   */
  'restart-failed': { readonly path: string; readonly error: Error; readonly restarts: number }
  /** It fails again and again, `restarts` times in a row, so its restart waits. */
  'restart-delayed': { readonly path: string; readonly restarts: number; readonly waitMs: number }
  /** The threads of a host die again and again, `deaths` times in a row, so its next thread waits. */
  'host-delayed': { readonly host: number; readonly deaths: number; readonly waitMs: number }
  'actor-stopped': { readonly actor: ActorIdentity; readonly reason: string }
  /** It would have been one restart too many of an actor with a limit of its own. It is not running any more. */
  'actor-given-up': { readonly actor: ActorIdentity; readonly error: Error }
  'child-started': { readonly child: ChildIdentity }
  /** A service has failed or did not start, or a supervisor has given up. */
  'child-failed': { readonly child: ChildIdentity; readonly error: Error }
  'child-restarted': { readonly child: ChildIdentity; readonly error: Error; readonly restarts: number }
  'child-stopped': { readonly child: ChildIdentity; readonly reason: string }
  /**
   * It would have been one restart too many of this child. The supervisor fails, and its own supervisor decides; the
   * path of the system's own is empty.
   */
  'supervisor-given-up': { readonly supervisor: string; readonly child: string; readonly error: Error }
  /** The system's own supervisor has given up. The system stops. */
  'system-failed': { readonly error: Error }
  /** A pool has more or fewer workers than before, for what it has to do. */
  'pool-resized': { readonly pool: string; readonly id: number; readonly from: number; readonly to: number }
  /** A worker of a pool could not be started. It is tried again. */
  'pool-failed': { readonly pool: string; readonly id: number; readonly error: Error }
  /** A job threw when it had ended already, as from a timer, and its thread ended. Nobody waits for it. */
  'job-failed': { readonly error: Error }
  /** A message was told and will not be handled. */
  'dead-letter': DeadLetter
  /**
   * A thread that went down had accepted so many messages that never left it: their content died with it. Answers are
   * among them, whose asks reject, and what it had to say to the system itself. Or it had so many dead letters to tell
   * of, at once, that there was no room for them.
   */
  'messages-lost': { readonly host: number; readonly messages: number }
  stopping: Record<string, never>
  stopped: SystemReceipt
}

/** One event with its name. */
export type SystemEvent = {
  [K in keyof SystemEvents]: { readonly type: K; readonly event: SystemEvents[K] }
}[keyof SystemEvents]

/**
 * The events of a system, as they happen, in the main thread. Nothing is kept for those who listen later.
 *
 * A listener that throws is an uncaught error of the main thread, and keeps no other from being told.
 */
export interface EventStream {
  /** Calls a listener for each event of one name. */
  on<K extends keyof SystemEvents>(type: K, listener: (event: SystemEvents[K]) => void): Listening
  /** Calls a listener for each event. */
  onAny(listener: (event: SystemEvent) => void): Listening
}

/** A listener that can be taken away, also by `using listening = system.events.on(…)`, at the end of the block. */
export interface Listening extends Disposable {
  /** Takes it away: it is called no more. */
  cancel(): void
}

/** The side of an event stream on which events are made. */
export class EventSource implements EventStream {
  readonly #listeners = new Set<(event: SystemEvent) => void>()

  on<K extends keyof SystemEvents>(type: K, listener: (event: SystemEvents[K]) => void): Listening {
    return this.onAny(event => {
      if (event.type === type) listener(event.event as SystemEvents[K])
    })
  }

  onAny(listener: (event: SystemEvent) => void): Listening {
    // One of its own for each call, so that who listens twice is told twice, and ends one at a time.
    const own = (event: SystemEvent): void => listener(event)
    this.#listeners.add(own)
    const cancel = (): void => void this.#listeners.delete(own)
    return { cancel, [Symbol.dispose]: cancel }
  }

  /** Tells all listeners, in the async context of nobody. */
  emit<K extends keyof SystemEvents>(type: K, event: SystemEvents[K]): void {
    for (const listener of this.#listeners) {
      try {
        inRootContext(() => listener({ type, event } as SystemEvent))
      } catch (error) {
        throwUncaught(error)
      }
    }
  }
}

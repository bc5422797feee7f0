import { inRootContext, throwUncaught, type DownReason, cancellable, type Cancellable } from '@zera/core/internal'
import type { NodeFaultError } from '../errors.js'
import type { BlackBoxReport } from './black-box-report.js'
import type { DeadLetter } from './dead-letter.js'
import type { SystemReceipt } from './system-receipt.js'

/** An actor in an event. */
export interface ActorIdentity {
  readonly id: number
  readonly host: number
  /** Empty when it has none. */
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

/** The events of a system, by name. */
export interface SystemEvents {
  'host-started': { readonly host: number; readonly incarnation: number }
  /** A thread ended. Its actors restart, each according to its own spec. */
  'host-down': {
    readonly host: number
    readonly incarnation: number
    readonly reason: DownReason
    readonly exitCode: number
    readonly error: Error | undefined
    readonly actors: readonly ActorIdentity[]
    /** What the thread was doing when it ended, and just before. */
    readonly blackBox: BlackBoxReport
  }
  /**
   * A thread could not be restarted. For a shared thread the system tries three times, and again whenever one of its
   * actors restarts.
   */
  'host-failed': { readonly host: number; readonly error: Error }
  /**
   * A node, or the process of an actor, sent something unreadable or meaningless. The system ended its session, and its
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
   * The restart of a child, or of a spawned actor, failed. That is a failure of its own, and counts as a restart. The
   * path is its id after those of its supervisors.
   */
  'restart-failed': { readonly path: string; readonly error: Error; readonly restarts: number }
  /** It fails again and again, `restarts` times in a row, so its restart waits. */
  'restart-delayed': { readonly path: string; readonly restarts: number; readonly waitMs: number }
  /** The threads of a host die again and again, `deaths` times in a row, so its next thread waits. */
  'host-delayed': { readonly host: number; readonly deaths: number; readonly waitMs: number }
  'actor-stopped': { readonly actor: ActorIdentity; readonly reason: string }
  /** An actor with a limit of its own would have exceeded it with another restart. It no longer runs. */
  'actor-given-up': { readonly actor: ActorIdentity; readonly error: Error }
  'child-started': { readonly child: ChildIdentity }
  /** A service has failed or did not start, or a supervisor has given up. */
  'child-failed': { readonly child: ChildIdentity; readonly error: Error }
  'child-restarted': { readonly child: ChildIdentity; readonly error: Error; readonly restarts: number }
  'child-stopped': { readonly child: ChildIdentity; readonly reason: string }
  /**
   * Another restart of this child would have exceeded the limit. The supervisor fails, and its own supervisor decides;
   * the path of the system's own supervisor is empty.
   */
  'supervisor-given-up': { readonly supervisor: string; readonly child: string; readonly error: Error }
  /** The system's own supervisor has given up. The system stops. */
  'system-failed': { readonly error: Error }
  /** A pool has grown or shrunk to match its load. */
  'pool-resized': { readonly pool: string; readonly id: number; readonly from: number; readonly to: number }
  /** A worker of a pool could not be started. The pool tries again. */
  'pool-failed': { readonly pool: string; readonly id: number; readonly error: Error }
  /** A job threw after it had ended, for example from a timer, and its thread ended. No caller waits for it any more. */
  'job-failed': { readonly error: Error }
  /** No actor will handle a message. */
  'dead-letter': DeadLetter
  /**
   * A thread that went down had accepted this many messages that never left it: their content died with it. They
   * include answers, whose asks reject, and its own messages to the system. Or it had too many dead letters to report
   * at once, more than there was room for.
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
 * The events of a system, as they happen, in the main thread. Later listeners do not get earlier events.
 *
 * A listener that throws causes an uncaught error of the main thread; the other listeners still get the event.
 *
 * Each event comes by Node's `diagnostics_channel` too, on the channel `zera:` with its name (`zera:dead-letter`): its
 * fields, and the name of its `system`. That is for whoever watches a process and does not know its systems.
 */
export interface EventStream {
  /** Calls a listener for each event of one name, until it is cancelled: `using listening = system.events.on(…)`. */
  on<K extends keyof SystemEvents>(type: K, listener: (event: SystemEvents[K]) => void): Cancellable
  /** Calls a listener for each event, until it is cancelled. */
  onAny(listener: (event: SystemEvent) => void): Cancellable
}

interface Listener {
  /** The events that it hears; undefined for all. */
  readonly type: keyof SystemEvents | undefined
  readonly hear: (event: SystemEvent) => void
}

/** The side of an event stream that emits events. */
export class EventSource implements EventStream {
  readonly #listeners = new Set<Listener>()

  on<K extends keyof SystemEvents>(type: K, listener: (event: SystemEvents[K]) => void): Cancellable {
    return this.#add({ type, hear: ({ event }) => listener(event as SystemEvents[K]) })
  }

  onAny(listener: (event: SystemEvent) => void): Cancellable {
    return this.#add({ type: undefined, hear: listener })
  }

  /** A function that listens twice is called twice, and is cancelled one at a time. */
  #add(listener: Listener): Cancellable {
    this.#listeners.add(listener)
    return cancellable(() => void this.#listeners.delete(listener))
  }

  /** Calls all listeners, outside of any caller's async context. */
  emit<K extends keyof SystemEvents>(type: K, event: SystemEvents[K]): void {
    const emitted = { type, event } as SystemEvent
    for (const { type: wanted, hear } of this.#listeners) {
      if (wanted !== undefined && wanted !== type) continue
      try {
        inRootContext(() => hear(emitted))
      } catch (error) {
        throwUncaught(error)
      }
    }
  }
}

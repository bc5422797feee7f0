import type { Failure } from '../../../actor/actor-instance.js'
import type { ChildIdentity, EventSource } from '../../../model/events/events.js'
import type { ChildReceipt } from '../../../model/events/system-receipt.js'

/** How a child came to its end by itself. */
export type Exit =
  /** It failed, or its thread went down. */
  | ({ readonly kind: 'failed' } & Failure)
  /** It has nothing more to do. An actor or a supervisor still runs then, and waits to be stopped or halted. */
  | { readonly kind: 'done'; readonly reason: string }
  /** It said while it started that it has nothing to do, as `ignore` does in OTP. */
  | { readonly kind: 'ignored'; readonly reason: string }

/** What there is to tell of a child. */
export type ChildNews =
  | { readonly type: 'started' }
  | ({ readonly type: 'failed' } & Failure)
  | { readonly type: 'restarted'; readonly error: Error; readonly restarts: number }
  | { readonly type: 'stopped'; readonly reason: string }
  /** Its own limit of restarts was exceeded. */
  | { readonly type: 'given-up'; readonly error: Error }

/** The owner of a child's life. */
export interface LifeOwner {
  /** It came to its end by itself. */
  exit(exit: Exit): void
  /** Another part of the system wants it stopped. */
  end(reason: string): Promise<void>
}

/** What runs for a child, again and again: an actor, a service, a supervisor. Its supervisor decides, this does. */
export interface ChildLife {
  /** Its id, if it is an actor. */
  readonly actorId?: number
  /**
   * Starts it; anew when something has failed. Throws, or rejects with, why it does not run. Undefined when it runs,
   * and had nothing to wait for.
   */
  start(after: Failure | undefined): Promise<void> | undefined
  /**
   * Ends what runs, and keeps what the next start takes up again: messages that wait. Does nothing when nothing runs.
   * Never rejects.
   */
  halt(reason: string, limitMs: number): Promise<void>
  /**
   * Lets it finish what it has, then ends it; also while it starts, and when nothing runs. It may be started again.
   * Never rejects.
   */
  stop(reason: string, limitMs: number): Promise<readonly ChildReceipt[]>
  /** What was halted or stopped is to be started again, or can be: it keeps its name. */
  keep(): void
  /** Lets go of what a start would take up again. It was stopped before, and nothing follows. */
  release(): Promise<void>
  /** Its supervisor gives up, and this is why it is about to be stopped, unless that is started again. */
  condemn(error: Error): void
  tell(news: ChildNews): void
  /**
   * Whether an error with which it failed says that its thread has gone: what keeps that from happening all the time is
   * done where threads are started.
   */
  isOfThread(error: Error): boolean
}

/** Tells of a service or a supervisor; actors have events of their own. */
export function tellOfChild(events: EventSource, child: ChildIdentity, news: ChildNews): void {
  switch (news.type) {
    case 'started':
      events.emit('child-started', { child })
      break
    case 'failed':
      events.emit('child-failed', { child, error: news.error })
      break
    case 'restarted':
      events.emit('child-restarted', { child, error: news.error, restarts: news.restarts })
      break
    case 'stopped':
      events.emit('child-stopped', { child, reason: news.reason })
      break
    case 'given-up':
    // Only actors of the system's own supervisor have limits of their own.
  }
}

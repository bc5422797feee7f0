import { isMainThread } from 'node:worker_threads'
import { openResources, type Clock } from '@zera/core/internal'
import type { BlackBox } from '../actor/black-box/black-box.js'
import type { Cell } from '../actor/cell.js'
import type { PendingAsks } from '../messaging/asks/pending-asks.js'
import type { HostTimes } from '../messaging/times/host-times.js'
import type { TraceLog } from '../messaging/tracing/trace-log.js'
import type { DurableSnapshot, Waiting } from '../model/events/snapshot.js'
import type { MailboxStatistics } from '../model/mailbox-spec.js'
import type { TracedMessage } from '../model/observing/observed-system.js'
import type { MethodTimes } from '../model/times/method-times.js'

/** What a host reports about itself, beyond its black box. */
export interface HostReport {
  readonly asks: number
  readonly droppedLogLines: number
  readonly mailboxes: readonly (readonly [id: number, mailbox: MailboxStatistics])[]
  /** Of those that are durable. */
  readonly durable: readonly (readonly [id: number, durable: DurableSnapshot])[]
  readonly waits: readonly ({ readonly from: number } & Waiting)[]
}

/** What a host is doing now. */
export interface HostActivity {
  /** What goes on, or waits to: messages, asks, timers, servers, sockets. */
  readonly underWay: number
  /** Messages that its actors have received. It only grows. */
  readonly received: number
}

/** What an observer looks at. */
interface ObservedHost {
  readonly clock: Clock
  readonly blackBox: BlackBox
  readonly times: HostTimes | undefined
  readonly traces: TraceLog
  readonly messenger: { readonly asks: PendingAsks }
  readonly loggers: { readonly dropped: number }
  readonly cells: Iterable<Cell>
}

/** Reports the state of its host. */
export class HostObserver {
  readonly #host: ObservedHost

  constructor(host: ObservedHost) {
    this.#host = host
  }

  /** What goes on here now, the answer to this question not counted. */
  activity(): HostActivity {
    const { cells } = this.#host
    // An ask counts where its handler runs.
    let underWay = openResources().filter(({ kind, name }) => kind === 'socket' && !isOfLink(name)).length
    let received = 0
    for (const { loop, owner } of cells) {
      underWay += loop.underWay + owner.size
      received += loop.mailbox.statistics.received
    }
    // A thread has one timer that keeps it alive. The main thread was looked at by Node.
    const open = isMainThread ? 0 : process.getActiveResourcesInfo().length - 1
    return { underWay: underWay + Math.max(0, open), received }
  }

  /** What its messages have taken. */
  times(): readonly MethodTimes[] {
    return this.#host.times?.read() ?? []
  }

  /** Its last messages that came with a traceparent. */
  traces(): readonly TracedMessage[] {
    return this.#host.traces.list()
  }

  report(): HostReport {
    const { messenger, blackBox, clock, cells, loggers } = this.#host
    // The readings there are current.
    blackBox.look(clock.now())
    return {
      asks: messenger.asks.size,
      droppedLogLines: loggers.dropped,
      mailboxes: Array.from(cells, ({ id, loop }) => [id, loop.mailbox.statistics] as const),
      durable: Array.from(cells, ({ id, durable }) => durable && ([id, durable.snapshot] as const)).filter(isThere),
      waits: [...messenger.asks.waits()],
    }
  }
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined
}

/** The sockets of links are there in each thread. */
function isOfLink(name: string): boolean {
  return name.startsWith('PAIR ') && !/^PAIR \d+$/u.test(name)
}

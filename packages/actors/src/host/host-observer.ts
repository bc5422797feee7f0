import type { Clock } from '@zera/core/internal'
import type { BlackBox } from '../actor/black-box/black-box.js'
import type { Cell } from '../actor/cell.js'
import type { PendingAsks } from '../messaging/asks/pending-asks.js'
import type { Waiting } from '../model/events/snapshot.js'
import type { MailboxStatistics } from '../model/mailbox-spec.js'

/** What a host reports about itself, beyond its black box. */
export interface HostReport {
  readonly asks: number
  readonly droppedLogLines: number
  readonly mailboxes: readonly (readonly [id: number, mailbox: MailboxStatistics])[]
  readonly waits: readonly ({ readonly from: number } & Waiting)[]
}

/** What an observer looks at. */
interface ObservedHost {
  readonly clock: Clock
  readonly blackBox: BlackBox
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

  report(): HostReport {
    const { messenger, blackBox, clock, cells, loggers } = this.#host
    // The readings there are current.
    blackBox.look(clock.now())
    return {
      asks: messenger.asks.size,
      droppedLogLines: loggers.dropped,
      mailboxes: Array.from(cells, ({ id, loop }) => [id, loop.mailbox.statistics] as const),
      waits: [...messenger.asks.waits()],
    }
  }
}

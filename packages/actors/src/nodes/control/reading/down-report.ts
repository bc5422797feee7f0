import { LINK_LIMITS, type Down, type Leftovers, type RemoteAccount, type ThreadReceipt } from '@zera/core/internal'
import { BLACK_BOX_BYTES } from '../../../model/events/layout.js'
import type { DownReport } from '../control.js'
import { bytes, list, maybe, number, oneOf, pair, record, whole, type Shape } from './shape.js'
import { downReason, error, incarnation, name } from './words.js'

const MAX_LINKS = 65_536

const exitCode = whole(-(2 ** 31), 2 ** 32)
/** The difference of two counts that are looked at one after the other may be less than nothing. */
const tally = whole(Number.MIN_SAFE_INTEGER)
const milliseconds = number(-Number.MAX_VALUE, Number.MAX_VALUE)

const down = record<Down>({ thread: name, incarnation, reason: downReason, exitCode, error: maybe(error) })

const left = record<Leftovers>({
  sockets: tally,
  timers: tally,
  asks: tally,
  blocks: tally,
  messages: tally,
  handles: tally,
})

const receipt = record<ThreadReceipt>({
  thread: name,
  incarnation,
  startedAtMs: milliseconds,
  stoppedAtMs: milliseconds,
  durationMs: milliseconds,
  exitCode,
  outcome: oneOf('clean', 'killed', 'crashed'),
  reason: downReason,
  left: maybe(left),
})

const SLOTS = LINK_LIMITS.windowMessages + LINK_LIMITS.windowReplies

const slots = list(whole(0, SLOTS - 1), SLOTS)

/** What counts in 32 bits, over and over. */
const wrapped = whole(-(2 ** 31), 2 ** 32)

/** What is known of one side of a link whose thread has ended. */
export const remoteAccount: Shape<RemoteAccount> = record<RemoteAccount>({
  accepted: wrapped,
  received: wrapped,
  unbegun: slots,
  begun: slots,
  refused: slots,
})

/** How a thread of a node has ended, and what it has left. */
export const downReport: Shape<DownReport> = record<DownReport>({
  down,
  receipt,
  lost: tally,
  accounts: list(pair(incarnation, remoteAccount), MAX_LINKS),
  blackBox: bytes(BLACK_BOX_BYTES),
})

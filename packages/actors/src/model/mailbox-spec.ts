import {
  expectNumber,
  LINK_LIMITS,
  withoutUndefined,
  type Optional,
  expectOptions,
  optionNames,
} from '@zera/core/internal'

/** What a mailbox does with a message that arrives when it is full. The mailbox counts these cases under every policy. */
export type Overflow =
  /**
   * Senders wait: `tell` returns false above an eighth of `maxMessages`, at most 1,024, `await ref.ready()` waits until
   * fewer wait, and a send that still comes when `maxMessages` wait throws MailboxFullError. The window of their link
   * holds back senders on other hosts: each has at most `LINK_LIMITS.windowMessages` of its messages here, and none of
   * the messages it has sent is refused.
   */
  | 'wait'
  /**
   * The message is refused: a sender on the same host gets a MailboxFullError at once, an asker gets it instead of an
   * answer, and a tell from another host becomes a dead letter.
   */
  | 'fail'
  /** The new message becomes a dead letter; an ask rejects with MailboxFullError. */
  | 'drop-newest'
  /** The message that has waited longest becomes a dead letter, or its ask rejects, and the new message takes its place. */
  | 'drop-oldest'

/** The mailbox of an actor. Plain data, part of the definition. */
export interface MailboxSpec {
  /**
   * How many messages may wait. The current message does not count; stashed ones do. Infinity: as many as fit in
   * memory.
   */
  readonly maxMessages: number
  readonly overflow: Overflow
  /**
   * Methods whose messages go ahead of all others, in order among themselves. The system's own messages to the actor go
   * ahead of both.
   */
  readonly urgent: readonly string[]
}

/**
 * The mailbox of an actor without `mailbox`: 131,072 messages may wait, then senders wait (`'wait'`), and no method is
 * urgent.
 */
export const DEFAULT_MAILBOX: MailboxSpec = { maxMessages: LINK_LIMITS.backlogMessages, overflow: 'wait', urgent: [] }

const MAILBOX_OPTIONS = optionNames<MailboxSpec>({ maxMessages: true, overflow: true, urgent: true })
const POLICIES: readonly Overflow[] = ['wait', 'fail', 'drop-newest', 'drop-oldest']

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} When `maxMessages` is not a whole number from 1 on, or the policy is unknown.
 */
export function mailboxSpec(options: Optional<MailboxSpec>): MailboxSpec {
  expectOptions('define an actor: mailbox', options, MAILBOX_OPTIONS)
  const spec = { ...DEFAULT_MAILBOX, ...withoutUndefined(options) }
  const { maxMessages, overflow } = spec
  expectNumber('define an actor', 'maxMessages', maxMessages, { from: 1, isWhole: true, orInfinity: true })
  if (!POLICIES.includes(overflow))
    throw new RangeError(`Cannot define an actor: overflow must be ${POLICIES.join(', ')}, not ${overflow}`)
  return spec
}

/** The counters of a mailbox. They only grow; read them twice to compute a rate. */
export interface MailboxStatistics {
  /** Messages that wait now, including stashed ones. */
  readonly waiting: number
  /** The most that ever waited. */
  readonly highest: number
  readonly received: number
  /** Messages that gave way, or were refused, because the mailbox was full. */
  readonly overflowed: number
}

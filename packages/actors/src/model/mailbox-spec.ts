import { LINK_LIMITS } from '@zera/core/internal'

/** What a mailbox does with a message that comes when it is full. Every policy counts what it did. */
export type Overflow =
  /**
   * Senders wait: `tell` returns false above an eighth of `maxMessages`, at most 1,024, `await ref.ready()` waits until
   * fewer wait, and a send that comes all the same when `maxMessages` wait throws MailboxFullError. Senders on other
   * hosts are held back by the window of their link: each has at most `LINK_LIMITS.windowMessages` of its messages
   * here, and nothing that it has sent is refused.
   */
  | 'wait'
  /**
   * The message is refused: a sender of the same host gets a MailboxFullError at once, an asker in place of an answer;
   * another host's tell becomes a dead letter.
   */
  | 'fail'
  /** The message is a dead letter; an ask rejects with MailboxFullError. */
  | 'drop-newest'
  /** The message that has waited longest is a dead letter, or its ask rejects, and this one takes its place. */
  | 'drop-oldest'

/** How the mailbox of an actor is. Plain data, with the definition. */
export interface MailboxSpec {
  /**
   * How many messages may wait, without the one that is being handled; those that were stashed count. Infinity: as many
   * as memory holds.
   */
  readonly maxMessages: number
  readonly overflow: Overflow
  /**
   * Methods whose messages go before all others, in their own order. What the system says to the actor goes before
   * both.
   */
  readonly urgent: readonly string[]
}

/** The defaults, all in one place. */
export const DEFAULT_MAILBOX: MailboxSpec = { maxMessages: LINK_LIMITS.backlogMessages, overflow: 'wait', urgent: [] }

const POLICIES: readonly Overflow[] = ['wait', 'fail', 'drop-newest', 'drop-oldest']

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} When `maxMessages` is no whole number from 1 on, or the policy is unknown.
 */
export function mailboxSpec(options: Partial<MailboxSpec>): MailboxSpec {
  const spec = { ...DEFAULT_MAILBOX, ...options }
  const { maxMessages, overflow } = spec
  if (!(maxMessages >= 1) || (maxMessages !== Infinity && !Number.isInteger(maxMessages))) {
    throw new RangeError(
      `Cannot define an actor: maxMessages must be a whole number from 1 on, or Infinity, not ${maxMessages}`,
    )
  }
  if (!POLICIES.includes(overflow))
    throw new RangeError(`Cannot define an actor: overflow must be ${POLICIES.join(', ')}, not ${overflow}`)
  return spec
}

/** What a mailbox has seen. The counters only grow; who reads them twice computes the rate. */
export interface MailboxStatistics {
  /** Messages that wait now, and those that were stashed. */
  readonly waiting: number
  /** The most that ever waited. */
  readonly highest: number
  readonly received: number
  /** Messages that gave way, or were refused, because the mailbox was full. */
  readonly overflowed: number
}

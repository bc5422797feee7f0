/** What a receiver has counted. */
export interface Tally {
  readonly count: number
  readonly sum: number
}

/** A system has lost, repeated or changed something while it was measured, so what was measured means nothing. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly expected: Tally
  readonly received: Tally

  constructor(expected: Tally, received: Tally) {
    super(
      `Cannot count a round: ${received.count} messages with the sum ${received.sum} were handled, not ${expected.count} with ${expected.sum}`,
    )
    this.expected = expected
    this.received = received
  }
}

/** @throws {DeliveryError} When what was handled are not the messages numbered from 0 to `messages` - 1, once each. */
export function expectDelivery(messages: number, received: Tally): void {
  const expected = { count: messages, sum: (messages * (messages - 1)) / 2 }
  if (received.count !== expected.count || received.sum !== expected.sum) throw new DeliveryError(expected, received)
}

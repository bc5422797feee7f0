import { randomUUID } from 'node:crypto'
import type { Sockets } from '@zera/core'

const SUBSCRIBE = 1

/**
 * Subscribes in a way that the publisher can wait for: to the prefix, then to a name of its own. Subscriptions arrive
 * in order, so a publisher that has seen the name misses this subscriber with nothing any more.
 *
 * @returns The name.
 */
export async function subscribeByName(subscriber: Sockets['SUB'], prefix: string): Promise<string> {
  // When a connection is made, ZeroMQ sends the subscriptions in the order of their bytes; ~ is behind all letters.
  const name = `~${randomUUID()}`
  await subscriber.subscribe(prefix, name)
  return name
}

/** Gives the names of subscribers as the publisher sees them. */
export async function* subscriberNames(
  publisher: Sockets['XPUB'],
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  for (;;) {
    const [subscription] = await publisher.receive({ signal })
    if (subscription?.[0] === SUBSCRIBE && String(subscription).startsWith('~', 1))
      yield String(subscription.subarray(1))
  }
}

import { randomUUID } from 'node:crypto'

/**
 * The extra subscription of a subscriber, by which the publisher tells it from others: these bytes, and a unique name.
 *
 * On a new connection, ZeroMQ sends the existing subscriptions in the order of their bytes, and later ones in the order
 * in which they were made. So this one is the last: a peer that has seen it has seen all of that subscriber.
 */
const HELLO = Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('zera-hello/')])
const SUBSCRIBE = 1

/** A new key for one subscriber. */
export function helloKey(): Buffer {
  return Buffer.concat([HELLO, Buffer.from(randomUUID())])
}

/** A subscriber that came or left, as its publisher sees it; undefined for other subscriptions. */
export function readHello(subscription: Buffer): { readonly key: Buffer; readonly isHere: boolean } | undefined {
  const key = subscription.subarray(1)
  return key.subarray(0, HELLO.byteLength).equals(HELLO) ? { key, isHere: subscription[0] === SUBSCRIBE } : undefined
}

import { randomUUID } from 'node:crypto'

/**
 * What a subscriber subscribes to beside what it wants, so that the publisher knows it from others: these bytes, and a
 * name that nobody else has.
 *
 * When a connection is made, ZeroMQ sends the subscriptions in the order of their bytes, and others in the order in
 * which they were made, so this one is the last: whoever has seen it has seen all of that subscriber.
 */
const HELLO = Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('zera-hello/')])
const SUBSCRIBE = 1

/** A new key for one subscriber. */
export function helloKey(): Buffer {
  return Buffer.concat([HELLO, Buffer.from(randomUUID())])
}

/** A subscriber that came or left, as its publisher is told; undefined for other subscriptions. */
export function readHello(subscription: Buffer): { readonly key: Buffer; readonly isHere: boolean } | undefined {
  const key = subscription.subarray(1)
  return key.subarray(0, HELLO.byteLength).equals(HELLO) ? { key, isHere: subscription[0] === SUBSCRIBE } : undefined
}

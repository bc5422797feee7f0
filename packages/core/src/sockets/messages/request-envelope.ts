import { EnvelopeError } from '../../base/errors/errors.js'
import type { Frame } from './frames.js'

/** A request as a ROUTER receives it: `[address…] [empty] [body…]`. */
export interface RequestEnvelope<F extends Frame = Buffer> {
  /** The hops that it came through, the last one first. A reply goes back the same way. */
  readonly addresses: readonly F[]
  readonly body: readonly F[]
}

/**
 * Takes a request out of its envelope: the first empty frame ends the addresses, as in REP.
 *
 * @example
 *   const { addresses, body } = unwrapRequest(await router.receive())
 *   await router.send(wrapReply(addresses, ['World']))
 *
 * @throws {EnvelopeError} When there is no empty frame: a DEALER that asks has to send one in front of the body.
 */
export function unwrapRequest<F extends Frame>(frames: readonly F[]): RequestEnvelope<F> {
  const end = frames.findIndex(frame => frame.length === 0)
  if (end < 0)
    throw new EnvelopeError(
      'unwrap the request',
      `it has no empty frame among its ${frames.length}; send one in front of the body`,
      frames,
    )
  return { addresses: frames.slice(0, end), body: frames.slice(end + 1) }
}

/**
 * Puts a reply into the envelope of its request: `[address…] [empty] [body…]`. Send the result by the ROUTER that
 * received the request; it goes back the same way. An address is never empty: ZeroMQ makes none of that kind.
 *
 * @param addresses Those of the request, from `unwrapRequest`.
 */
export function wrapReply(addresses: readonly Frame[], body: readonly Frame[]): Frame[] {
  return [...addresses, '', ...body]
}

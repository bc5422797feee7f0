import { EnvelopeError } from '../../base/errors/errors.js'
import { expectOptions, optionNames } from '../../base/values/options/known-options.js'
import type { Frame } from './frames.js'

/**
 * A publication: `[key] [data]`, or `[key] [address] [data]` when it names its sender. Subscriptions match only the
 * key.
 */
export interface PublicationEnvelope<F extends Frame = Buffer> {
  readonly key: F
  /** The publisher's address, for subscribers that answer it. */
  readonly address?: F | undefined
  readonly data: F
}

const PUBLICATION = optionNames<PublicationEnvelope>({ key: true, address: true, data: true })

/**
 * Puts a publication into its envelope: `[key] [data]`, or `[key] [address] [data]` with an address. Send the result.
 *
 * @throws {TypeError} When it has anything else.
 */
export function wrapPublication(publication: PublicationEnvelope<Frame>): Frame[] {
  expectOptions('wrap a publication', publication, PUBLICATION)
  const { key, address, data } = publication
  return address === undefined ? [key, data] : [key, address, data]
}

/**
 * Takes a publication out of its envelope: `[key] [data]`, or `[key] [address] [data]`.
 *
 * @throws {EnvelopeError} When it has neither two frames nor three. The error carries the frames.
 */
export function unwrapPublication<F extends Frame>(frames: readonly F[]): PublicationEnvelope<F> {
  const [key, second, third] = frames
  if (key === undefined || second === undefined || frames.length > 3) {
    throw new EnvelopeError(
      'unwrap the publication',
      `it has ${frames.length} frames; send a key and data, with an address between them or not`,
      frames,
    )
  }
  return third === undefined ? { key, data: second } : { key, address: second, data: third }
}

import type { CodecExtension } from './extension.js'

/** The values of a message that was not written as text: they can be read once, before the message is finished. */
export abstract class HeldValues {
  /**
   * Reads them.
   *
   * @throws {MalformedMessageError} When they are none.
   */
  abstract read(extension?: CodecExtension): unknown[]
}

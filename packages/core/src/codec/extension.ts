/** Lets the owner of a link carry what JSON text cannot: references to actors, large binaries in shared memory. */
export interface CodecExtension {
  /**
   * Is offered, before the codec's own treatment and once a message,
   *
   * - Every object that is neither plain nor an ordinary array: instances of classes, functions, proxies, Dates, errors;
   * - The bytes of every binary, as a `Uint8Array`: all of an ArrayBuffer, whichever views of it are sent, or the part of
   *   Node's pool that belongs to a Buffer. They are offered last, when everything else in the message was found to be
   *   cloneable, so that memory taken for them is not lost to a NotCloneableError. Copy them before you return: the
   *   memory is the sender's.
   *
   * Returns JSON-safe data to send instead, or undefined to decline. Data for an object can be asked for and then not
   * be sent, when something else in the message cannot be cloned; `abandon` is called then.
   */
  encode(value: object): unknown
  /** The message of which something was encoded is not sent. */
  abandon?(): void
  /**
   * Turns what `encode` returned into a value again, in the receiver: for bytes, into an ArrayBuffer that holds them
   * and nothing else.
   */
  decode(data: unknown): unknown
}

/** Lets the owner of a link carry what values alone cannot: references to actors, blocks of shared memory. */
export interface CodecExtension {
  /**
   * Is offered, before the codec's own treatment and once a message, every object that is neither plain nor an ordinary
   * array, nor a binary: instances of classes, functions, proxies, Dates, errors.
   *
   * Returns JSON-safe data to send instead, or undefined to decline. Data can be asked for and then not be sent, when
   * something else in the message cannot be cloned; `abandon` is called then.
   */
  encode(value: object): unknown
  /** The message of which something was encoded is not sent. */
  abandon?(): void
  /** Turns what `encode` returned into a value again, in the receiver. */
  decode(data: unknown): unknown
}

/** A place in shared memory, and three views of that. */
export interface Space {
  /** Bytes before it: a multiple of 8. */
  readonly offset: number
  readonly bytes: Buffer
  readonly doubles: Float64Array
  readonly integers: Int32Array
}

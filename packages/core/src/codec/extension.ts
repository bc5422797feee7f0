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
  /** Where large messages travel. Default: nowhere, and all of a message is its text. */
  readonly memory?: MessageMemory | undefined
}

/** Shared memory for messages. */
export interface MessageMemory {
  /** Takes memory for the message that is posted next. It is asked when everything in the message can travel. */
  take(sizeBytes: number): Taken
  /** Finds the memory of a message that has come, until that message is handled: what was JSON text then. */
  find(handle: unknown): Space
}

/** Memory that was taken. */
export interface Taken {
  /** By which its receiver finds it: JSON text. */
  readonly handle: string
  readonly space: Space
}

/** A place in shared memory, in three views that begin with it. */
export interface Space {
  readonly bytes: Buffer
  readonly doubles: Float64Array
  readonly integers: Int32Array
}

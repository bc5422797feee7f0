import { decodeValues, encodeValues, FrameSequence, guarded, messageOf } from '@zera/core/internal'
import { CONTROL_LIMITS, readControlText, type ControlFrame } from './control-text.js'
import type { Bare } from './control.js'
import { read, type Reading, type Shape } from './reading/shape.js'

/** What one side of the conversation connects. */
export interface ControlEnds<Heard> {
  transmit(text: string): void
  /** The shape of the other side's messages within the sequence. */
  readonly shape: Shape<Heard>
  hear(message: Heard): void
  /** The other side has sent something unreadable, or confirms nothing. This side takes nothing more from it. */
  fault(reason: string): void
}

/**
 * One side of the conversation between a system and a node, without IO. Messages in it arrive once and in order, even
 * when the connection breaks. It checks everything from the other side before it passes it on.
 */
export class ControlLine<Said extends object, Heard extends object> {
  readonly #ends: ControlEnds<Heard>
  readonly #sequence: FrameSequence
  /** What the frame holds that is being taken. */
  #incoming: Heard | undefined
  #said = 0
  #confirmed = 0
  #isOver = false

  constructor(ends: ControlEnds<Heard>) {
    this.#ends = ends
    this.#sequence = new FrameSequence({
      transmit: text => ends.transmit(text),
      take: () => this.#hear(),
      confirmed: () => undefined,
      faulted: problem => this.#fault(problem),
    })
  }

  /** Sends a message. Returns false when that is more than the other side reads; then it was not sent. */
  say(message: Said): boolean {
    if (this.#isOver) return true
    const text = `[${encodeValues([message])}]`
    // The frame adds its numbers to the text.
    if (Buffer.byteLength(text) > CONTROL_LIMITS.maxBytes - 100) return false
    if (this.#said - this.#confirmed >= CONTROL_LIMITS.maxUnconfirmed)
      this.#fault(`it has not confirmed the last ${CONTROL_LIMITS.maxUnconfirmed} messages`)
    else {
      this.#said += 1
      this.#sequence.send([], text, [])
    }
    return true
  }

  /** Sends something outside the sequence. */
  sayBare(bare: Bare): void {
    this.#ends.transmit(JSON.stringify(bare))
  }

  /**
   * Takes a message from the other side.
   *
   * @returns The message, if it is one outside the sequence.
   */
  take(message: Reading<string>): Bare | undefined {
    if (this.#isOver) return undefined
    const text = 'reason' in message ? message : readControlText(message.value)
    if ('reason' in text) this.#fault(text.reason)
    else if (text.value.kind === 'bare') return text.value.bare
    else this.#takeFrame(text.value.frame)
    return undefined
  }

  close(): void {
    this.#isOver = true
    this.#sequence.close()
  }

  /** All that a frame holds is read, also when it is not its turn, or was taken before. */
  #takeFrame({ text, received, message }: ControlFrame): void {
    const held = message === undefined ? undefined : this.#read(message)
    if (received > this.#said) this.#fault(`it confirms ${received} messages, and ${this.#said} were sent`)
    else if (held !== undefined && 'reason' in held) this.#fault(held.reason)
    if (this.#isOver) return
    this.#confirmed = Math.max(this.#confirmed, received)
    this.#incoming = held && 'value' in held ? held.value : undefined
    this.#sequence.take(text)
    if (!this.#isOver) this.#sequence.confirm()
  }

  #hear(): void {
    const message = this.#incoming
    // An error here is no fault of the other side, whose message was right.
    if (message !== undefined) guarded(() => this.#ends.hear(message))
  }

  #read(message: unknown): Reading<Heard> {
    let values: readonly unknown[]
    try {
      values = decodeValues(message)
    } catch (error) {
      return { reason: messageOf(error) }
    }
    if (values.length !== 1) return { reason: `a frame has ${values.length} messages and not one` }
    return read(this.#ends.shape, values[0], 'message')
  }

  #fault(reason: string): void {
    this.close()
    this.#ends.fault(reason)
  }
}

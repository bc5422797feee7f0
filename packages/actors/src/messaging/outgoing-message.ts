import type { Address } from '../model/address.js'
import { writeArgs, readArgs } from '../model/durability/kept-state.js'
import type { BoundRef } from '../model/refs/bound-ref.js'
import { traceparentToSend } from './tracing/trace-context.js'

/** A message to a durable mailbox, until it is kept there; then it goes on to its actor. */
export class OutgoingMessage {
  readonly ref: BoundRef<object>
  readonly method: string
  /** What it takes along, as text. */
  readonly text: string
  /** The actor that sends it, if one does. */
  readonly from: Address | undefined
  readonly traceparent: string | undefined

  /** @throws {MessageNotKeptError} When something in it cannot be kept. */
  constructor(ref: BoundRef<object>, method: string, args: readonly unknown[], from: Address | undefined) {
    this.ref = ref
    this.method = method
    this.text = writeArgs(args, ref)
    this.from = from
    this.traceparent = traceparentToSend()
  }

  /** In which mailbox it is kept. */
  get to(): string {
    const { definition, name } = this.ref.data
    return keyOf(definition, name)
  }

  /** What it takes along, as it was. */
  get args(): unknown[] {
    return readArgs(this.text)
  }
}

/** Sends messages to durable mailboxes. */
export interface Outbox {
  /** Keeps a message, and then sends it on. Returns false when many wait to be kept. */
  post(message: OutgoingMessage): boolean
  /** Runs something when all that was posted until now is kept. Returns false when it is already, and then runs nothing. */
  after(run: () => void): boolean
  /** Resolves when few messages wait to be kept. */
  ready(): Promise<void>
}

/** Under which key an actor is kept. */
export function keyOf(definition: string, name: string): string {
  return `${definition}/${name}`
}

import { isKept, type Envelope } from '../../messaging/envelope.js'
import type { OutgoingMessage } from '../../messaging/outgoing-message.js'
import type { KeptAnswer, ReminderChange, SqlStatement } from '../../model/durability/store.js'

/** What an actor has done and what is not kept yet: all of it is kept together, or none. */
export class Group {
  /** The messages that it has handled. */
  readonly handled: Envelope[] = []
  /** What leaves when it is kept. */
  readonly outputs: (() => void)[] = []
  /** What it sends to durable mailboxes. */
  readonly sent: OutgoingMessage[] = []
  /** What it has answered to asks with an id. */
  readonly answers: KeptAnswer[] = []
  /** What it changes in tables of the program, each with the message that does it, if one does. */
  readonly statements: { readonly statement: SqlStatement; readonly by: Envelope | undefined }[] = []
  /** The last of each. */
  readonly reminders = new Map<string, ReminderChange>()
  /** Messages of its mailbox that are over without that: their handlers have thrown. */
  readonly failed: number[] = []
  /** Those whose handlers are started anew. */
  readonly tried: number[] = []

  get isEmpty(): boolean {
    return this.handled.length === 0 && this.outputs.length === 0 && !this.isChange
  }

  /** Whether it is to be kept, also when the state is the same. */
  get isChange(): boolean {
    return (
      this.sent.length > 0 ||
      this.answers.length > 0 ||
      this.statements.length > 0 ||
      this.reminders.size > 0 ||
      this.failed.length > 0 ||
      this.tried.length > 0 ||
      this.handled.some(isKept)
    )
  }

  /** The messages of its mailbox that are over. */
  get over(): number[] {
    return [...this.failed, ...this.handled.filter(isKept).map(({ correlation }) => correlation)]
  }

  /** Adds what was done after it. */
  add({ handled, outputs, sent, answers, statements, reminders, failed, tried }: Group): void {
    this.handled.push(...handled)
    this.outputs.push(...outputs)
    this.sent.push(...sent)
    this.answers.push(...answers)
    this.statements.push(...statements)
    for (const [id, change] of reminders) this.reminders.set(id, change)
    this.failed.push(...failed)
    this.tried.push(...tried)
  }
}

import { guarded, Waiters } from '@zera/core/internal'
import type { Outbox, OutgoingMessage } from '../../messaging/outgoing-message.js'
import { OUTBOX_KEY } from '../../model/durability/store.js'
import { uniqueId } from '../../model/durability/unique-id.js'
import { MailboxFullError } from '../../model/errors.js'
import type { Keeper } from './keeper.js'

/** Senders should wait when this many messages wait to be kept, and have to at the second. */
const MARK = 1024
const MOST_WAITING = 100_000

const RESOLVED = Promise.resolve()

/**
 * What a host's actors that are not durable, and the program, send to durable mailboxes. It is kept like the state of
 * an actor, from commit to commit, so that none counts twice.
 */
export class KeptOutbox implements Outbox {
  readonly #keeper: Pick<Keeper, 'keep'>
  #key: string | undefined
  #version = 0
  #underWay: readonly OutgoingMessage[] = []
  #waiting: OutgoingMessage[] = []
  /** What follows those that wait, and what follows those under way. */
  #after: (() => void)[] = []
  #next: (() => void)[] = []
  #room: Waiters | undefined

  constructor(keeper: Pick<Keeper, 'keep'>) {
    this.#keeper = keeper
  }

  get #size(): number {
    return this.#underWay.length + this.#waiting.length
  }

  post(message: OutgoingMessage): boolean {
    if (this.#size >= MOST_WAITING)
      throw new MailboxFullError(message.ref.toString(), `${this.#size} messages wait to be kept already`)
    this.#waiting.push(message)
    // With what else is sent in this turn.
    if (this.#size === 1) void RESOLVED.then(() => this.#send())
    return this.#size < MARK
  }

  after(run: () => void): boolean {
    if (this.#size === 0) return false
    ;(this.#waiting.length > 0 ? this.#after : this.#next).push(run)
    return true
  }

  async ready(): Promise<void> {
    this.#room ??= new Waiters()
    while (this.#size >= MARK) await this.#room.wait()
  }

  get isIdle(): boolean {
    return this.#size === 0
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    this.#room ??= new Waiters()
    while (this.#size > 0) await this.#room.wait()
  }

  /** Takes what waits, and was not kept. */
  takeAll(): readonly OutgoingMessage[] {
    const all = [...this.#underWay, ...this.#waiting]
    this.#underWay = this.#waiting = []
    return all
  }

  #send(): void {
    const sent = this.#waiting
    this.#underWay = sent
    this.#waiting = []
    this.#next.push(...this.#after.splice(0))
    this.#keep(sent)
  }

  #keep(sent: readonly OutgoingMessage[]): void {
    this.#key ??= OUTBOX_KEY + uniqueId()
    const change = { key: this.#key, version: ++this.#version, state: '', reminders: [], sent, handled: [], tried: [] }
    void this.#keeper.keep(change).then(outcome => {
      if (this.#underWay !== sent) return
      if (outcome.kind === 'fenced') {
        // The store has forgotten an outbox that was idle for long. Another begins.
        this.#key = undefined
        this.#version = 0
        this.#keep(sent)
        return
      }
      this.#underWay = []
      for (const run of this.#next.splice(0)) guarded(run)
      if (this.#waiting.length > 0) this.#send()
      this.#room?.wake()
    })
  }
}

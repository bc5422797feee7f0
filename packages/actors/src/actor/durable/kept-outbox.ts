import { guarded, Waiters } from '@zera/core/internal'
import type { Messenger } from '../../messaging/messenger.js'
import { OutgoingMessage, type Outbox } from '../../messaging/outgoing-message.js'
import { OUTBOX_KEY } from '../../model/durability/store.js'
import { uniqueId } from '../../model/durability/unique-id.js'
import { MailboxFullError } from '../../model/errors.js'
import { Forwarder } from './forwarder.js'
import type { Keeper } from './keeper.js'

/** Senders should wait when this many messages wait to be kept, and have to at the second. */
const MARK = 1024
const MOST_WAITING = 100_000

const RESOLVED = Promise.resolve()

const NOTHING = { state: '', reminders: [], handled: [], tried: [], answers: [], statements: [] }

/** A message, or what follows those before it. */
type Item = OutgoingMessage | (() => void)

/**
 * What a host's actors that are not durable, and the program, send to durable mailboxes. It is kept like the state of
 * an actor, from commit to commit, so that none counts twice.
 */
export class KeptOutbox implements Outbox {
  readonly #keeper: Pick<Keeper, 'keep'>
  readonly #forwarder: Forwarder
  #key: string | undefined
  #version = 0
  #underWay: readonly Item[] = []
  #waiting: Item[] = []
  #room: Waiters | undefined

  constructor(keeper: Pick<Keeper, 'keep'>, messenger: Pick<Messenger, 'forward'>) {
    this.#keeper = keeper
    this.#forwarder = new Forwarder(messenger)
  }

  get isIdle(): boolean {
    return this.#size === 0
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
    if (this.isIdle) return false
    this.#waiting.push(run)
    return true
  }

  async ready(): Promise<void> {
    this.#room ??= new Waiters()
    while (this.#size >= MARK) await this.#room.wait()
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    this.#room ??= new Waiters()
    while (!this.isIdle) await this.#room.wait()
  }

  /** Takes the messages that wait, of which it is not known whether they are kept. */
  takeAll(): OutgoingMessage[] {
    const all = [...this.#underWay, ...this.#waiting].filter(isMessage)
    this.#underWay = this.#waiting = []
    return all
  }

  #send(): void {
    if (this.#underWay.length > 0 || this.#waiting.length === 0) return
    // What follows a question is kept when that is on its way: its target might read it first.
    const question = this.#waiting.findIndex(item => !isMessage(item))
    const items = this.#waiting.splice(0, question < 0 ? this.#waiting.length : question + 1)
    this.#underWay = items
    const sent = items.filter(isMessage)
    if (sent.length > 0) this.#keep(items, sent)
    else this.#sent(items, [])
  }

  #keep(items: readonly Item[], sent: readonly OutgoingMessage[]): void {
    this.#key ??= OUTBOX_KEY + uniqueId()
    void this.#keeper.keep({ ...NOTHING, key: this.#key, version: ++this.#version, sent }).then(outcome => {
      if (this.#underWay !== items) return
      if (outcome.kind === 'kept') {
        this.#sent(items, outcome.numbers)
        return
      }
      // The store has forgotten an outbox that was idle for long. Another begins.
      this.#key = undefined
      this.#version = 0
      this.#keep(items, sent)
    })
  }

  #sent(items: readonly Item[], numbers: readonly number[]): void {
    this.#underWay = []
    let place = 0
    for (const item of items)
      if (isMessage(item)) this.#forwarder.forward(item, numbers[place++] ?? 0)
      else guarded(item)
    this.#send()
    this.#room?.wake()
  }
}

function isMessage(item: Item): item is OutgoingMessage {
  return item instanceof OutgoingMessage
}

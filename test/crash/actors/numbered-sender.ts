import { ActorDownError, MailboxFullError, type AskOptions } from '@zera/actors'
import { TOLD, type Lane, type Told } from '../records/lane.js'
import { Truth, type LaneName } from '../records/truth.js'

interface Asker {
  take(lane: LaneName, number: number): Promise<number>
}

/** A taker of numbered messages: a ref to an actor with such a method. */
interface Receiver {
  readonly tell: { take(lane: LaneName, number: number): boolean }
  ask(options: AskOptions): Asker
  ready(): Promise<void>
}

/** Sends numbered messages on one lane, and notes in shared memory what it learns of each. */
export class NumberedSender {
  readonly #name: LaneName
  readonly #lane: Lane
  readonly #to: Receiver
  readonly #asker: Asker
  readonly #open = new Set<Promise<Told>>()

  constructor(name: LaneName, to: Receiver) {
    this.#name = name
    this.#lane = Truth.find().lane(name)
    this.#to = to
    this.#asker = to.ask({ timeoutMs: Infinity })
  }

  /** Resolves when so many asks are open at most. */
  async openAtMost(count: number): Promise<void> {
    while (this.#open.size > count) await Promise.race(this.#open)
  }

  /** Tells the next message, by default with `take`. Returns what `tell` does, or undefined when it was refused. */
  tell(
    send: (lane: LaneName, number: number) => boolean = (lane, number) => this.#to.tell.take(lane, number),
  ): boolean | undefined {
    const number = this.#lane.next()
    try {
      const hasRoom = send(this.#name, number)
      this.#lane.note(number, TOLD.told)
      return hasRoom
    } catch (error) {
      if (!(error instanceof MailboxFullError)) throw error
      this.#lane.note(number, TOLD.refused)
      return undefined
    }
  }

  /** Asks the next message. Resolves with what became of it. */
  ask(): Promise<Told> {
    const number = this.#lane.next()
    const asking = this.#asker.take(this.#name, number)
    this.#lane.note(number, TOLD.asked)
    const settled = asking
      .then(
        answer => (answer === number ? TOLD.answered : TOLD.failed),
        (error: unknown) => toldOf(error),
      )
      .then(told => {
        this.#lane.note(number, told)
        this.#open.delete(settled)
        return told
      })
    this.#open.add(settled)
    return settled
  }

  /** Resolves when the receiver has room. */
  ready(): Promise<void> {
    return this.#to.ready()
  }

  /**
   * Resolves when all asks have ended, and the receiver has answered one more: it has handled all that was sent before,
   * then.
   */
  async settle(): Promise<void> {
    await this.ready()
    await Promise.all([this.ask(), ...this.#open])
  }
}

function toldOf(error: unknown): Told {
  if (error instanceof MailboxFullError) return TOLD.refused
  if (!(error instanceof ActorDownError)) return TOLD.failed
  return { 'not-begun': TOLD.downNotBegun, begun: TOLD.downBegun, handled: TOLD.downHandled }[error.progress]
}

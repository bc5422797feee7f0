import { AskAbortedError, defineActor, type ActorRef } from '@zera/actors'
import { TOLD } from '../records/lane.js'
import { Truth, type LaneName } from '../records/truth.js'
import { readAll } from '../threads/stream.js'
import { turn } from '../threads/turn.js'
import { NumberedSender } from './numbered-sender.js'
import type { Victim } from './victim.js'

export interface SenderProps {
  readonly lane: LaneName
  readonly victim: ActorRef<Victim>
}

/** What leads the victim into a state. */
export type Beginning = 'work' | 'startTimer' | 'flood' | 'lendOut' | 'readSink' | 'openSub' | 'openReq' | 'openRouter'

/** Messages before a sender looks around. */
const BURST = 64
/** One message of so many is an ask. */
const ASK_EVERY = 16
/** So that a death costs a few hundred messages, and not all that a backlog holds; that is another state. */
const MAX_OPEN_ASKS = 32

/** An actor that sends to the victim. */
export class Sender {
  readonly #truth = Truth.find()
  #messages!: NumberedSender
  #victim!: ActorRef<Victim>

  onStart({ lane, victim }: SenderProps): void {
    this.#victim = victim
    this.#messages = new NumberedSender(lane, victim)
  }

  /** What is under way is over when the sender is. */
  async onStop(): Promise<void> {
    await this.#messages.settle()
  }

  /** Sends as fast as it can while the scenario pumps. */
  async pump(): Promise<void> {
    while (this.#truth.isPumping) {
      for (let sent = 0; sent < BURST; sent++) {
        if (sent % ASK_EVERY === 0) void this.#messages.ask()
        else this.#messages.tell()
      }
      await this.#messages.openAtMost(MAX_OPEN_ASKS)
      await turn()
    }
  }

  /** Sends until it is refused. */
  saturate(): void {
    while (this.#messages.tell() !== undefined);
  }

  /** Tells and asks a few. */
  sendSome(count: number): void {
    for (let sent = 0; sent < count; sent++) {
      if (sent % 2 === 0) this.#messages.tell()
      else void this.#messages.ask()
    }
  }

  /** Asks until there is an answer. Returns how many asks were given back before. */
  async untilAnswered(): Promise<number> {
    let givenBack = 0
    while ((await this.#messages.ask()) !== TOLD.answered) givenBack += 1
    return givenBack
  }

  /** Reads a stream of the victim, which may die meanwhile. */
  readVictim(): void {
    this.#truth.noteStream(1)
    void readAll(this.#truth, this.#victim.stream.count()).finally(() => this.#truth.noteStream(-1))
  }

  /**
   * Reads streams of the victim and leaves them while it waits for an item, one that flows, and one whose generator
   * waits for what never comes; then the victim must answer.
   */
  async leaveVictim(): Promise<void> {
    for (const stream of [this.#victim.stream.count(), this.#victim.stream.stall()]) {
      await stream.next()
      const waiting = stream.next()
      await stream.return()
      await waiting
    }
    await this.#victim.ask({ timeoutMs: Infinity }).self()
  }

  /**
   * Asks the victim for what it does not come to an end with, and gives up when it has begun: before, no handler is
   * there to hear of it. What the error says must be what became of it.
   */
  giveUp(): void {
    const giving = new AbortController()
    void this.#truth.begun().then(() => giving.abort())
    this.#truth.noteStream(1)
    this.#victim
      .ask({ timeoutMs: Infinity, signal: giving.signal })
      .ignoreSignal()
      .catch((error: unknown) => {
        const ended = error instanceof AskAbortedError ? error.cancellation : undefined
        if (ended !== 'thread-down' && !(ended === 'signalled' && this.#truth.isReleased)) this.#truth.noteMisread()
      })
      .finally(() => this.#truth.noteStream(-1))
  }

  /** Leads the victim into a state by a message that stands in the accounts like all others. */
  begin(method: Beginning): void {
    this.#messages.tell((lane, number) => this.#victim.tell[method](lane, number))
  }

  /** Resolves when all that was sent is settled. */
  async settle(): Promise<void> {
    await this.#messages.settle()
  }
}

export default defineActor(import.meta.url, Sender)

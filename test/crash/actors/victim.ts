import { createHash } from 'node:crypto'
import { actorContext, defineActor, type ActorRef } from '@zera/actors'
import { Scope } from '@zera/core'
import { Truth, type LaneName } from '../records/truth.js'
import { makePayload, PAYLOAD_KINDS, type PayloadKind } from '../rows/payload.js'
import type { SocketStateName } from '../rows/states.js'
import { endThread } from '../threads/end-thread.js'
import { openInState } from '../threads/native-waits.js'
import { countUp, readAll } from '../threads/stream.js'
import { turn } from '../threads/turn.js'
import { NumberedSender } from './numbered-sender.js'
import type { Sink } from './sink.js'

export interface VictimProps {
  readonly mainSink: ActorRef<Sink>
  readonly hostSink: ActorRef<Sink>
}

/** One echo of so many is an ask. */
const ASK_EVERY = 16
/** What it sends to the holders: sizes below and above the limit from which binaries travel in shared memory. */
const LENT_SIZES = [100, 4096, 65_536]
const LENT_OF_EACH = 10
/** Tries to send before it looks around. */
const BURST = 256

/** The actor that dies. */
export class Victim {
  readonly #truth = Truth.find()
  #mainSink!: ActorRef<Sink>
  #hostSink!: ActorRef<Sink>
  #toMain!: NumberedSender
  #toHost!: NumberedSender
  #echoes = 0
  readonly #sockets = new Scope()
  /** What is kept of it, where it is durable. */
  taken = 0

  onStart({ mainSink, hostSink }: VictimProps): void {
    this.#mainSink = mainSink
    this.#hostSink = hostSink
    this.#toMain = new NumberedSender('victim-to-main', mainSink)
    this.#toHost = new NumberedSender('victim-to-host', hostSink)
    // No message orders the end, so that there is one in every state.
    void this.#truth.ordered().then(ending => endThread(this.#truth, ending, 'elsewhere'))
  }

  /** What it has sent is handled when it has stopped. */
  async onStop(): Promise<void> {
    await Promise.all([this.#toMain.settle(), this.#toHost.settle()])
    await this.#sockets.close()
  }

  /** The actor itself, for actors that know it by another ref. */
  self(): ActorRef<Victim> {
    return actorContext<Victim>().self
  }

  /** How many messages it has taken, as far as that is kept where it is durable. */
  takenSoFar(): number {
    return this.taken
  }

  /** Goes on until it is released, also after its asker has given up. */
  async ignoreSignal(): Promise<void> {
    actorContext().signal.addEventListener('abort', () => this.#truth.noteBusy())
    this.#truth.noteBegun()
    await this.#truth.released()
  }

  /** A message like any other. While the scenario pumps, it sends one on. */
  take(lane: LaneName, number: number): number {
    this.#truth.lane(lane).handle(number)
    this.taken += 1
    if (this.#truth.isPumping) this.#echo(lane === 'main-to-victim' ? this.#toMain : this.#toHost)
    return number
  }

  /** Is busy in its handler until it is released, or ordered to end. */
  async work(lane: LaneName, number: number): Promise<void> {
    this.#truth.lane(lane).handle(number)
    this.#spin()
    const ending = this.#truth.order
    if (ending === undefined) return
    endThread(this.#truth, ending, 'elsewhere')
    // A timer throws it, or no code handles it; the handler is busy until then.
    await new Promise(() => undefined)
  }

  /** Is busy in a timer callback until it is released, or ordered to end. */
  startTimer(lane: LaneName, number: number): void {
    this.#truth.lane(lane).handle(number)
    setTimeout(() => {
      this.#spin()
      const ending = this.#truth.order
      if (ending !== undefined) endThread(this.#truth, ending, 'timer')
    }, 0)
  }

  /** Sends until both ways are full, and goes on trying until it is released. */
  async flood(lane: LaneName, number: number): Promise<void> {
    this.#truth.lane(lane).handle(number)
    while (!this.#truth.isReleased) {
      const isFull = [this.#toMain, this.#toHost].map(sender => {
        for (let tries = 0; tries < BURST; tries++) if (sender.tell() === undefined) return true
        return false
      })
      if (!isFull.includes(false)) this.#truth.noteBusy()
      await turn()
    }
  }

  /** Sends payloads for others to hold. */
  lendOut(lane: LaneName, number: number): void {
    this.#truth.lane(lane).handle(number)
    for (const kind of PAYLOAD_KINDS) {
      for (const sizeBytes of LENT_SIZES) {
        for (let made = 0; made < LENT_OF_EACH; made++) {
          this.#lend(this.#toMain, this.#mainSink, kind, sizeBytes)
          this.#lend(this.#toHost, this.#hostSink, kind, sizeBytes)
        }
      }
    }
  }

  /** Reads a stream of the sink that is where the message came from. */
  readSink(lane: LaneName, number: number): void {
    this.#truth.lane(lane).handle(number)
    const sink = lane === 'main-to-victim' ? this.#mainSink : this.#hostSink
    void readAll(this.#truth, sink.stream.count())
  }

  /** Counts up for readers elsewhere. */
  count(): AsyncGenerator<number, void, void> {
    return countUp(this.#truth)
  }

  /** Yields once, and waits for what never comes. */
  async *stall(): AsyncGenerator<number, void, void> {
    yield 0
    await new Promise(() => undefined)
  }

  async openSub(lane: LaneName, number: number): Promise<void> {
    await this.#open('sub-open', lane, number)
  }

  async openReq(lane: LaneName, number: number): Promise<void> {
    await this.#open('req-waiting', lane, number)
  }

  async openRouter(lane: LaneName, number: number): Promise<void> {
    await this.#open('router-full', lane, number)
  }

  /** Has sockets wait natively until it stops. */
  async #open(state: SocketStateName, lane: LaneName, number: number): Promise<void> {
    this.#truth.lane(lane).handle(number)
    for (const socket of await openInState(state)) this.#sockets.own(state, async () => socket[Symbol.asyncDispose]())
    this.#truth.noteBusy()
  }

  #lend(sender: NumberedSender, sink: ActorRef<Sink>, kind: PayloadKind, sizeBytes: number): void {
    sender.tell((lane, number) => sink.tell.hold(lane, number, makePayload(kind, number, sizeBytes), sizeBytes))
  }

  #echo(sender: NumberedSender): void {
    if (++this.#echoes % ASK_EVERY === 0) void sender.ask()
    else sender.tell()
  }

  #spin(): void {
    this.#truth.noteBusy()
    while (this.#truth.order === undefined && !this.#truth.isReleased) createHash('sha256').update('busy').digest('hex')
  }
}

/** Who gives up on it waits until it has come to its end, and it is left all the time it takes. */
export default defineActor(import.meta.url, Victim, { cancel: { graceMs: Infinity } })

/** The same, with a state that is kept. */
export const durableVictim = defineActor(import.meta.url, Victim, {
  name: 'DurableVictim',
  cancel: { graceMs: Infinity },
  durable: { transient: ['#truth', '#mainSink', '#hostSink', '#toMain', '#toHost', '#echoes', '#sockets'] },
})

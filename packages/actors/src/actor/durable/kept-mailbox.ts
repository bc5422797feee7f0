import type { Cancellable, Clock } from '@zera/core/internal'
import { envelopeOf, isKept, NOBODY, type Envelope, type Origin } from '../../messaging/envelope.js'
import { readArgs } from '../../model/durability/kept-state.js'
import type { KeptMessage } from '../../model/durability/store.js'

/** As many wait here at most; the others wait in the store. More are read when half of them are done. */
const MOST_HERE = 1024
/** Messages that were read and may still be on their way, of which a mailbox knows. */
const MOST_READ = 16 * MOST_HERE

/**
 * A sender may have gone after its messages were kept, and before it has sent them on. So a mailbox looks from time to
 * time.
 */
const LOOK_MS = 5000

/** A message that was tried this often comes alone, so that no other counts what it does to its thread. */
const SUSPICIOUS_TRIES = 2
/** Tries, besides the first one, after which a message is given up. */
const MOST_TRIES = 4

/** What a durable mailbox needs from the state that it belongs to. */
export interface KeptMailboxOwner {
  readonly clock: Clock
  /** The id of the actor. */
  readonly id: number
  /** The first messages that are kept. Rejects when the actor has stopped meanwhile. */
  read(most: number): Promise<readonly KeptMessage[]>
  /** Keeps that the handlers of messages are started once more, and runs something when that is done. */
  tried(numbers: readonly number[], then: () => void): void
  /** Keeps that messages are over. */
  over(numbers: readonly number[]): void
  deliver(envelope: Envelope): void
  /** Keeps a message that has arrived without that, such as a publication. It comes when it is kept. */
  adopt(envelope: Envelope): void
  /** A message is given up. */
  deadLetter(envelope: Envelope): void
}

/** What is no message of the store, and has its place behind those that its host had sent before. */
interface Held {
  readonly envelope: Envelope
  /** The number of the last of those; undefined until it is read. */
  behind: number | undefined
  /** A number that is too late. */
  before: number
}

/** Messages that were read together. */
interface Batch {
  readonly messages: readonly KeptMessage[]
  /** Whether an incarnation that went down may have begun them. */
  readonly areSuspects: boolean
}

/**
 * A durable mailbox, on the side of its actor. Messages are in the store before they come here. Those that came to an
 * incarnation before, or while too many wait, are read from there.
 */
export class KeptMailbox {
  readonly #owner: KeptMailboxOwner
  /** Those that the actor has, until it is kept that they are over; and of these, those that it has set aside. */
  readonly #here = new Set<number>()
  readonly #aside = new Set<number>()
  /** Those that were read, and may still be on their way from their sender. */
  readonly #read = new Set<number>()
  /** Those that are over since a read has begun, which may have found them. */
  readonly #gone = new Set<number>()
  #isOpen = false
  #isReading = false
  /** Those of which it is being kept that they are tried. */
  #trying: Batch | undefined
  /** Whether the store may have some that are not here. As long as it may, what arrives waits there, behind them. */
  #isBehind = true
  #areSuspects = true
  /** Those that wait for those before them to be over. */
  readonly #batches: Batch[] = []
  readonly #held: Held[] = []
  /** The last number of each host that was left to the store. */
  readonly #lastLeft = new Map<number, number>()
  /** The one of them whose time has come. */
  #released: Envelope | undefined
  #timer: Cancellable | undefined
  readonly #origin: Origin = { ...NOBODY }

  constructor(owner: KeptMailboxOwner) {
    this.#owner = owner
  }

  /** Takes messages, first those that are kept. */
  open(): void {
    this.#isOpen = true
    if (this.#trying !== undefined) {
      // The instance before has failed, and that with it.
      for (const { number } of this.#trying.messages) this.#here.delete(number)
      this.#batches.unshift(this.#trying)
      this.#trying = undefined
    }
    this.#goOn()
  }

  /** Takes none any more. */
  close(): void {
    this.#isOpen = false
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** Forgets all that came: what is still kept comes again. */
  clear(): void {
    this.close()
    this.#isBehind = true
    this.#trying = undefined
    this.#batches.length = 0
    for (const numbers of [this.#here, this.#aside, this.#read, this.#lastLeft]) numbers.clear()
  }

  /**
   * A message arrives: it is to be handled now, or is `held` until those before it have come; or it is `left` to the
   * store, from which it comes later, or has come already.
   */
  arrives(envelope: Envelope): 'now' | 'held' | 'left' {
    if (envelope.origin === this.#origin || this.#released === envelope) return 'now'
    const { correlation: number } = envelope
    if (!isKept(envelope)) {
      if (envelope.kind === 'tell') {
        this.#owner.adopt(envelope)
        return 'left'
      }
      if (this.#isLive || !isOfSender(envelope)) return 'now'
      this.#held.push({ envelope, behind: this.#lastLeft.get(envelope.origin.host), before: Infinity })
      this.#look()
      return 'held'
    }
    const { host } = envelope.origin
    if (this.#here.has(number) || this.#read.delete(number)) {
      this.#lastLeft.set(host, number)
      return 'left'
    }
    const isNext = (envelope.redelivered ?? 0) === 0
    if (isNext && this.#isLive && this.#underWay < MOST_HERE) {
      this.#here.add(number)
      return 'now'
    }
    this.#leave(number, host)
    return 'left'
  }

  #leave(number: number, host: number): void {
    this.#lastLeft.set(host, number)
    for (const held of this.#held) if (held.envelope.origin.host === host) held.before = Math.min(held.before, number)
    this.#look()
  }

  /** Takes out a message that is held. Returns whether it was. */
  remove(envelope: Envelope): boolean {
    const at = this.#held.findIndex(held => held.envelope === envelope)
    if (at >= 0) this.#held.splice(at, 1)
    return at >= 0
  }

  /** Takes out all that are held. */
  takeHeld(): Envelope[] {
    return this.#held.splice(0).map(({ envelope }) => envelope)
  }

  /** The actor has set a message aside: others need not wait for it. */
  setAside(number: number): void {
    this.#aside.add(number)
    this.#goOn()
  }

  /** The actor gives a message back without having handled it. It comes again, if it is still there. */
  givenBack(number: number): void {
    this.#here.delete(number)
    this.#aside.delete(number)
    this.#isBehind = true
  }

  /** It is kept that messages are over. */
  kept(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#here.delete(number)
      this.#aside.delete(number)
      if (this.#isReading) this.#gone.add(number)
    }
    this.#goOn()
  }

  get #isLive(): boolean {
    const isBusy = this.#isReading || this.#trying !== undefined || this.#batches.length > 0
    return this.#isOpen && !this.#isBehind && !isBusy
  }

  #look(): void {
    this.#isBehind = true
    this.#goOn()
  }

  get #underWay(): number {
    return this.#here.size - this.#aside.size
  }

  #goOn(): void {
    if (!this.#isOpen || this.#isReading || this.#trying !== undefined) return
    const [batch] = this.#batches
    if (batch !== undefined) {
      if (batch.areSuspects && this.#underWay > 0) return
      this.#batches.shift()
      this.#come(batch)
    } else if (!this.#isBehind) this.#release(Infinity)
    else if (this.#underWay < MOST_HERE / 2) void this.#readNext()
  }

  /** What is held behind messages up to one comes before the next. */
  #release(number: number): void {
    while ((this.#held[0]?.behind ?? Infinity) < number) {
      this.#released = (this.#held.shift() as Held).envelope
      this.#owner.deliver(this.#released)
    }
    this.#released = undefined
  }

  async #readNext(): Promise<void> {
    const most = MOST_HERE + this.#here.size
    const held = [...this.#held]
    this.#timer?.cancel()
    this.#isReading = true
    this.#isBehind = false
    let messages: readonly KeptMessage[] = []
    try {
      messages = await this.#owner.read(most)
    } catch {
      // Its actor has stopped meanwhile, or begins anew.
      this.#isBehind = true
      this.close()
    }
    this.#isReading = false
    if (this.#isOpen) this.#timer = this.#owner.clock.after(LOOK_MS, () => this.#look())
    const areSuspects = this.#areSuspects
    if (messages.length === most) this.#isBehind = true
    else if (this.#isOpen) {
      this.#areSuspects = false
      for (const each of held) each.behind ??= Math.min(messages.at(-1)?.number ?? 0, each.before - 1)
    }
    const found = messages.filter(({ number }) => !this.#here.has(number) && !this.#gone.has(number))
    this.#gone.clear()
    if (!this.#isOpen || found.length === 0) {
      if (found.length > 0) this.#isBehind = true
      this.#goOn()
      return
    }
    const comeAlone = areSuspects && found.some(({ tries }) => tries >= SUSPICIOUS_TRIES)
    const parts = comeAlone ? found.map(message => [message]) : [found]
    this.#batches.push(...parts.map(part => ({ messages: part, areSuspects })))
    this.#goOn()
  }

  #come(batch: Batch): void {
    const { messages, areSuspects } = batch
    for (const { number } of messages) {
      this.#here.add(number)
      this.#read.add(number)
    }
    for (const number of this.#read) {
      if (this.#read.size <= MOST_READ) break
      this.#read.delete(number)
    }
    const poison = messages.filter(({ tries }) => tries >= MOST_TRIES)
    const rest = messages.filter(({ tries }) => tries < MOST_TRIES)
    const deliver = (): void => {
      this.#trying = undefined
      for (const message of rest) {
        this.#release(message.number)
        this.#owner.deliver(this.#envelope(message))
      }
      this.#goOn()
    }
    for (const message of poison) this.#owner.deadLetter(this.#envelope(message))
    if (poison.length > 0) this.#owner.over(poison.map(({ number }) => number))
    if (rest.length === 0) return
    if (areSuspects) {
      this.#trying = batch
      this.#owner.tried(
        rest.map(({ number }) => number),
        deliver,
      )
    } else deliver()
  }

  #envelope({ method, args, number, tries }: KeptMessage): Envelope {
    return envelopeOf({
      kind: 'tell',
      to: this.#owner.id,
      method,
      args: readArgs(args),
      origin: this.#origin,
      correlation: number,
      redelivered: tries,
    })
  }
}

/** The system's messages, and the pulls of streams, have no place among those of senders. */
function isOfSender({ kind }: Envelope): boolean {
  return kind === 'ask' || kind === 'stream'
}

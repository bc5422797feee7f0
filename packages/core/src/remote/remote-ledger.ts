import { Ledger } from '../link/ledger.js'
import type { RemoteAccount } from './remote-end.js'

/**
 * Keeps the ledger of what one side of a remote link sends. The peer cannot write into it, so its words arrive in
 * frames and are entered here; until then a message that has departed counts as begun, since it may have been.
 */
export class RemoteLedger {
  /** What the outbox of the link has for its account. */
  readonly ledger: Ledger
  readonly #underWay = new Set<number>()
  #departed: number[] = []

  /** @param memory At least `LEDGER_BYTES` of zeroed shared memory. */
  constructor(memory: SharedArrayBuffer) {
    this.ledger = new Ledger(memory, 0)
  }

  /** The message in a slot has left. */
  readonly departed = (slot: number): void => {
    this.#underWay.add(slot)
    this.#departed.push(slot)
    this.ledger.begin(slot)
  }

  /** The slots that have departed since the last call: those of one frame. */
  takeDeparted(): readonly number[] {
    const departed = this.#departed
    this.#departed = []
    return departed
  }

  /** Whether a slot has a message of which the peer has not said that it has handled it. */
  isUnderWay(slot: unknown): slot is number {
    return this.#underWay.has(slot as number)
  }

  /** The peer says that it has handled what is in a slot. Saying it of another is harmless. */
  handled(slot: number): void {
    if (this.#underWay.delete(slot)) this.ledger.finish(slot)
  }

  /**
   * Enters what is known of a peer whose thread has ended, in a process that has not.
   *
   * @param isUnreceived Whether what is in a slot never arrived there.
   */
  enter({ unbegun, begun, refused }: RemoteAccount, isUnreceived: (slot: number) => boolean): void {
    const [waited, ran, gaveUp] = [new Set(unbegun), new Set(begun), new Set(refused)]
    for (const slot of this.#underWay) {
      if (isUnreceived(slot) || waited.has(slot)) this.ledger.clear(slot)
      else if (!ran.has(slot)) {
        if (gaveUp.has(slot)) this.ledger.clear(slot)
        this.handled(slot)
      }
    }
  }
}

import { Ledger } from '../link/ledger.js'
import type { RemoteAccount } from './remote-end.js'

/**
 * The ledger of what one side of a remote link sends. The peer cannot write into it, so its words arrive in frames and
 * are entered here; until then a message that was transmitted counts as begun, since it may have been.
 */
export class RemoteLedger extends Ledger {
  readonly #underWay = new Set<number>()
  #cleared: number[] = []

  constructor(memory: SharedArrayBuffer) {
    super(memory, 0)
  }

  override clear(slot: number): void {
    this.#underWay.add(slot)
    this.#cleared.push(slot)
    super.begin(slot)
  }

  /** The slots that were cleared since the last call: those of one frame. */
  takeCleared(): readonly number[] {
    const cleared = this.#cleared
    this.#cleared = []
    return cleared
  }

  /** The peer says that it has handled what is in a slot. Saying it of another is harmless. */
  override finish(slot: number): void {
    if (this.#underWay.delete(slot)) super.finish(slot)
  }

  /** Whether a slot has a message of which the peer has not said that it has handled it. */
  isUnderWay(slot: unknown): slot is number {
    return this.#underWay.has(slot as number)
  }

  /**
   * Enters what is known of a peer whose thread has ended, in a process that has not.
   *
   * @param isUnreceived Whether what is in a slot never arrived there.
   */
  enter({ unbegun, begun, refused }: RemoteAccount, isUnreceived: (slot: number) => boolean): void {
    const [waited, ran, gaveUp] = [new Set(unbegun), new Set(begun), new Set(refused)]
    for (const slot of this.#underWay) {
      if (isUnreceived(slot) || waited.has(slot)) super.clear(slot)
      else if (!ran.has(slot)) {
        if (gaveUp.has(slot)) super.clear(slot)
        this.finish(slot)
      }
    }
  }
}

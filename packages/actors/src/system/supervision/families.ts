import type { Parent } from '../../messaging/services/system-service.js'
import type { ChildReceipt } from '../../model/events/system-receipt.js'
import type { Addressed } from './actors.js'
import type { Child } from './child/child.js'

/** The children of one instance of an actor, under a supervisor of their own. */
export interface Family {
  readonly children: Iterable<Child>
  /** Never rejects. */
  stop(reason: string, limitMs: number): Promise<readonly ChildReceipt[]>
}

/** An actor that may have children. */
export interface ParentLife extends Addressed {
  /** The number of its present instance, or the last one. */
  readonly instance: number
}

/** An actor that is the child of another. */
export interface ChildOfActor extends Addressed {
  /** The id of its parent. */
  readonly parent: number | undefined
  /** Stops it for good. */
  end(reason: string): Promise<void>
}

/** A family, and its end when that has begun. */
interface Household<F> {
  readonly family: F
  ending: Promise<readonly ChildReceipt[]> | undefined
}

/**
 * The children of actors. A family belongs to one instance of an actor: it begins with the instance's first child, and
 * ends with the instance. From then on that instance gets no more children, however late its request arrives.
 */
export class Families<F extends Family> {
  /** Actors of which an instance is there, or being started. */
  readonly #parents = new Map<number, ParentLife>()
  /** By the id of the parent. One that has ended is here until the end of its parent is over, too. */
  readonly #households = new Map<number, Household<F>>()
  readonly #children = new Map<number, ChildOfActor>()
  #instances = 0

  /** An instance of an actor is about to be started. Returns its number. */
  begin(parent: ParentLife): number {
    this.#parents.set(parent.data.id, parent)
    return ++this.#instances
  }

  /** The actor with an instance; undefined when that ends or has ended. */
  parent({ id, instance }: Parent): ParentLife | undefined {
    const parent = this.#parents.get(id)
    return parent?.instance === instance ? parent : undefined
  }

  /** The family of an actor, as far as it has one. */
  of(parent: number): F | undefined {
    return this.#households.get(parent)?.family
  }

  /** Gives an actor a family. */
  found(parent: number, family: F): F {
    this.#households.set(parent, { family, ending: undefined })
    return family
  }

  /** Ends the children of an instance, while itself is there. Does nothing when it has ended. */
  async endChildren(of: Parent, reason: string, limitMs: number): Promise<void> {
    if (this.parent(of) !== undefined) await this.#close(of.id, reason, limitMs)
  }

  /**
   * The instance of an actor has ended: so do its children, if they have not. Undefined when there are none to wait
   * for.
   *
   * @returns What became of them, whatever has ended them.
   */
  end(parent: number, reason: string, limitMs: number): Promise<readonly ChildReceipt[]> | undefined {
    const household = this.#households.get(parent)
    // Where a halt and a stop meet, both wait for it.
    return this.#close(parent, reason, limitMs)?.then(receipts => {
      if (this.#households.get(parent) === household) this.#households.delete(parent)
      return receipts
    })
  }

  #close(parent: number, reason: string, limitMs: number): Promise<readonly ChildReceipt[]> | undefined {
    this.#parents.delete(parent)
    const household = this.#households.get(parent)
    if (household === undefined) return undefined
    household.ending ??= household.family.stop(`its parent ends: ${reason}`, limitMs)
    return household.ending
  }

  /** An actor that is a child, until it is gone for good. */
  child(id: number): ChildOfActor | undefined {
    return this.#children.get(id)
  }

  add(child: ChildOfActor): void {
    if (child.parent !== undefined) this.#children.set(child.data.id, child)
  }

  remove({ data }: ChildOfActor): void {
    this.#children.delete(data.id)
  }

  /** The parent of an actor, the parent of that, and so on. */
  *above(id: number): IterableIterator<number> {
    for (let parent = this.child(id)?.parent; parent !== undefined; parent = this.child(parent)?.parent) yield parent
  }
}

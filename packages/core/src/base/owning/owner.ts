import { AsyncLocalStorage } from 'node:async_hooks'
import { ScopeClosedError } from '../errors/errors.js'
import { enterUnnoticed } from '../runtime/root-context.js'
import type { Release } from './scope.js'

/** What is opened while its code runs belongs to it, and is closed with it. */
export interface Owner {
  /** What errors call it: `actor /orders`. */
  readonly name: string
  /** Whether it has ended: nothing can be opened for it any more. */
  readonly isClosed: boolean
  /** Owns something. Returns the function that lets go of it, for when it was closed otherwise. */
  own(name: string, release: Release): () => void
}

/**
 * Where owners are known, also after an `await` and in callbacks. Undefined in threads whose modules cannot open
 * anything: before Node 24, each promise of a thread that follows its context costs 300 ns more.
 */
let storage: AsyncLocalStorage<Owner | undefined> | undefined
/**
 * Those in whose code others have begun to run, each before the one that has. To ask the storage takes as long as the
 * rest of a message.
 */
const nested: (Owner | undefined)[] = []

/** Has this thread know owners from now on: somebody has loaded what opens things. */
export function followOwners(): void {
  storage ??= new AsyncLocalStorage()
}

/** Whose code runs now, in its asynchronous parts too; undefined when it is nobody's, and what it opens the thread's. */
export function currentOwner(): Owner | undefined {
  return storage?.getStore()
}

/** Has an owner's code run until `leaveOwner`, which stands in the same turn. */
export function enterOwner(owner: Owner | undefined): void {
  if (storage === undefined) return
  const outer = storage.getStore()
  nested.push(outer, owner)
  if (outer !== owner) enterUnnoticed(storage, owner)
}

/** Has the code run on in which `enterOwner` stood. */
export function leaveOwner(): void {
  if (storage === undefined) return
  const owner = nested.pop()
  const outer = nested.pop()
  if (outer !== owner) enterUnnoticed(storage, outer)
}

/** Runs something whose resources are the thread's, whoever happens to want it. */
export function unowned<T>(run: () => T): T {
  enterOwner(undefined)
  try {
    return run()
  } finally {
    leaveOwner()
  }
}

/**
 * Looks, before something is opened, whether its owner may still have it.
 *
 * @param action What is tried: "open a REP socket".
 * @throws {ScopeClosedError} When the owner has ended.
 */
export function expectOwner(action: string): Owner | undefined {
  const owner = currentOwner()
  if (owner?.isClosed === true) throw new ScopeClosedError(action, owner.name)
  return owner
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { ScopeClosedError } from '../errors/errors.js'
import { enterUnnoticed } from '../runtime/root-context.js'
import type { Release } from './scope.js'

/** What its code opens belongs to it, and is closed with it. */
export interface Owner {
  /** Its name in errors: `actor /orders`. */
  readonly name: string
  /** Whether it has ended: nothing can be opened for it any longer. */
  readonly isClosed: boolean
  /** Owns something. Returns the function that lets go of it, for when something else has closed it. */
  own(name: string, release: Release): () => void
}

/**
 * Where owners are known, also after an `await` and in callbacks. Undefined in threads whose modules cannot open
 * anything: before Node 24, each promise of a thread that follows its context costs 300 ns more.
 */
let storage: AsyncLocalStorage<Owner | undefined> | undefined
/**
 * The owners whose code other owners' code has interrupted, each before the one that interrupted it. Asking the storage
 * takes as long as the rest of a message.
 */
const nested: (Owner | undefined)[] = []

/** Makes this thread track owners from now on: a module that opens things was loaded. */
export function followOwners(): void {
  storage ??= new AsyncLocalStorage()
}

/**
 * The owner of the running code, also in its asynchronous parts. Undefined without an owner; what the code opens then
 * belongs to the thread.
 */
export function currentOwner(): Owner | undefined {
  return storage?.getStore()
}

/** Enters an owner's code until `leaveOwner`, which must follow in the same turn. */
export function enterOwner(owner: Owner | undefined): void {
  if (storage === undefined) return
  const outer = storage.getStore()
  nested.push(outer, owner)
  if (outer !== owner) enterUnnoticed(storage, owner)
}

/** Returns to the owner that was current before `enterOwner`. */
export function leaveOwner(): void {
  if (storage === undefined) return
  const owner = nested.pop()
  const outer = nested.pop()
  if (outer !== owner) enterUnnoticed(storage, outer)
}

/**
 * Runs a function, and returns its result. Everything that the function opens belongs to the thread, not to the actor
 * whose code calls it, so it outlives the actor. Close it yourself.
 *
 * @example
 *   const shared = await unowned(() => openSocket('PUSH'))
 *
 * @see startOwned for a service that ends with its actor.
 */
export function unowned<T>(run: () => T): T {
  enterOwner(undefined)
  try {
    return run()
  } finally {
    leaveOwner()
  }
}

/**
 * Checks, before something is opened, whether the current owner may still open it.
 *
 * @param action The attempted action: "open a REP socket".
 * @throws {ScopeClosedError} When the owner has ended.
 */
export function expectOwner(action: string): Owner | undefined {
  const owner = currentOwner()
  if (owner?.isClosed === true) throw new ScopeClosedError(action, owner.name)
  return owner
}

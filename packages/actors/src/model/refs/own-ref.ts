import { foreignCopy } from '../modules/own-copy.js'
import { BoundRef, type RefHost } from './bound-ref.js'
import type { ActorRef, RefData } from './ref.js'

/** A host whose refs are meant. */
type Here = Pick<RefHost, 'identity'>

/** The errors that say so. */
const refusals = new WeakSet<Error>()

/** Whether an error says that a ref is of another system or another copy. */
export function isForeignRefError(error: Error): boolean {
  return refusals.has(error)
}

/**
 * Takes the parts of a ref, by which a system finds the actor or the pool.
 *
 * @param action What is to be done with it, for the text of errors: `watch`.
 * @throws {TypeError} When it is no ref, or one of another system or another copy of this package: its number would
 *   mean an actor of this system that has nothing to do with it.
 */
export function ownRef(action: string, ref: ActorRef<object>, here: Here): RefData {
  if (!(ref instanceof BoundRef)) {
    const copies = foreignCopy(ref)
    if (copies !== undefined) throw refusal(`${action} ${String(ref)}: ${copies}`)
    throw new TypeError(`Cannot ${action}: this is no ref of a system; pass what spawn, lookup or a message gave`)
  }
  if (!ref.belongsTo(here)) throw foreignRef(`${action} ${ref.toString()}`, ref)
  return ref.data
}

/**
 * The parts of a ref that travels in a message; undefined for what is no ref.
 *
 * @throws {TypeError} As `ownRef` does, for a ref.
 */
export function refInMessage(value: object, here: Here): RefData | undefined {
  if (value instanceof BoundRef) {
    if (!value.belongsTo(here)) throw foreignRef(`send the ref ${value.toString()} in a message`, value)
    return value.data
  }
  const copies = foreignCopy(value)
  if (copies !== undefined)
    throw refusal(`send the ref ${(value as BoundRef<object>).toString()} in a message: ${copies}`)
  return undefined
}

function foreignRef(action: string, ref: BoundRef<object>): TypeError {
  return refusal(
    `${action}: it belongs to another system, ${ref.system.description}, and its number means another actor here; use it with the system that gave it, and send the name or the data that the other needs`,
  )
}

function refusal(text: string): TypeError {
  const error = new TypeError(`Cannot ${text}`)
  refusals.add(error)
  return error
}

/**
 * Where an actor is. It stays the same for the actor's whole life: a host keeps its number when its thread is replaced, and an
 * actor keeps its id when it is restarted.
 */
export interface Address {
  /** The host's number; 0 is the main thread, and -1 stands for a pool, whose workers have hosts. */
  readonly host: number
  /** Unique in the system; 0 is each host's guardian. */
  readonly id: number
}

/** The id of each host's guardian, which starts and stops the actors there. */
export const GUARDIAN = 0

/** The id of the first actor; those below are services of the system. */
export const FIRST_ACTOR_ID = 16

/** How an address is written in errors and events. */
export function formatAddress(address: Address, name?: string): string {
  if (name !== undefined && name !== '') return `/${name}`
  return address.host < 0 ? `pool #${address.id}` : `#${address.id}@${address.host}`
}

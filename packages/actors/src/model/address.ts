/**
 * Where an actor is. It never changes while the actor lives: a host keeps its number when its thread is replaced, and
 * an actor keeps its id when it is restarted.
 */
export interface Address {
  /** The host's number; 0 is the main thread, and -1 stands for a pool, whose workers have hosts. */
  readonly host: number
  /** Unique in the system; 0 is each host's guardian. */
  readonly id: number
}

/** Stands for the host of a pool: its messages go to the hosts of its workers. */
export const POOL_HOST = -1

// The ids of the system's services. Those of the main thread alone are whole addresses; the others are on each host.

/** Starts and stops the actors of a host. */
export const GUARDIAN = 0
/** What the main thread does for all hosts. */
export const SYSTEM: Address = { host: 0, id: 1 }
/** Takes jobs. */
export const COMPUTE: Address = { host: 0, id: 2 }
/** Keeps a host's copy of the groups and topics. */
export const ROSTER = 3
/** Keeps a host's tables of the pools. */
export const POOL_TABLES = 4
/** Looks at the actors of a host, for snapshots. */
export const OBSERVER = 6

/** The names of the services in errors, by their ids. */
const SERVICE_NAMES = new Map<number, string>([
  [GUARDIAN, 'guardian'],
  [SYSTEM.id, 'system'],
  [COMPUTE.id, 'compute threads'],
  [ROSTER, 'roster'],
  [POOL_TABLES, 'pool tables'],
  [OBSERVER, 'observer'],
])

/** Formats a service for errors. */
export function formatService({ host, id }: Address): string {
  return `${SERVICE_NAMES.get(id) ?? `service #${id}`} of host ${host}`
}

/** The id of the first actor; those below are services of the system. */
export const FIRST_ACTOR_ID = 16

/** An actor or a pool, as far as it is known: one that has not started has no address, and a late report no class. */
export interface Named extends Partial<Address> {
  readonly name?: string | undefined
  /** The name of its class. */
  readonly definition?: string | undefined
}

/**
 * Formats an actor or a pool for errors, events and logs: its class, its address and its name, as far as they are
 * known: `Counter#16@1 "counter"`, `Counter#2@pool "counters"`, `Counter "counter"`.
 */
export function formatActor({ host, id, name, definition = '' }: Named): string {
  const address = id === undefined ? '' : `#${id}@${host === POOL_HOST ? 'pool' : host}`
  return `${definition}${address}${name === undefined || name === '' ? '' : ` ${JSON.stringify(name)}`}`
}

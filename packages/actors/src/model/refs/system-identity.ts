/**
 * A system, as the refs in one thread know it: all of its refs there have the same object. Systems number their actors
 * alike, so this alone tells the actors of two systems in one thread apart.
 */
export interface SystemIdentity {
  /** What errors call it, behind "another system, ". */
  readonly description: string
}

/** That of a system, in the thread that started it. */
export function systemNamed(name: string): SystemIdentity {
  return { description: JSON.stringify(name) }
}

/** In a thread of a system, that of the system. */
export const SYSTEM_OF_THREAD: SystemIdentity = { description: 'that of this thread' }

import { eventLoopTurned, setTimeout } from '../runtime/real-timers.js'

/**
 * A thread that is this late was kept from its event loop. The thread that delivers what its sockets receive may have
 * been, too.
 */
const ABSENT_MS = 20
/** Milliseconds that the delivering thread has then. */
const FOR_SOCKETS_MS = 20
/** How often more is waited for of sockets that had more than they hold ready. */
const MOST_ROUNDS = 20

let linksCaughtUp = (): Promise<void> => Promise.resolve()

/**
 * Makes `caughtUp` also wait for the links of this thread. The reactor registers itself once, when it is loaded;
 * without the reactor there are no links.
 */
export function catchUpLinks(caughtUpNow: () => Promise<void>): void {
  linksCaughtUp = caughtUpNow
}

/** How often the sockets of this thread have asked for more of what has arrived for them, and whether there are any. */
export const sockets = { asked: 0, open: 0 }

/**
 * Resolves when this thread has received what had arrived for it by now, on its links, its ports and its sockets, and
 * all that this has woken had its turn. What a deadline that has passed waits for before it decides: what came in time
 * is the outcome, also where the thread was too busy to look.
 *
 * @param lateMs How late the deadline is looked at: a process that was suspended has not received either what its
 *   sockets got meanwhile, and waits some milliseconds for that.
 */
export async function caughtUp(lateMs = 0): Promise<void> {
  // Ports and signals come with the poll of the loop.
  await eventLoopTurned()
  if (sockets.open > 0 && lateMs > ABSENT_MS) await paused(FOR_SOCKETS_MS)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { asked } = sockets
    await linksCaughtUp()
    await eventLoopTurned()
    if (sockets.asked === asked) return
    await paused(1)
  }
}

function paused(ms: number): Promise<void> {
  return new Promise<void>(resolve => void setTimeout(resolve, ms).unref())
}

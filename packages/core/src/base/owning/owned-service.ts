import { expectOwner, unowned } from './owner.js'
import { DEFAULT_STOP_MS, type Service } from './service.js'

/**
 * Starts a service that belongs to the owner of the running code. It is stopped when its owner ends, and owns what it
 * opens itself. Outside an actor's code it has no owner, so stop it yourself.
 *
 * @param what What it is: "a queue".
 * @throws {ScopeClosedError} When the owner has ended, also while the service was starting; the service is stopped
 *   then.
 */
export async function startOwned<S extends Pick<Service, 'ended' | 'stop'>>(
  what: string,
  start: () => Promise<S>,
): Promise<S> {
  const action = `start ${what}`
  const owner = expectOwner(action)
  if (owner === undefined) return start()
  const starting = unowned(start)
  const started = starting.catch(() => undefined)
  const disown = owner.own(what, async leftMs =>
    (await started)?.stop({ timeoutMs: Math.min(leftMs, DEFAULT_STOP_MS) }),
  )
  try {
    const service = await starting
    void service.ended.then(disown)
    expectOwner(action)
    return service
  } catch (error) {
    if ((await started) === undefined) disown()
    throw error
  }
}

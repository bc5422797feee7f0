import { formatActor } from '../../model/address.js'
import { ActorStoppedError } from '../../model/errors.js'
import type { ControlAct } from '../../model/observing/observed-system.js'
import { expectPoolBounds } from '../../model/pools/pool-options.js'
import type { SystemParts } from '../system-parts.js'
import type { RecentLetters } from './recent-letters.js'

/** An actor fails with it because a person restarts it. */
class RestartedByHandError extends Error {
  override readonly name = 'RestartedByHandError'
}

/**
 * Does something to a system, and says in a sentence what it has done. It waits for stops, however long they take.
 *
 * @throws {RangeError} When there is no such host, pool or letter, or the bounds are none.
 * @throws {ActorStoppedError} When there is no such actor.
 * @throws {TypeError} When the letter cannot be sent again.
 */
export async function control(
  { hosts, pools, supervision, undelivered }: SystemParts,
  letters: RecentLetters,
  act: ControlAct,
  by: string,
): Promise<string> {
  const reason = `it was stopped by hand, by ${by}`
  switch (act.act) {
    case 'kill': {
      const slot = hosts.slot(act.host)
      if (act.host === 0) throw new RangeError('Cannot kill thread 0: it is the main thread')
      if (slot?.isRunning !== true) throw new RangeError(`Cannot kill thread ${act.host}: it does not run`)
      await slot.kill()
      return `killed thread ${act.host}`
    }
    case 'restart': {
      const title = titleOf(act.actor)
      if (!supervision.fail(act.actor, new RestartedByHandError(`${by} restarts it`))) throw gone(act.actor)
      return `restarts ${title}`
    }
    case 'stop': {
      if (!supervision.has(act.actor)) throw gone(act.actor)
      const title = titleOf(act.actor)
      await supervision.stopActor(act.actor, reason)
      return `stopped ${title}`
    }
    case 'drain': {
      const { data } = poolOf(act.pool)
      await pools.stop(data, reason)
      return `drained and stopped pool ${data.name || data.id}`
    }
    case 'resize': {
      const pool = poolOf(act.pool)
      const bounds = { min: act.min, max: act.max }
      expectPoolBounds('resize a pool', bounds)
      await pool.resize(bounds)
      return `gave pool ${pool.data.name || pool.data.id} ${act.min} to ${act.max} workers`
    }
    case 'replay': {
      const letter = letters.get(act.letter)
      if (letter === undefined) throw new RangeError(`Cannot replay letter ${act.letter}: it is not kept any more`)
      undelivered.replay(letter)
      return `sent ${letter.method}() to ${formatActor(letter.target)} again`
    }
  }

  function titleOf(id: number): string {
    const data = hosts.registry.identityOf(id)
    return data === undefined ? `actor ${id}` : formatActor({ ...data, id })
  }

  function gone(id: number): ActorStoppedError {
    return new ActorStoppedError(titleOf(id), hosts.registry.obituaries.get(id))
  }

  function poolOf(id: number) {
    const pool = pools.get(id)
    if (pool === undefined) throw new RangeError(`Cannot find pool ${id}: there is none, or it was stopped`)
    return pool
  }
}

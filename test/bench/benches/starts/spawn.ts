import type { Bench, Contender } from '../../bench.js'
import { nactSpawner, xstateSpawner, zeraSpawner, type Spawner } from '../../peers/spawners.js'
import { DeliveryError } from '../../runs/delivery-error.js'
import { heapInUse } from '../../runs/heap.js'

/** Actors that are made, and do nothing yet. */
export const spawn: Bench = {
  name: 'spawn',
  title: 'Actors made inside one thread, and the memory of each while it is idle',
  figures: [
    { name: 'rate', unit: 'actors/s', better: 'more', targets: [{ of: 'median', limit: 500_000 }] },
    { name: 'memory', unit: 'bytes', better: 'less', targets: [{ of: 'median', limit: 2700 }] },
  ],
  baselines: ['xstate'],
  findings:
    'Half of the time is the collection of garbage: a start passes its supervisor, the guardian of its host and its cell, each of which may have to wait, and leaves 12.6 KB of promises and frames of async functions behind, all of which are alive until the last of 10,000 has started; it was 16.4. A budget of 2 µs would leave nothing for any of them. An actor of xstate, which has no supervisor, takes 6 to 11 µs. The next step would be a start that does not wait when it has nothing to wait for.',
  contenders: [
    spawnContender({ system: 'zera', isOurs: true }, zeraSpawner),
    spawnContender({ system: 'xstate' }, xstateSpawner),
    spawnContender({ system: 'nact' }, nactSpawner),
  ],
}

function spawnContender(contender: Omit<Contender, 'start'>, start: () => Promise<Spawner>): Contender {
  return {
    ...contender,
    start: async ({ most }) => {
      const spawner = await start()
      const actors = Math.ceil(most / 10)
      return {
        round: async () => {
          const before = heapInUse()
          const begunAt = performance.now()
          const made = await spawner.spawn(actors)
          const tookMs = performance.now() - begunAt
          const bytes = heapInUse() - before
          if (made !== actors) throw new DeliveryError({ count: actors, sum: 0 }, { count: made, sum: 0 })
          await spawner.clear()
          // What else was let go of meanwhile may be more than a few actors take.
          return { rate: (actors / tookMs) * 1000, memory: Math.max(1, bytes / actors) }
        },
        [Symbol.asyncDispose]: () => spawner[Symbol.asyncDispose](),
      }
    },
  }
}

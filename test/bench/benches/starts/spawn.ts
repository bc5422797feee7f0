import type { Bench, Contender } from '../../bench.js'
import { nactSpawner, xstateSpawner, zeraSpawner, type Spawner } from '../../peers/spawners.js'
import { DeliveryError } from '../../runs/delivery-error.js'
import { heapInUse } from '../../runs/heap.js'

/** Actors that are made, and do nothing yet. */
export const spawn: Bench = {
  name: 'spawn',
  title: 'Actors made inside one thread, and the memory of each while it is idle',
  figures: [
    { name: 'rate', unit: 'actors/s', better: 'more', targets: [{ of: 'ratio', limit: 1 }] },
    { name: 'memory', unit: 'bytes', better: 'less', targets: [{ of: 'median', limit: 2700 }] },
  ],
  baselines: ['xstate'],
  findings:
    'A start that has nothing to wait for makes no promise but its own: it leaves 3.4 KB of garbage, which was 13.6. A quarter of the time is the collection of garbage still, most of it the 2.8 KB that an actor keeps, which are copied twice before they are old; the rest is spread over its supervisor, the guardian of its host, its cell and its entries in seven tables. An actor of xstate, which has no supervisor, takes 6 to 11 µs and 3.1 KB.',
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

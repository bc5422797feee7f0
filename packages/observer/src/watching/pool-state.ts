import type { ObservedPool } from '@zera/actors/internal'
import type { PoolState } from '../model/state.js'
import { titleOf } from '../model/title-of.js'
import { keyOf, type Details, type Doings, type Known } from './known-actors.js'

/** A pool, and what its workers have to do. */
export function poolOf(
  { id, name, definition, workers, min, max }: ObservedPool,
  actors: ReadonlyMap<number, Known>,
  doings: Doings,
  details: Details,
): PoolState {
  const doing = workers.map(worker => doings.get(keyOf(actors.get(worker)?.host ?? -1, worker)))
  const running = doing.filter(one => one?.handling !== undefined).length
  const waiting = workers.map((worker, at) => details.get(worker)?.waiting ?? doing[at]?.waiting ?? 0)
  return {
    id,
    title: titleOf({ id, name, definition }),
    name,
    definition,
    workers: workers.length,
    min,
    max,
    running,
    utilization: workers.length === 0 ? 0 : running / workers.length,
    waiting: waiting.reduce((sum, each) => sum + each, 0),
  }
}

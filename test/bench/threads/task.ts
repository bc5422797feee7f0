import type { Task } from '../peers/peer.js'

/** What every pool does with a task: it turns in a loop, and gives the number of the task back. */
export function doTask({ number, turns }: Task): number {
  let state = 1
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
  // The state is made part of the result, so that the loop cannot be left out; it is never so large.
  return state === 0x7fff_ffff_ffff ? -1 : number
}

/** How many turns this machine makes in a millisecond, now. */
export function turnsInOneMs(now: () => number = () => performance.now()): number {
  const turns = 1_000_000
  for (let warmUp = 0; warmUp < 3; warmUp++) doTask({ number: 0, turns })
  const begunAt = now()
  doTask({ number: 0, turns })
  return Math.round(turns / (now() - begunAt))
}

import type { Task } from '../peers/peer.js'

/** What every pool does with a task: it turns in a loop, and gives the number of the task back. */
export function doTask({ number, turns }: Task): number {
  let state = 1
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
  // The state is made part of the result, so that the loop cannot be left out; it is never so large.
  return state === 0x7fff_ffff_ffff ? -1 : number
}

const TRIES = 10
const TURNS = 300_000

/**
 * How many turns this machine makes in a millisecond when nothing disturbs it: the most of some tries, of which others
 * may have taken a part.
 */
export function turnsInOneMs(now: () => number = () => performance.now()): number {
  const tries = Array.from({ length: TRIES }, () => {
    const begunAt = now()
    doTask({ number: 0, turns: TURNS })
    return TURNS / (now() - begunAt)
  })
  return Math.round(Math.max(...tries))
}

import { setTimeout as later } from 'node:timers'
import type { EndingName } from '../endings.js'
import type { Truth } from '../truth.js'
import { turn } from './turn.js'

/** Half a megabyte in one piece, which costs the collector nothing to look at: copies of it fill a heap soon. */
const BALLAST = Array.from({ length: 65_536 }, () => 0.5)

/**
 * Ends the thread that this runs in, in the way that was ordered.
 *
 * @param place Where it is called: what a timer callback throws is uncaught at once; elsewhere a timer has to throw it.
 */
export function endThread(truth: Pick<Truth, 'noteLooping'>, ending: EndingName, place: 'timer' | 'elsewhere'): void {
  switch (ending) {
    case 'exit':
      return process.exit(7)
    case 'throw':
      if (place === 'timer') throw new Error('thrown on purpose')
      later(() => {
        throw new Error('thrown on purpose')
      }, 0)
      return
    case 'rejection':
      void Promise.reject(new Error('rejected on purpose'))
      return
    case 'heap-limit':
      if (place === 'timer') fillHeap()
      else void fillHeapSlowly()
      return
    case 'loop':
      truth.noteLooping()
      for (;;);
    default:
      throw new Error(`A thread cannot end by ${ending} from inside`)
  }
}

function fillHeap(): never {
  const hoard: unknown[] = []
  for (;;) hoard.push(BALLAST.slice())
}

/** Lets everything else run meanwhile, so that the limit is reached anywhere. */
async function fillHeapSlowly(): Promise<never> {
  const hoard: unknown[] = []
  for (;;) {
    hoard.push(BALLAST.slice())
    await turn()
  }
}

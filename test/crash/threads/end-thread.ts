import { setTimeout as later } from 'node:timers'
import type { Truth } from '../records/truth.js'
import type { EndingName } from '../rows/endings.js'
import { GROWTHS } from './growths.js'
import { turn } from './turn.js'

/** Half a megabyte in one piece, which costs the collector nothing to look at: copies of it fill a heap soon. */
const BALLAST = Array.from({ length: 65_536 }, () => 0.5)

/**
 * What is added in one turn, and in one go: twice as much as a heap of 32 MiB holds of a Map, and less than V8 has room
 * for.
 */
const ENTRIES_A_TURN = 50_000
const ENTRIES_AT_ONCE = 1_000_000

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
    case 'map-grows':
    case 'set-grows':
    case 'array-grows':
    case 'object-grows':
      void growSlowly(GROWTHS[ending](), ENTRIES_A_TURN)
      return
    case 'at-once':
      void growSlowly(GROWTHS['maps-grow'](), ENTRIES_AT_ONCE)
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

async function growSlowly(grow: (number: number) => void, entriesATurn: number): Promise<never> {
  for (let number = 0; ;) {
    for (const end = number + entriesATurn; number < end; number++) grow(number)
    await turn()
  }
}

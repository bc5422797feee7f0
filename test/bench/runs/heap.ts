import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of the heap that are in use, after everything else was let go of. */
export function heapInUse(): number {
  // Twice, for what finalizers of the first time have let go of.
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Has V8 let go of what this thread does not use, now. */
export const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of the heap that are in use, after everything else was let go of. */
export function heapInUse(): number {
  // Twice, for what finalizers of the first time have let go of.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

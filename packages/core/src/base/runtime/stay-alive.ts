import { clearInterval, setInterval } from './real-timers.js'

/**
 * Keeps this thread alive until what it returns is called. A wait on shared memory does not do that (hazard H5), so a
 * thread with nothing else to do would end in the middle of it.
 */
export function stayAlive(): () => void {
  const handle = setInterval(() => undefined, 2 ** 30)
  return () => clearInterval(handle)
}

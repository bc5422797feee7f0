/**
 * Makes a native call again and again until no signal interrupts it: a profiler sends thousands a second. For plugging
 * and unplugging, which ZeroMQ gives up before it has done anything; what sends and receives goes on by itself.
 */
export function uninterrupted<T>(call: () => T): T {
  for (;;) {
    try {
      return call()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error
    }
  }
}

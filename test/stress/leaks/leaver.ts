import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import { defineActor, type ActorRef } from '@zera/actors'
import type { Echo } from './echo.js'

/** How a thread ends in the turn of its first word to another. */
export const LEAVINGS = ['exit', 'throw', 'spin'] as const
export type Leaving = (typeof LEAVINGS)[number]

const KEY = 'zera-stress-leavers'

/** A word that counts the threads that spin until they are killed, for all threads that are started from now on. */
export function spinningWord(): Int32Array {
  const word = new Int32Array(new SharedArrayBuffer(4))
  setEnvironmentData(KEY, word.buffer)
  return word
}

/** Says one thing to another, and takes its thread along before that one can have answered. */
class Leaver {
  here(): boolean {
    return true
  }

  leave(other: ActorRef<Echo>, leaving: Leaving): void {
    other.tell.echo('goodbye')
    if (leaving === 'exit') process.exit(1)
    if (leaving === 'throw') {
      setImmediate(() => {
        throw new Error('thrown by a leaver')
      })
      return
    }
    Atomics.add(new Int32Array(getEnvironmentData(KEY) as SharedArrayBuffer), 0, 1)
    for (;;);
  }
}

export default defineActor(import.meta.url, Leaver)

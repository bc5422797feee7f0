import { type AttachedThread, PipeFullError } from '@zera/core'
import { makePayload } from '../rows/payload.js'
import type { CoreStateName } from '../rows/states.js'
import { openInState } from './native-waits.js'
import { turn } from './turn.js'

/** The data of a plain thread: its state, and a word in which it says that it is there. */
export interface CoreThreadData {
  readonly state: CoreStateName
  readonly isThere: SharedArrayBuffer
}

export const CORE_PAYLOADS = 50
export const CORE_PAYLOAD_BYTES = 65_536

/** A plain thread of core that comes into a state and stays there. */
export default async function coreThread(thread: AttachedThread): Promise<void> {
  const { state, isThere } = thread.data as CoreThreadData
  const word = new Int32Array(isThere)
  const noteThere = (): void => void Atomics.store(word, 0, 1)
  const spin = (): never => {
    noteThere()
    for (;;);
  }
  thread.ready()
  switch (state) {
    case 'idle':
      noteThere()
      break
    case 'waiting':
    case 'exchanging':
      for await (const value of thread.pipe) thread.pipe.send(value)
      break
    case 'high-water':
      await flood(thread, noteThere)
      break
    case 'in-handler':
      for await (const _ of thread.pipe) spin()
      break
    case 'in-timer':
      setTimeout(spin, 0)
      break
    case 'sub-open':
    case 'req-waiting':
    case 'router-full':
      await openInState(state)
      noteThere()
      break
    case 'held':
      for (let number = 0; number < CORE_PAYLOADS; number++)
        thread.pipe.send(makePayload(number % 2 === 0 ? 'binary' : 'text', number, CORE_PAYLOAD_BYTES))
      noteThere()
      break
  }
  await new Promise(() => undefined)
}

async function flood(thread: AttachedThread, noteFull: () => void): Promise<never> {
  for (let number = 0; ; number++) {
    try {
      thread.pipe.send(number)
    } catch (error) {
      if (!(error instanceof PipeFullError)) throw error
      noteFull()
      await turn()
    }
  }
}

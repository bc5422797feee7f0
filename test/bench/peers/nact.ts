import { dispatch, spawn, start, stop } from 'nact'
import type { Tally } from '../runs/delivery-error.js'
import type { OneWay, SmallMessage } from './peer.js'

type Message = SmallMessage | { readonly answer: (tally: Tally) => void }

/** Messages to an actor in this thread. */
export async function nactOneWay(): Promise<OneWay> {
  const system = start()
  let tally: Tally = { count: 0, sum: 0 }
  const actor = spawn(system, (_state: undefined, message: Message) => {
    if ('answer' in message) {
      message.answer(tally)
      tally = { count: 0, sum: 0 }
    } else {
      tally = { count: tally.count + 1, sum: tally.sum + message.id }
    }
    return undefined
  })
  return {
    send: messages => {
      for (let id = 0; id < messages; id++) dispatch(actor, { id, v: 'hello' })
      return new Promise(resolve => dispatch(actor, { answer: resolve }))
    },
    [Symbol.asyncDispose]: async () => stop(system),
  }
}

import { createActor, fromTransition } from 'xstate'
import type { Tally } from '../runs/delivery-error.js'
import type { OneWay, SmallMessage } from './peer.js'

type Event = (SmallMessage & { readonly type: 'take' }) | { readonly type: 'clear' }

const EMPTY: Tally = { count: 0, sum: 0 }

/** Events to an actor of a transition function in this thread. It handles each event before `send` returns. */
export async function xstateOneWay(): Promise<OneWay> {
  const logic = fromTransition(
    (tally: Tally, event: Event) =>
      event.type === 'take' ? { count: tally.count + 1, sum: tally.sum + event.id } : EMPTY,
    EMPTY,
  )
  const actor = createActor(logic).start()
  return {
    send: async messages => {
      for (let id = 0; id < messages; id++) actor.send({ type: 'take', id, v: 'hello' })
      const tally = actor.getSnapshot().context
      actor.send({ type: 'clear' })
      return tally
    },
    [Symbol.asyncDispose]: async () => void actor.stop(),
  }
}

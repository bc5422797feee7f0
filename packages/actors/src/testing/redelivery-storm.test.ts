import { expect, test } from 'vitest'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { simulate } from './simulation/simulate.js'
import type { Simulation } from './simulation/simulation.js'

/** What was handled, outside of all hosts. */
let handled: { readonly number: number; readonly redelivered: number }[]

class Keeper {
  readonly #context = actorContext()

  async keep(number: number): Promise<number> {
    handled.push({ number, redelivered: this.#context.redelivered })
    if (number % 3 === 0) await Promise.resolve()
    return number
  }
}
const Keepers = defineActor(import.meta.url, Keeper, { redeliver: true, maxRedeliveries: Infinity })

const parts = Array.from({ length: 4 }, (_, part) => ({ from: part * 500, to: (part + 1) * 500 }))

test.each(parts)(
  'an actor with redeliver handles every message of a sender that lives, in order: seeds $from to $to',
  async ({ from, to }) => {
    await simulate({ seeds: Array.from({ length: to - from }, (_, n) => from + n), threads: 2 }, async simulation => {
      handled = []
      const keeper = await simulation.system.spawn(Keepers, { maxRestarts: Infinity })
      simulation.crashEvery(5 + simulation.random.next() * 60)

      const sent = await send(simulation, keeper)
      simulation.calm()
      await keeper
        .ask({ timeoutMs: Infinity })
        .keep(sent)
        .catch(() => undefined)
      await simulation.pass(1000)

      expect(new Set(handled.map(({ number }) => number)).size).toBe(sent + 1)
      const late = handled.filter(({ number, redelivered }, at) => {
        const last = handled[at - 1]?.number ?? -1
        return redelivered > 0 ? number < last : number <= last
      })
      expect(late).toEqual([])
    })
  },
)

/** Tells it some numbers now and then. Returns how many. */
async function send(simulation: Simulation, keeper: ActorRef<Keeper>): Promise<number> {
  const { random } = simulation
  let number = 0
  for (let burst = 0; burst < 20; burst++) {
    for (let count = random.next() * 10; count > 0; count--) keeper.tell.keep(number++)
    await simulation.pass(random.next() * 20)
  }
  return number
}

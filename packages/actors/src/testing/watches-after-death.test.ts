import { expect, test } from 'vitest'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { simulate } from './simulation/simulate.js'

/** Each watch: its watcher and the actor that it reported, outside of all hosts. */
let told: { readonly watched: number; readonly told: number }[]

class Watched {
  touch(): void {}
}
const Watcheds = defineActor(import.meta.url, Watched)

class Watcher {
  readonly #context = actorContext()

  onStart({ first }: { first: ActorRef<Watched> }): void {
    this.watch(first)
  }

  watch(ref: ActorRef<Watched>): void {
    const watched = ref.address.id
    this.#context.watch(ref, down => void told.push({ watched, told: down.target.id }))
  }
}
const Watchers = defineActor(import.meta.url, Watcher)

test('a watch that an instance began right before its thread went down is not taken for one of the next instance', async () => {
  await simulate({ seeds: 400, threads: 2 }, async simulation => {
    const { system, random } = simulation
    told = []
    const [first, second] = (await Promise.all([1, 2].map(() => system.spawn(Watcheds, { placement: 'main' })))) as [
      ActorRef<Watched>,
      ActorRef<Watched>,
    ]
    const watcher = await system.spawn(Watchers, { maxRestarts: Infinity, placement: 'own-thread', props: { first } })

    // Two, so that their numbers are those of watches that the next instance begins.
    for (let times = 0; times < 3; times++) watcher.tell.watch(second)
    await simulation.pass(4 + random.next() * 8)
    simulation.crash(watcher.address.host)
    await simulation.pass(200)
    for (let times = 0; times < 3; times++) watcher.tell.watch(first)
    await simulation.pass(100)
    await system.stop(second)
    await simulation.pass(100)
    await system.stop(first)
    await simulation.pass(100)

    const { id } = first.address
    // Messages to the first instance before its death are its own.
    expect(told.filter(({ watched }) => watched === id)).toEqual(
      Array.from({ length: 4 }, () => ({ watched: id, told: id })),
    )
  })
})

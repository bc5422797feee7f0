import { startSystem, type ActorRef } from '@zera/actors'
import { spawn, start, stop } from 'nact'
import { createActor, fromTransition } from 'xstate'
import Tallier from '../actors/tallier.js'

/** Makes actors in this thread. */
export interface Spawner extends AsyncDisposable {
  /** Makes so many, and gives how many different ones there are now. */
  spawn(actors: number): Promise<number>
  /** Ends all of them. */
  clear(): Promise<void>
}

/** Actors on the main thread, all of which are asked for before the first is awaited. */
export async function zeraSpawner(): Promise<Spawner> {
  const system = await startSystem({ threads: 0 })
  let refs: ActorRef<object>[] = []
  return {
    spawn: async actors => {
      refs = await Promise.all(Array.from({ length: actors }, () => system.spawn(Tallier, { placement: 'main' })))
      return new Set(refs.map(({ address }) => address.id)).size
    },
    clear: async () => {
      await Promise.all(refs.map(ref => system.stop(ref)))
      refs = []
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

/** Actors with a state and a function. */
export async function nactSpawner(): Promise<Spawner> {
  const system = start()
  // Its refs have a type of their own, which says nothing; they are only handed back to it.
  let stops = new Set<() => void>()
  // The names that it makes up are random, and some of ten thousand are the same.
  let names = 0
  return {
    spawn: async actors => {
      for (let made = 0; made < actors; made++) {
        const ref = spawn(system, (count: number | undefined) => (count ?? 0) + 1, `actor-${names++}`)
        stops.add(() => stop(ref))
      }
      return stops.size
    },
    clear: async () => {
      for (const stopOne of stops) stopOne()
      stops = new Set()
    },
    [Symbol.asyncDispose]: async () => stop(system),
  }
}

/** Actors with a state and a transition. */
export async function xstateSpawner(): Promise<Spawner> {
  const logic = fromTransition((count: number) => count + 1, 0)
  const spawnOne = () => createActor(logic).start()
  let actors = new Set<ReturnType<typeof spawnOne>>()
  const clear = async (): Promise<void> => {
    for (const actor of actors) actor.stop()
    actors = new Set()
  }
  return {
    spawn: async wanted => {
      for (let made = 0; made < wanted; made++) actors.add(spawnOne())
      return actors.size
    },
    clear,
    [Symbol.asyncDispose]: clear,
  }
}

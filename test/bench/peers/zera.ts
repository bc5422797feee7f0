import { startSystem, type SpawnOptions, type System, type SystemOptions } from '@zera/actors'
import { watchPage } from '../../watch-page.js'
import Source from '../actors/source.js'
import Tallier from '../actors/tallier.js'
import Worker from '../actors/worker.js'
import type { Asking, OneWay, Streaming, TaskPool } from './peer.js'

/** Tells an actor, on another thread or, placed on `main`, in this one. */
export async function zeraOneWay(
  placement: SpawnOptions<object>['placement'] & string = 'shared',
  options: SystemOptions = {},
): Promise<OneWay> {
  const system = await openSystem({ threads: 1, ...options })
  const tallier = await system.spawn(Tallier, { placement })
  return {
    send: async messages => {
      for (let id = 0; id < messages; id++) if (!tallier.tell.take({ id, v: 'hello' })) await tallier.ready()
      return tallier.ask({ timeoutMs: Infinity }).tally()
    },
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

/** Asks an actor on another thread, of which there are so many. */
export async function zeraAsking(threads = 1): Promise<Asking> {
  const system = await startSystem({ threads })
  const worker = await system.spawn(Worker)
  return {
    echo: number => worker.ask.echo(number),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

/** A pool of actors, one on each thread, with everything on that a user gets. */
export async function zeraPool(threads: number, options: SystemOptions = {}): Promise<TaskPool> {
  const system = await openSystem({ threads, ...options })
  const pool = await system.startPool(Worker, { size: threads })
  return {
    run: task => pool.ask.run(task),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

/** Reads what an actor on another thread yields. */
export async function zeraStream(): Promise<Streaming> {
  const system = await startSystem({ threads: 1 })
  const source = await system.spawn(Source)
  return {
    read: items => source.stream.upTo(items),
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

/** Starts a system, and if it is observed, keeps a page open until it stops. */
async function openSystem(options: SystemOptions): Promise<System> {
  const system = await startSystem(options)
  if (options.observer === true) {
    const page = await watchPage((await system.observe()).url)
    system.events.on('stopping', () => page.close())
  }
  return system
}

import { setTimeout as sleep } from 'node:timers/promises'
import { startSystem, type ActorRef, type System } from '@zera/actors'
import Fragile, { type Fragile as FragileActor } from '../actors/fragile.js'

/** Something that is started, or started again, as often as one wants. */
export interface Starting extends AsyncDisposable {
  /** Milliseconds that one start takes. */
  time(): Promise<number>
}

/** A host of its own for an actor, until that has been started there. */
export async function newHosts(): Promise<Starting> {
  const system = await startSystem({ threads: 0 })
  return starting(system, async () => {
    const startedAt = performance.now()
    const actor = await system.spawn(Fragile, { placement: 'own-thread' })
    const tookMs = performance.now() - startedAt
    await system.stop(actor)
    return tookMs
  })
}

/** An actor whose thread is killed, until it has answered on the next one; with so many spare threads. */
export async function killedThreads(spares: number): Promise<Starting> {
  const system = await startSystem({ threads: 1, spares })
  const actor = await system.spawn(Fragile, { maxRestarts: Infinity })
  return starting(system, async () => {
    // The next spare is started behind the one that was taken.
    while (system.spares < spares) await sleep(1)
    const restarted = restartOf(system)
    const startedAt = performance.now()
    void system.killHost(actor)
    await restarted
    return sinceAnswer(actor, startedAt)
  })
}

/**
 * An actor whose process is killed, until it has answered in the next one; with so many spare processes. A crash, again
 * and again, would be slowed down.
 */
export async function killedProcesses(spareProcesses: number): Promise<Starting> {
  const system = await startSystem({ threads: 0, spareProcesses })
  const actor = await system.spawn(Fragile, { placement: 'own-process', maxRestarts: Infinity })
  return starting(system, async () => {
    while (system.spareProcesses < spareProcesses) await sleep(1)
    const restarted = restartOf(system)
    const startedAt = performance.now()
    void system.killHost(actor)
    await restarted
    return sinceAnswer(actor, startedAt)
  })
}

/** An actor that throws, until it has answered again, as a new instance on the same thread. */
export async function thrownActors(): Promise<Starting> {
  const system = await startSystem({ threads: 1 })
  // It fails again and again, which is otherwise slowed down. One restart is what is measured.
  const actor = await system.spawn(Fragile, { maxRestarts: Infinity, backoff: { firstMs: 0, factor: 1, maxMs: 0 } })
  return starting(system, async () => {
    await actor.ask.echo(0)
    const startedAt = performance.now()
    actor.tell.fail()
    return sinceAnswer(actor, startedAt)
  })
}

function starting(system: System, time: () => Promise<number>): Starting {
  return { time, [Symbol.asyncDispose]: () => system[Symbol.asyncDispose]() }
}

async function sinceAnswer(actor: ActorRef<FragileActor>, startedAt: number): Promise<number> {
  await actor.ask({ timeoutMs: Infinity }).echo(1)
  return performance.now() - startedAt
}

function restartOf(system: System): Promise<void> {
  return new Promise(resolve => {
    const listening = system.events.on('actor-restarted', () => {
      listening.cancel()
      resolve()
    })
  })
}

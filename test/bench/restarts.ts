import { startSystem, type ActorRef, type System } from '@zera/actors'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import Fragile, { type Fragile as FragileActor } from './fragile.js'
import { median } from './median.js'

/** Medians in milliseconds: how long something takes to be back, compared to the start of a bare worker thread that does nothing. */
export interface RestartResult {
  /** From `new Worker` until it has answered a message. */
  readonly coldWorkerMs: number
  /** From the message that an actor fails on until it has answered the next one. */
  readonly actorMs: number
  /** From the kill of an actor's thread until the actor has answered on the next thread. */
  readonly threadMs: number
  /** The same with a spare thread. */
  readonly spareMs: number
}

/** Measures restarts beside cold starts, one after the other in each round, so that whatever slows the machine down slows down all. */
export async function benchRestarts(rounds: number): Promise<RestartResult> {
  const [plain, spared] = [await startSystem({ threads: 1, handleSignals: false }), await startSystem({ threads: 1, spares: 1, handleSignals: false })]
  try {
    const [actor, spare] = await Promise.all([plain, spared].map(system => system.spawn(Fragile, { maxRestarts: Infinity }))) as [ActorRef<FragileActor>, ActorRef<FragileActor>]
    const times: RestartResult[] = []
    for (let round = 0; round < rounds; round++) {
      times.push({
        coldWorkerMs: await timeColdWorker(),
        actorMs: await timeActor(actor),
        threadMs: await timeThread(plain, actor),
        spareMs: await timeThread(spared, spare),
      })
      // The next spare is started behind the one that was taken.
      await untilSpare(spared)
    }
    const of = (key: keyof RestartResult): number => median(times.map(time => time[key]))
    return { coldWorkerMs: of('coldWorkerMs'), actorMs: of('actorMs'), threadMs: of('threadMs'), spareMs: of('spareMs') }
  } finally {
    await Promise.all([plain.stop(), spared.stop()])
  }
}

async function timeColdWorker(): Promise<number> {
  const startedAt = performance.now()
  const worker = new Worker(new URL('./echo-port.js', import.meta.url))
  worker.postMessage(1)
  await once(worker, 'message')
  const tookMs = performance.now() - startedAt
  await worker.terminate()
  return tookMs
}

async function timeActor(actor: ActorRef<FragileActor>): Promise<number> {
  await actor.ask({ timeoutMs: Infinity }).echo(0)
  const startedAt = performance.now()
  actor.tell.fail()
  await actor.ask({ timeoutMs: Infinity }).echo(1)
  return performance.now() - startedAt
}

async function timeThread(system: System, actor: ActorRef<FragileActor>): Promise<number> {
  const restarted = new Promise<void>(resolve => {
    const stop = system.events.on('actor-restarted', () => {
      stop()
      resolve()
    })
  })
  const startedAt = performance.now()
  void system.killHost(actor)
  await restarted
  await actor.ask({ timeoutMs: Infinity }).echo(1)
  return performance.now() - startedAt
}

async function untilSpare(system: System): Promise<void> {
  while (system.spares === 0) await new Promise(resolve => setTimeout(resolve, 1))
}

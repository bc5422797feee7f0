import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { startSystem } from '@zera/actors'
import type { Bench, Contender } from '../bench.js'

const THREADS = 4
/** Threads that have just started still compile and collect. */
const SETTLING = 0.25

/** Threads that wait. */
export const idle: Bench = {
  name: 'idle',
  title: 'How much of a core four threads take while no messages are sent',
  figures: [{ name: 'processor', unit: '% of a core', better: 'less', targets: [{ of: 'median', limit: 0.3 }] }],
  baselines: ['MessagePort'],
  contenders: [
    idleContender({ system: 'zera', isOurs: true }, startHosts),
    idleContender({ system: 'MessagePort' }, startWorkers),
  ],
}

/**
 * Each round starts its threads and ends them: what is measured is the time of the whole process, so nothing else may
 * take any of it.
 */
function idleContender(
  contender: Omit<Contender, 'start'>,
  startThreads: () => Promise<() => Promise<unknown>>,
): Contender {
  return {
    ...contender,
    start: async ({ idleMs }) => ({
      round: async () => {
        const end = await startThreads()
        await sleep(idleMs * SETTLING)
        const before = process.cpuUsage()
        const startedAt = performance.now()
        await sleep(idleMs)
        const { user, system } = process.cpuUsage(before)
        const percent = ((user + system) / 1000 / (performance.now() - startedAt)) * 100
        await end()
        return { processor: percent }
      },
      [Symbol.asyncDispose]: async () => undefined,
    }),
  }
}

async function startHosts(): Promise<() => Promise<unknown>> {
  const system = await startSystem({ threads: THREADS })
  return () => system.stop()
}

async function startWorkers(): Promise<() => Promise<unknown>> {
  const workers = Array.from({ length: THREADS }, () => new Worker(new URL('../threads/port-echo.js', import.meta.url)))
  await Promise.all(workers.map(worker => once(worker, 'online')))
  return () => Promise.all(workers.map(worker => worker.terminate()))
}

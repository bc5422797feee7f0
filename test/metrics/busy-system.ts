import { startSystem } from '@zera/actors'
import worker from './worker.js'

const TOKEN = 'token-of-the-metrics-test'

/** A system that has something of everything that is measured. */
export async function startBusySystem() {
  const system = await startSystem({ threads: 1, observer: { token: TOKEN }, handleSignals: false, log: false })
  const pool = await system.startPool(worker, { name: 'workers', size: 2 })
  const one = await system.spawn(worker, { placement: 'main', maxRestarts: 1000 })
  const work = async (): Promise<void> => {
    for (let n = 0; n < 20; n++) await Promise.all([pool.ask.work(n), one.ask.askOther(pool)])
    await one.ask.fail().catch(() => undefined)
    one.tell.fail()
  }
  await work()
  const { url } = await system.observe()
  return {
    origin: new URL(url).origin,
    token: TOKEN,
    work,
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}

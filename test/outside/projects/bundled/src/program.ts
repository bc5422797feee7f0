import { startSystem } from '@zera/actors'
import Counter from './counter.js'
import sum from './sum.js'

/** Uses a thread, a process and a thread for jobs. */
export async function program(): Promise<void> {
  const system = await startSystem({ threads: 1 })
  try {
    const counter = await system.spawn(Counter, { name: 'counter' })
    console.log(await counter.ask.add(1))
    const alone = await system.spawn(Counter, { placement: 'own-process' })
    console.log(await alone.ask.add(2))
    console.log(await system.compute(sum, [1, 2]))
  } finally {
    await system.stop()
  }
}

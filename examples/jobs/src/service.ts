import { startSystem } from '@zera/actors'
import { sqlite } from '@zera/store'
import { UNLUCKY } from './job.js'
import Queue from './queue.js'
import Worker from './worker.js'

/** A program that works off its jobs, whichever process of it that is. It prints how far it is. */
const [file = 'jobs.db', jobs = '40'] = process.argv.slice(2)
await using system = await startSystem({ threads: 3, store: sqlite(file), log: false })
const workers = await system.startPool(Worker, { size: 2 })
const queue = await system.spawn(Queue, { name: 'queue', placement: 'main', props: { workers, atATime: 2 } })

// It adds all of them at each start. Those that are there already are no others.
for (let number = 1; number <= Number(jobs); number++) {
  const task = { number: number % 10 === 0 ? UNLUCKY : 20_000_003 * number }
  await queue.ask.add(`job-${number}`, task, { priority: number % 3, delayMs: number % 7 === 0 ? 50 : 0 })
}
for await (const { done, failed, total } of queue.stream.watch())
  console.log(`${done} done, ${failed} failed, of ${total}`)
const tried = (await queue.ask.list()).filter(({ attempts }) => attempts > 1).length
console.log(`${tried} jobs were begun more than once`)

import { startBroker, type BrokerOptions } from '@zera/devices'
import type { BrokerChildReport, BrokerChildWord } from './broker-child.js'

/**
 * A broker that is a process: started with the options in its argument, it does what its parent says until it has to
 * stop.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as Omit<BrokerOptions, 'clock' | 'log' | 'signal'>
let lines = 0
const broker = await startBroker({ ...options, log: () => (lines += 1) })

process.on('message', (word: BrokerChildWord) => {
  if (word === 'stop') void broker.stop({ timeoutMs: 0 }).then(() => process.disconnect())
  else if (word === 'report') void report()
  else if ('clients' in word) void broker.setClients(word.clients).then(report)
  else void broker.setWorkers(word.workers).then(report)
})
process.send?.({ endpoints: broker.endpoints, workerEndpoints: broker.workerEndpoints })

async function report(): Promise<void> {
  const said: BrokerChildReport = { statistics: await broker.statistics(), rssBytes: process.memoryUsage.rss(), lines }
  process.send?.(said)
}

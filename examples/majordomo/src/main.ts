import { startDetached, type Detached } from '@zera/core'
import { BrokerReplyError, startBroker, startBrokerClient } from '@zera/devices'

await using broker = await startBroker({ bind: 'tcp://127.0.0.1:*', heartbeatMs: 100, requestTimeoutMs: 1000 })
const [endpoint] = broker.endpoints
await using client = await startBrokerClient({ broker: endpoint })

// The first one dies with the first request that it gets, and takes nothing with it.
const doomed = await startWorker({ isDoomed: true })
await using first = await startWorker()
await using second = await startWorker()

const replies = await Promise.all(['one', 'two', 'three'].map(text => client.request('shout', [text])))
console.log(replies.join(' '))
console.log(
  `${doomed.name}: ${(await doomed.down).reason}; requests given to another worker: ${(await broker.statistics()).retries}`,
)
console.log(`is there a service shout? ${String(await client.request('mmi.service', ['shout']))}`)

await client.request('sing', ['a song']).catch((error: unknown) => {
  if (error instanceof BrokerReplyError) console.log(`sing: ${error.fault}`)
  else throw error
})
await Promise.all([first.stop(), second.stop()])

function startWorker({ isDoomed = false } = {}): Promise<Detached> {
  const name = isDoomed ? 'the doomed worker' : 'a worker'
  return startDetached(new URL('./worker.js', import.meta.url), { name, data: { broker: endpoint, isDoomed } })
}

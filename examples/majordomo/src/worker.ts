import { setTimeout } from 'node:timers/promises'
import type { DetachedSelf } from '@zera/core'
import { startBrokerWorker } from '@zera/devices'

/**
 * Shouts what it is asked. It could run in another process, or on another machine: the broker's endpoint is all that it
 * knows.
 */
export default async function shout(self: DetachedSelf): Promise<void> {
  const { broker, isDoomed = false } = self.data as { broker: string; isDoomed?: boolean }
  const worker = await startBrokerWorker({
    broker,
    service: 'shout',
    heartbeatMs: 100,
    async handle([text]) {
      if (isDoomed) process.exit(1)
      await setTimeout(10)
      return [`${String(text).toUpperCase()}!`]
    },
  })
  self.ready()
  await new Promise(resolve => self.stopping.addEventListener('abort', resolve))
  await worker.stop()
}

import { setTimeout } from 'node:timers/promises'
import type { DetachedSelf } from '@zera/core'
import { startBrokerWorker } from '@zera/devices'

/** A worker that gives back what it gets, after a moment in which it can be killed. */
export default async function work(self: DetachedSelf): Promise<void> {
  const { broker, heartbeatMs, liveness } = self.data as { broker: string; heartbeatMs: number; liveness: number }
  const worker = await startBrokerWorker({
    broker,
    service: 'echo',
    heartbeatMs,
    liveness,
    reconnectMs: 10,
    handle: async body => (await setTimeout(2), body),
  })
  self.ready()
  await new Promise(resolve => self.stopping.addEventListener('abort', resolve))
  await worker.stop({ timeoutMs: 100 })
}

import { openSocket, type DetachedSelf } from '@zera/core'
import { startBrokerClient } from '@zera/devices'
import { askOnce, type Outcome } from './broker-ask.js'

/**
 * A client that asks one thing after the other until it is killed, and reports what must never happen: a wrong reply,
 * and silence.
 */
export default async function ask(self: DetachedSelf): Promise<void> {
  const { broker, tally, timeoutMs } = self.data as { broker: string; tally: string; timeoutMs: number }
  await using client = await startBrokerClient({ broker, timeoutMs })
  await using report = await openSocket('PUSH')
  await report.connect(tally)
  self.ready()
  for (let number = 0; !self.stopping.aborted; number++) {
    const outcome: Outcome = await askOnce(client, `${self.name} ${number}`)
    if (outcome === 'wrong' || outcome === 'silence') await report.send([outcome, self.name])
  }
}

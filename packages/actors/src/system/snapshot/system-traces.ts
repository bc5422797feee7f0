import { whenDue } from '@zera/core/internal'
import type { HostObserver } from '../../host/host-observer.js'
import { serviceAt } from '../../messaging/services/service-client.js'
import { OBSERVER } from '../../model/address.js'
import type { TracedMessage } from '../../model/observing/observed-system.js'
import type { SystemParts } from '../system-parts.js'

/** The last messages of all hosts that came with a traceparent. A host that does not answer in time is left out. */
export async function systemTraces(
  { clock, hosts }: SystemParts,
  timeoutMs: number,
): Promise<readonly TracedMessage[]> {
  const numbers = [hosts.main.number, ...hosts.slots.filter(slot => slot.isRunning).map(slot => slot.number)]
  let timer: ReturnType<typeof whenDue> | undefined
  const deadline = new Promise<readonly TracedMessage[]>(resolve => {
    timer = whenDue(clock, timeoutMs, () => resolve([]))
  })
  const answers = await Promise.all(
    numbers.map(host => {
      const answer = serviceAt<HostObserver>(hosts.main.messenger, { host, id: OBSERVER }).traces()
      return Promise.race([answer.catch(() => []), deadline])
    }),
  )
  timer?.cancel()
  return answers.flat()
}

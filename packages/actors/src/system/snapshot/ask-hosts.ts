import { whenDue } from '@zera/core/internal'
import type { HostObserver } from '../../host/host-observer.js'
import { serviceAt, type ServiceClient } from '../../messaging/services/service-client.js'
import { OBSERVER } from '../../model/address.js'
import type { SystemParts } from '../system-parts.js'

/** What hosts answer when all are asked at once. Those that do not answer within the deadline are left out. */
export async function askHosts<T>(
  { clock, hosts }: SystemParts,
  numbers: readonly number[],
  timeoutMs: number,
  ask: (host: ServiceClient<HostObserver>) => Promise<T>,
): Promise<readonly { readonly host: number; readonly answer: T }[]> {
  if (numbers.length === 0) return []
  let timer: ReturnType<typeof whenDue> | undefined
  const deadline = new Promise<undefined>(resolve => (timer = whenDue(clock, timeoutMs, () => resolve(undefined))))
  const answers = await Promise.all(
    numbers.map(async host => {
      const asked = ask(serviceAt<HostObserver>(hosts.main.messenger, { host, id: OBSERVER }))
      const answer = await Promise.race([asked.catch(() => undefined), deadline])
      return answer === undefined ? [] : [{ host, answer }]
    }),
  )
  timer?.cancel()
  return answers.flat()
}

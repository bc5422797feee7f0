import { whenDue } from '@zera/core/internal'
import type { HostObserver } from '../../host/host-observer.js'
import { serviceAt } from '../../messaging/services/service-client.js'
import { OBSERVER } from '../../model/address.js'
import type { HostTimesElsewhere } from '../../model/observing/observed-system.js'
import { mergeTimes, type MethodTimes } from '../../model/times/method-times.js'
import type { SystemParts } from '../system-parts.js'

/**
 * What all hosts have measured. Those of this process are read where they write it, whatever they are doing; others are
 * asked, and left out when they do not answer within the deadline.
 */
export async function systemTimes(parts: SystemParts, timeoutMs: number): Promise<readonly MethodTimes[]> {
  const { main, slots } = parts.hosts
  const here = slots.filter(({ elsewhere }) => elsewhere === undefined)
  const others = await timesElsewhere(parts, timeoutMs)
  return mergeTimes([main.times?.read() ?? [], ...here.map(({ times }) => times), ...others.map(({ times }) => times)])
}

/** What hosts of other processes have measured, those that answer within the deadline. */
export async function timesElsewhere(
  { clock, hosts }: SystemParts,
  timeoutMs: number,
): Promise<readonly HostTimesElsewhere[]> {
  const others = hosts.slots.filter(({ elsewhere, isRunning }) => elsewhere !== undefined && isRunning)
  if (others.length === 0) return []
  let timer: ReturnType<typeof whenDue> | undefined
  const deadline = new Promise<undefined>(resolve => (timer = whenDue(clock, timeoutMs, () => resolve(undefined))))
  const answers = await Promise.all(
    others.map(async ({ number }) => {
      const answer = serviceAt<HostObserver>(hosts.main.messenger, { host: number, id: OBSERVER }).times()
      const times = await Promise.race([answer.catch(() => undefined), deadline])
      return times === undefined ? [] : [{ host: number, times }]
    }),
  )
  timer?.cancel()
  return answers.flat()
}

import { whenDue } from '@zera/core/internal'
import type { HostObserver } from '../../host/host-observer.js'
import { serviceAt } from '../../messaging/services/service-client.js'
import { OBSERVER } from '../../model/address.js'
import { mergeTimes, type MethodTimes } from '../../model/times/method-times.js'
import type { SystemParts } from '../system-parts.js'

/**
 * What all hosts have measured. Those of this process are read where they write it, whatever they are doing; others are
 * asked, and left out when they do not answer within the deadline.
 */
export async function systemTimes({ clock, hosts }: SystemParts, timeoutMs: number): Promise<readonly MethodTimes[]> {
  const { main, slots } = hosts
  const here = slots.filter(({ elsewhere }) => elsewhere === undefined)
  const others = slots.filter(({ elsewhere, isRunning }) => elsewhere !== undefined && isRunning)
  const own = main.times?.read() ?? []
  if (others.length === 0) return mergeTimes([own, ...here.map(({ times }) => times)])
  let timer: ReturnType<typeof whenDue> | undefined
  const deadline = new Promise<undefined>(resolve => (timer = whenDue(clock, timeoutMs, () => resolve(undefined))))
  const answers = await Promise.all(
    others.map(({ number }) => {
      const answer = serviceAt<HostObserver>(main.messenger, { host: number, id: OBSERVER }).times()
      return Promise.race([answer.catch(() => undefined), deadline])
    }),
  )
  timer?.cancel()
  return mergeTimes([own, ...here.map(({ times }) => times), ...answers.map(answer => answer ?? [])])
}

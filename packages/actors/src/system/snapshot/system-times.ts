import type { HostTimesElsewhere } from '../../model/observing/observed-system.js'
import { mergeTimes, type MethodTimes } from '../../model/times/method-times.js'
import type { SystemParts } from '../system-parts.js'
import { askHosts } from './ask-hosts.js'

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
export async function timesElsewhere(parts: SystemParts, timeoutMs: number): Promise<readonly HostTimesElsewhere[]> {
  const others = parts.hosts.slots.filter(({ elsewhere, isRunning }) => elsewhere !== undefined && isRunning)
  const answers = await askHosts(
    parts,
    others.map(({ number }) => number),
    timeoutMs,
    host => host.times(),
  )
  return answers.map(({ host, answer }) => ({ host, times: answer }))
}

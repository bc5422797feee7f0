import type { TracedMessage } from '../../model/observing/observed-system.js'
import type { SystemParts } from '../system-parts.js'
import { askHosts } from './ask-hosts.js'

/** The last messages of all hosts that came with a traceparent. A host that does not answer in time is left out. */
export async function systemTraces(parts: SystemParts, timeoutMs: number): Promise<readonly TracedMessage[]> {
  const { main, slots } = parts.hosts
  const running = [main.number, ...slots.filter(slot => slot.isRunning).map(slot => slot.number)]
  const answers = await askHosts(parts, running, timeoutMs, host => host.traces())
  return answers.flatMap(({ answer }) => answer)
}

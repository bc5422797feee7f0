import { within } from '@zera/core/internal'
import type { HostActivity, HostObserver, HostReport } from '../../host/host-observer.js'
import { serviceAt } from '../../messaging/services/service-client.js'
import { OBSERVER } from '../../model/address.js'
import { readBlackBox } from '../../model/events/black-box-report.js'
import type { ProcessSnapshot, SystemSnapshot } from '../../model/events/snapshot.js'
import type { HostSlot } from '../hosts/host-slot.js'
import type { SystemParts } from '../system-parts.js'
import { hostSnapshot, look, treeSnapshot, type HostView } from './take-snapshot.js'

/**
 * Takes a snapshot of a whole system.
 *
 * @param startedAtMs Milliseconds since the Unix epoch.
 */
export async function systemSnapshot(
  parts: SystemParts,
  startedAtMs: number,
  timeoutMs: number,
): Promise<SystemSnapshot> {
  const { clock, compute, hosts, undelivered, pools, supervision } = parts
  const { main, slots } = hosts
  const ask = (host: number) => (): Promise<HostReport> =>
    serviceAt<HostObserver>(main.messenger, { host, id: OBSERVER }).report()
  const views: HostView[] = [
    {
      number: 0,
      node: undefined,
      process: undefined,
      incarnation: 1,
      isRunning: !main.messenger.isClosed,
      readBlackBox: () => readBlackBox(main.blackBox.memory),
      ask: ask(0),
    },
    ...slots.map(slot => ({
      number: slot.number,
      node: slot.options.node,
      process: processOf(slot),
      incarnation: slot.incarnation,
      isRunning: slot.isRunning,
      readBlackBox: () => slot.blackBox,
      ask: ask(slot.number),
    })),
  ]
  const seen = await look(views, clock, timeoutMs)
  const atMs = clock.epochMs()
  return {
    atMs,
    uptimeMs: atMs - startedAtMs,
    hosts: Array.from(seen.values(), one => hostSnapshot(one, atMs)),
    tree: treeSnapshot(supervision.root.children, seen),
    pools: pools.tables,
    compute: compute.statistics,
    restarts: supervision.restarts,
    deadLetters: undelivered.deadLetters.statistics.received,
    messagesLost: undelivered.messagesLost,
    nodeFaults: parts.nodeFaults,
  }
}

function processOf({ thread }: HostSlot): ProcessSnapshot | undefined {
  const process = thread?.process
  return process && { pid: process.pid, rssBytes: process.rssBytes }
}

const ACTIVITY_MS = 1000

/** What all running hosts are doing; undefined when one does not answer soon. */
export async function activityOf({ clock, hosts }: SystemParts): Promise<readonly HostActivity[] | undefined> {
  const numbers = [hosts.main.number, ...hosts.slots.filter(slot => slot.isRunning).map(slot => slot.number)]
  const answers = Promise.all(
    numbers.map(host => serviceAt<HostObserver>(hosts.main.messenger, { host, id: OBSERVER }).activity()),
  ).catch(() => undefined)
  return (await within(clock, ACTIVITY_MS, answers)) ? answers : undefined
}

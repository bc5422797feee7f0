import { messageOf } from '@zera/core/internal'
import type { ObservedSystem } from '../../model/observing/observed-system.js'
import { systemSnapshot } from '../snapshot/system-snapshot.js'
import { timesElsewhere } from '../snapshot/system-times.js'
import { systemTraces } from '../snapshot/system-traces.js'
import { treeSnapshot } from '../snapshot/take-snapshot.js'
import type { SystemParts } from '../system-parts.js'
import { EventCounts } from './event-counts.js'
import { RecentLetters } from './recent-letters.js'
import { control } from './system-control.js'

/** Opens a system for an observer. */
export function observedSystem(parts: SystemParts, startedAtMs: number): ObservedSystem {
  const { hosts, supervision, undelivered, pools } = parts
  const { main } = hosts
  const counts = new EventCounts(parts.events)
  const letters = new RecentLetters(undelivered.deadLetters)
  parts.events.on('dead-letter', letter => letters.add(letter, parts.clock.epochMs()))
  return {
    name: parts.name,
    startedAtMs,
    events: parts.events,
    hosts: () => [
      {
        number: 0,
        incarnation: 1,
        node: undefined,
        isRunning: !main.messenger.isClosed,
        blackBox: main.blackBox.memory,
        times: main.times?.memory,
      },
      ...hosts.slots.map(({ number, incarnation, options, isRunning, memory }) => ({
        number,
        incarnation,
        node: options.node,
        isRunning,
        ...memory,
      })),
    ],
    tree: () => treeSnapshot(supervision.root.children, new Map()),
    counters: () => ({
      restarts: supervision.restarts,
      deadLetters: undelivered.deadLetters.statistics.received,
      messagesLost: undelivered.messagesLost,
      nodeFaults: parts.nodeFaults,
      deadLettersOf: counts.letters,
      restartsOf: counts.restarts(supervision.restarts),
    }),
    pools: () => pools.observed,
    links: () => hosts.links.accounts(),
    endedLinks: () => hosts.links.endedLinks(),
    letters: () => letters.list(),
    snapshot: timeoutMs => systemSnapshot(parts, startedAtMs, timeoutMs),
    timesElsewhere: timeoutMs => timesElsewhere(parts, timeoutMs),
    traces: timeoutMs => systemTraces(parts, timeoutMs),
    control: async (act, by) => {
      const log = (text: string): void =>
        main.loggers.writeEvent({ level: 'warn', text, host: 0, actor: undefined, event: 'control', data: act })
      try {
        const done = await control(parts, letters, act, by)
        log(`${by} ${done}`)
        return done
      } catch (error) {
        log(`${by} could not ${act.act}: ${messageOf(error)}`)
        throw error
      }
    },
  }
}

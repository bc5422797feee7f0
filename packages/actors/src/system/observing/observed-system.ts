import type { EventStream } from '../../model/events/events.js'
import type { ChildSnapshot } from '../../model/events/snapshot.js'
import { treeSnapshot } from '../snapshot/take-snapshot.js'
import type { SystemParts } from '../system-parts.js'

/** A host, with the memory that its thread writes: to be read by any thread of the process, whatever that one does. */
export interface ObservedHost {
  readonly number: number
  /** Counts the threads that it has had. */
  readonly incarnation: number
  /** The node that lends its thread, whose memory is then elsewhere; undefined in the system's own process. */
  readonly node: string | undefined
  /** Whether it has a thread. */
  readonly isRunning: boolean
  /** See `readBlackBox`. */
  readonly blackBox: SharedArrayBuffer
  /** See `readTimes`. Undefined when nothing is measured. */
  readonly times: SharedArrayBuffer | undefined
}

/** What never goes down. */
export interface SystemCounters {
  readonly restarts: number
  readonly deadLetters: number
  readonly messagesLost: number
  readonly nodeFaults: number
}

/** A running system, as main knows it at once: nothing here waits for a thread. */
export interface ObservedSystem {
  readonly name: string
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number
  readonly events: EventStream
  /** All hosts, main's first. */
  hosts(): readonly ObservedHost[]
  /** The children of the system's own supervisor. What their actors are doing is in the memory of their hosts. */
  tree(): readonly ChildSnapshot[]
  counters(): SystemCounters
  pools(): readonly { readonly id: number; readonly name: string; readonly workers: readonly number[] }[]
}

/** Opens a system for an observer. */
export function observedSystem(parts: SystemParts, startedAtMs: number): ObservedSystem {
  const { hosts, supervision, undelivered, pools } = parts
  const { main } = hosts
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
    }),
    pools: () => pools.tables,
  }
}

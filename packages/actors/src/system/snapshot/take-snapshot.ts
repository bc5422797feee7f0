import { whenDue, type Clock } from '@zera/core/internal'
import type { HostReport } from '../../host/host-observer.js'
import type { ActorDoing, BlackBoxReport } from '../../model/events/black-box-report.js'
import type { ActorSnapshot, ChildSnapshot, HostSnapshot, ProcessSnapshot } from '../../model/events/snapshot.js'
import { ActorLife } from '../supervision/child/actor-life.js'
import type { Child } from '../supervision/child/child.js'
import { SupervisorLoop } from '../supervision/supervisor/supervisor-loop.js'

/** A host, as main can look at it. */
export interface HostView {
  readonly number: number
  readonly node: string | undefined
  readonly process: ProcessSnapshot | undefined
  readonly incarnation: number
  readonly isRunning: boolean
  readBlackBox(): BlackBoxReport
  /** Asks it how it is. Rejects when it goes down meanwhile. */
  ask(): Promise<HostReport>
}

/** What is known of one host: what it last wrote, and what it has answered, if it has. */
interface Seen {
  readonly view: HostView
  readonly box: BlackBoxReport
  readonly report: HostReport | undefined
}

/** Looks at all hosts at once, and waits for none of them longer than the deadline. */
export async function look(
  hosts: readonly HostView[],
  clock: Clock,
  timeoutMs: number,
): Promise<ReadonlyMap<number, Seen>> {
  let timer: ReturnType<Clock['after']> | undefined
  const deadline = new Promise<undefined>(resolve => (timer = whenDue(clock, timeoutMs, () => resolve(undefined))))
  try {
    const seen = hosts.map(async view => {
      const report = view.isRunning ? await Promise.race([view.ask().catch(() => undefined), deadline]) : undefined
      return { view, box: view.readBlackBox(), report }
    })
    return new Map((await Promise.all(seen)).map(one => [one.view.number, one]))
  } finally {
    timer?.cancel()
  }
}

/** The snapshot of one host. */
export function hostSnapshot({ view, box, report }: Seen, nowMs: number): HostSnapshot {
  const { number, node, process, incarnation, isRunning } = view
  const { heapBytes, utilization, running } = box
  return {
    number,
    node,
    process,
    incarnation,
    isRunning,
    heapBytes,
    utilization,
    running,
    isStale: report === undefined,
    seenAtMs: report === undefined ? box.lookedAtMs : nowMs,
    asks: report?.asks,
    droppedLogLines: report?.droppedLogLines,
  }
}

/** The snapshot of the children of a supervisor or an actor, and of theirs. */
export function treeSnapshot(children: Iterable<Child>, seen: ReadonlyMap<number, Seen>): ChildSnapshot[] {
  return Array.from(children, ({ id, spec, state, restarts, life }) => ({
    id,
    state,
    restarts,
    kind: spec.start.kind,
    actor: life instanceof ActorLife ? actorSnapshot(life, seen.get(life.data.host)) : undefined,
    children: life instanceof SupervisorLoop || life instanceof ActorLife ? treeSnapshot(life.children, seen) : [],
  }))
}

function actorSnapshot({ identity }: ActorLife, seen: Seen | undefined): ActorSnapshot {
  const { id } = identity
  const doing: ActorDoing | undefined =
    seen?.view.isRunning === true ? seen.box.actors.find(actor => actor.id === id) : undefined
  const mailbox = seen?.report?.mailboxes.find(([of]) => of === id)?.[1]
  return {
    ...identity,
    handling: doing?.handling,
    handled: doing?.handled ?? 0,
    mailbox,
    waiting: mailbox?.waiting ?? doing?.waiting ?? 0,
    waitsFor: (seen?.report?.waits ?? [])
      .filter(({ from }) => from === id)
      .map(({ actor, host, method }) => ({ actor, host, method })),
    durable: seen?.report?.durable.find(([of]) => of === id)?.[1],
  }
}

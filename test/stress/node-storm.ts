import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SystemReceipt } from '@zera/actors'
import { openResources } from '@zera/core'
import { isRunning } from '../crash/child.js'
import { handledAgain, readJournal } from '../crash/journal.js'
import { accountForNodes, type NodeAccount } from '../crash/node-account.js'
import { eventsOf, setNodeStage, settle, startPumping, type NodeStage } from '../crash/node-stage.js'
import { Truth } from '../crash/truth.js'
import { PATIENCE_MS, until } from '../crash/until.js'

/** What nodes have to weather. */
export interface NodeStormOptions {
  readonly seconds: number
  /** Milliseconds from one death to the next. */
  readonly everyMs: number
}

/** What became of everything. */
export interface NodeStormReport {
  /** Processes of nodes, and threads of nodes, that were killed. */
  readonly killedNodes: number
  readonly killedThreads: number
  /** Why threads went down. */
  readonly downs: readonly string[]
  readonly account: NodeAccount
  /** Messages that were handled twice. */
  readonly again: readonly string[]
  readonly receipt: Pick<SystemReceipt, 'isClean' | 'left' | 'restarts'>
  /** What was open in the main thread after the stop. */
  readonly open: readonly string[]
}

const HEARTBEAT = { heartbeatMs: 1000, deadlineMs: PATIENCE_MS }

/** Kills nodes and threads of nodes under load, one after the other, and accounts for everything. */
export async function weatherNodeStorm({ seconds, everyMs }: NodeStormOptions): Promise<NodeStormReport> {
  const directory = await mkdtemp(join(tmpdir(), 'zera-journal-'))
  try {
    const journal = join(directory, 'journal')
    const stage = await setNodeStage({ truth: Truth.create(), journal, nodes: ['a', 'b'], heartbeat: HEARTBEAT })
    startPumping(stage)
    const killer = new NodeKiller(stage)
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      await new Promise<void>(resolve => setTimeout(resolve, everyMs))
      await killer.killAny()
    }
    await settle(stage)
    const { isClean, left, restarts } = await stage.system.stop()
    await until('the processes of nodes have ended', () => !killer.nodes.some(isRunning))
    return {
      killedNodes: killer.killedNodes,
      killedThreads: killer.killedThreads,
      downs: eventsOf(stage, 'host-down').map(({ reason }) => reason),
      account: accountForNodes(stage),
      again: handledAgain(readJournal(journal)),
      receipt: { isClean, left, restarts },
      open: openResources().map(({ kind, name }) => `${kind} ${name}`),
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Kills what chance takes of a stage: a thread of a node, or a node that is known to run. */
class NodeKiller {
  killedNodes = 0
  killedThreads = 0
  readonly #stage: NodeStage
  readonly #running = new Set<number>()
  readonly #seen = new Set<number>()

  constructor(stage: NodeStage) {
    this.#stage = stage
    const meet = (lodger: NodeStage['lodgers'][number]): void => void lodger.ask({ timeoutMs: PATIENCE_MS }).process().then(pid => this.#met(pid), () => undefined)
    stage.lodgers.forEach(meet)
    stage.system.events.on('actor-restarted', ({ actor }) => stage.lodgers.filter(({ address }) => address.id === actor.id).forEach(meet))
  }

  /** Every process that was a node. */
  get nodes(): readonly number[] {
    return [...this.#seen]
  }

  async killAny(): Promise<void> {
    const { lodgers, system } = this.#stage
    const running = [...this.#running]
    const node = running[Math.floor(Math.random() * running.length)]
    if (node !== undefined && Math.random() < 0.5) {
      this.#running.delete(node)
      this.killedNodes += 1
      process.kill(node, 'SIGKILL')
      return
    }
    this.killedThreads += 1
    await system.killHost(lodgers[Math.floor(Math.random() * lodgers.length)] as (typeof lodgers)[number])
  }

  #met(pid: number): void {
    // An answer may come late, of a process that was killed meanwhile.
    if (!this.#seen.has(pid)) this.#running.add(pid)
    this.#seen.add(pid)
  }
}

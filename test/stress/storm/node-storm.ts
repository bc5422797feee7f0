import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SystemReceipt } from '@zera/actors'
import { openResources } from '@zera/core'
import { accountForNodes, type NodeAccount } from '../../crash/accounts/node-account.js'
import { handledAgain, readJournal } from '../../crash/records/journal.js'
import { Truth } from '../../crash/records/truth.js'
import { isRunning } from '../../crash/runs/child.js'
import { eventsOf, setNodeStage, settle, startPumping, type NodeStage } from '../../crash/stages/node-stage.js'
import { PATIENCE_MS, until } from '../../crash/until.js'

/** What nodes have to weather. */
export interface NodeStormOptions {
  readonly seconds: number
  /** Milliseconds from one death to the next. */
  readonly everyMs: number
  /** Whether actors have a process each to themselves, instead of two nodes. */
  readonly hasProcesses: boolean
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

/** A fault, an abort, and what ends a process where the machine has no memory left. */
const SIGNALS = ['SIGKILL', 'SIGSEGV', 'SIGABRT'] as const
const HEARTBEAT = { heartbeatMs: 1000, deadlineMs: PATIENCE_MS }

/** Kills nodes and threads of nodes under load, one after the other, and accounts for everything. */
export async function weatherNodeStorm({ seconds, everyMs, hasProcesses }: NodeStormOptions): Promise<NodeStormReport> {
  const directory = await mkdtemp(join(tmpdir(), 'zera-journal-'))
  try {
    const journal = join(directory, 'journal')
    const stage = await setNodeStage({
      truth: Truth.create(),
      journal,
      places: hasProcesses ? ['own-process', 'own-process'] : [{ node: 'a' }, { node: 'b' }],
      heartbeat: HEARTBEAT,
    })
    const killer = await NodeKiller.meet(stage)
    startPumping(stage)
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      await new Promise<void>(resolve => setTimeout(resolve, everyMs))
      await killer.killAny()
    }
    // An actor that is not back when the system stops does not come back.
    await until('everybody is back', () => killer.isEverybodyBack)
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

/** Kills the node of an actor that is known to run, then the thread of one, whichever chance takes, and so on. */
class NodeKiller {
  killedNodes = 0
  killedThreads = 0
  readonly #stage: NodeStage
  /** The process of each actor that runs. */
  readonly #running = new Map<NodeStage['lodgers'][number], number>()
  readonly #nodes = new Set<number>()

  private constructor(stage: NodeStage) {
    this.#stage = stage
    stage.system.events.on('actor-restarted', ({ actor }) => {
      for (const lodger of stage.lodgers) if (lodger.address.id === actor.id) void this.#meet(lodger)
    })
  }

  /** One that knows all nodes there are. */
  static async meet(stage: NodeStage): Promise<NodeKiller> {
    const killer = new NodeKiller(stage)
    await Promise.all(stage.lodgers.map(lodger => killer.#meet(lodger)))
    return killer
  }

  /** Whether all actors run. */
  get isEverybodyBack(): boolean {
    return this.#running.size === this.#stage.lodgers.length
  }

  /** Every process that was a node. */
  get nodes(): readonly number[] {
    return [...this.#nodes]
  }

  /** Kills nothing when nothing runs. */
  async killAny(): Promise<void> {
    const running = [...this.#running].filter(([, node]) => isRunning(node))
    const victim = running[Math.floor(Math.random() * running.length)]
    if (victim === undefined) return
    const [lodger, node] = victim
    this.#running.delete(lodger)
    if (this.killedNodes <= this.killedThreads) {
      this.killedNodes += 1
      process.kill(node, SIGNALS[this.killedNodes % SIGNALS.length])
    } else {
      this.killedThreads += 1
      await this.#stage.system.killHost(lodger)
    }
  }

  async #meet(lodger: NodeStage['lodgers'][number]): Promise<void> {
    const node = await lodger
      .ask({ timeoutMs: PATIENCE_MS })
      .process()
      .catch(() => undefined)
    if (node === undefined) return
    this.#nodes.add(node)
    this.#running.set(lodger, node)
  }
}

import {
  mergeTimes,
  readBlackBox,
  readDelay,
  readTimes,
  type BlackBoxReport,
  type ChildSnapshot,
  type ObservedHost,
} from '@zera/actors/internal'
import type { ObserverSeed, Structure } from '../model/messages.js'
import type { Doing, Happening, SystemState, ThreadState, TreeState } from '../model/state.js'
import { titleOf } from '../model/title-of.js'
import { findingsOf } from './findings.js'
import { MethodWindows } from './method-windows.js'
import { summaryOf } from './summary.js'
import { threadSeconds } from './thread-time.js'
import { Windows } from './windows.js'

/** Milliseconds without a beat of its heart, which beats every 250, after which a thread counts as blocked. */
const BLOCKED_MS = 1000
const MOST_WAITING = 10
const HISTORY_MS = 3_600_000
const MOST_HISTORY = 1000

const NO_COUNTERS = { restarts: 0, deadLetters: 0, messagesLost: 0, nodeFaults: 0 }

/** What is known of one actor by the structure of its system. */
type Known = Pick<NonNullable<ChildSnapshot['actor']>, 'id' | 'name' | 'definition' | 'host'>

/**
 * A system as its observer sees it: how it is built, as main last said, and what its threads are doing, as they write
 * it into shared memory. It asks no thread for anything.
 */
export class WatchedSystem {
  readonly #seed: Pick<ObserverSeed, 'name' | 'startedAtMs'>
  readonly #now: () => number
  readonly #methods = new MethodWindows()
  /** Processor time of threads, by their numbers in the operating system. */
  readonly #seconds = new Map<number, Windows<number>>()
  #structure: Structure = { hosts: [], tree: [], counters: NO_COUNTERS, pools: [] }
  #history: readonly Happening[]

  /** @param now Milliseconds since the Unix epoch. */
  constructor(seed: Pick<ObserverSeed, 'name' | 'startedAtMs' | 'history'>, now: () => number) {
    this.#seed = seed
    this.#now = now
    this.#history = seed.history
  }

  /** It is built like this from now on. */
  structured(structure: Structure): void {
    this.#structure = structure
    const alive = new Set(structure.hosts.map(({ blackBox }) => readBlackBox(blackBox).osThread))
    for (const osThread of this.#seconds.keys()) if (!alive.has(osThread)) this.#seconds.delete(osThread)
  }

  /** These have happened. */
  happened(happenings: readonly Happening[]): void {
    const after = this.#now() - HISTORY_MS
    this.#history = [...this.#history, ...happenings].filter(({ atMs }) => atMs > after).slice(-MOST_HISTORY)
  }

  /** The number of a host's thread in Node; undefined when there is no such thread in this process. */
  threadIdOf(host: number): number | undefined {
    const found = this.#structure.hosts.find(({ number, node }) => number === host && node === undefined)
    return found === undefined || !found.isRunning ? undefined : readBlackBox(found.blackBox).threadId
  }

  /** How it is now. */
  look(): SystemState {
    const atMs = this.#now()
    const { hosts, tree, counters, pools } = this.#structure
    const boxes = new Map(hosts.map(({ number, blackBox }) => [number, readBlackBox(blackBox)]))
    const doings = new Map([...boxes].map(([host, box]) => [host, new Map(box.actors.map(one => [one.id, one]))]))
    const actors = new Map(knownIn(tree).map(actor => [actor.id, actor]))
    const times = mergeTimes(hosts.map(host => (host.times === undefined ? [] : readTimes(host.times))))
    const methods = this.#methods.take(times, atMs)
    const seen = {
      atMs,
      name: this.#seed.name,
      pid: process.pid,
      node: process.versions.node,
      startedAtMs: this.#seed.startedAtMs,
      windows: this.#methods.covered(atMs),
      threads: hosts.map(host => this.#threadOf(host, boxes.get(host.number) as BlackBoxReport, actors, atMs)),
      tree: tree.map(child => treeOf(child, doings)),
      methods,
      pools,
      counters: {
        ...counters,
        handled: times.reduce((sum, { handled }) => sum + handled, 0),
        failed: times.reduce((sum, { failed }) => sum + failed, 0),
      },
      history: this.#history,
    }
    return { ...seen, findings: findingsOf(seen) }
  }

  #threadOf(
    { number, incarnation, node, isRunning, times }: ObservedHost,
    box: BlackBoxReport,
    actors: ReadonlyMap<number, Known>,
    atMs: number,
  ): ThreadState {
    const isBlocked = atMs - box.lookedAtMs > BLOCKED_MS
    const condition = !isRunning ? 'down' : node !== undefined ? 'elsewhere' : isBlocked ? 'blocked' : 'well'
    const handling = box.actors.flatMap(({ id, handling: current }): Doing[] => {
      if (current === undefined) return []
      const { method, sinceMs } = current
      const known = actors.get(id)
      return [{ actor: id, title: known === undefined ? `actor ${id}` : titleOf(known), method, sinceMs }]
    })
    return {
      host: number,
      name: number === 0 ? 'main' : `${this.#seed.name}/${number}`,
      incarnation,
      condition,
      blockedSinceMs: condition === 'blocked' ? box.lookedAtMs : undefined,
      running: handling.find(({ actor }) => actor === box.running),
      waiting: handling
        .filter(({ actor }) => actor !== box.running)
        .toSorted((a, b) => a.sinceMs - b.sinceMs)
        .slice(0, MOST_WAITING),
      // A blocked thread has no event loop that could say.
      utilization: condition === 'blocked' ? 1 : box.utilization,
      heapBytes: box.heapBytes,
      ...(condition === 'down' ? { cores: undefined, seconds: undefined } : this.#processorOf(box.osThread, atMs)),
      delay: summaryOf(readDelay(times)),
    }
  }

  /** How much of the processor a thread had in the last seconds, and in all. */
  #processorOf(osThread: number | undefined, atMs: number): Pick<ThreadState, 'cores' | 'seconds'> {
    const seconds = threadSeconds(osThread)
    if (osThread === undefined || seconds === undefined) return { cores: undefined, seconds }
    const windows = this.#seconds.get(osThread) ?? new Windows<number>(3000, 500)
    this.#seconds.set(osThread, windows)
    const { earliest } = windows
    windows.add(seconds, atMs)
    const spanMs = atMs - (earliest?.atMs ?? atMs)
    return { seconds, cores: spanMs > 0 ? ((seconds - (earliest?.value ?? 0)) * 1000) / spanMs : undefined }
  }
}

function knownIn(tree: readonly ChildSnapshot[]): Known[] {
  return tree.flatMap(({ actor, children }) => [...(actor === undefined ? [] : [actor]), ...knownIn(children)])
}

/** What actors are doing, by their ids, on each host. */
type Doings = ReadonlyMap<number, ReadonlyMap<number, BlackBoxReport['actors'][number]>>

function treeOf({ id, kind, state, restarts, actor, children }: ChildSnapshot, doings: Doings): TreeState {
  const doing = actor && doings.get(actor.host)?.get(actor.id)
  return {
    id,
    kind,
    state,
    restarts,
    actor: actor && {
      id: actor.id,
      host: actor.host,
      name: actor.name,
      definition: actor.definition,
      handled: doing?.handled ?? 0,
      waiting: doing?.waiting ?? 0,
      doing: doing?.handling && { method: doing.handling.method, sinceMs: doing.handling.sinceMs },
    },
    children: children.map(child => treeOf(child, doings)),
  }
}

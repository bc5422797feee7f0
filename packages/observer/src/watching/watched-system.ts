import {
  mergeTimes,
  readBlackBox,
  readDelay,
  readTimes,
  type BlackBoxReport,
  type MethodTimes,
  type ObservedHost,
} from '@zera/actors/internal'
import { NO_MESSAGES } from '@zera/core/internal'
import type { Detail, ObserverSeed, Structure } from '../model/messages.js'
import type { ActorView, Doing, Happening, SystemState, ThreadState } from '../model/state.js'
import { titleOf } from '../model/title-of.js'
import { findingsOf } from './findings.js'
import { keyOf, knownIn, type Doings, type Known } from './known-actors.js'
import { WatchedLinks } from './links/watched-links.js'
import { MethodWindows } from './method-windows.js'
import { poolOf } from './pool-state.js'
import { summaryOf } from './summary.js'
import { threadSeconds } from './thread-time.js'
import { treeOf, nodeOf } from './tree-state.js'
import { deadlocksIn, waitsIn } from './waits.js'
import { Windows } from './windows.js'

/** Milliseconds without a beat of its heart, which beats every 250, after which a thread counts as blocked. */
const BLOCKED_MS = 1000
const MOST_WAITING = 10
const LATELY_MS = 500
const HISTORY_MS = 3_600_000
const MOST_HISTORY = 1000

const NO_COUNTERS = { restarts: 0, deadLetters: 0, messagesLost: 0, nodeFaults: 0, deadLettersOf: [], restartsOf: [] }

const NOTHING: Structure = {
  hosts: [],
  tree: [],
  counters: NO_COUNTERS,
  pools: [],
  links: [],
  endedLinks: { closed: NO_MESSAGES, open: [] },
  letters: [],
}

/**
 * A system as its observer sees it: how it is built, as main last said, and what its threads are doing, as they write
 * it into shared memory. It asks no thread for anything.
 */
export class WatchedSystem {
  readonly #seed: Pick<ObserverSeed, 'name' | 'startedAtMs' | 'hasControl'>
  readonly #now: () => number
  readonly #methods = new MethodWindows()
  readonly #links = new WatchedLinks()
  /** Processor time of threads, by their numbers in the operating system. */
  readonly #seconds = new Map<number, Windows<number>>()
  /** What hosts of other processes last said that they had measured. */
  readonly #elsewhere = new Map<number, readonly MethodTimes[]>()
  #structure = NOTHING
  #detail: Detail = { askedAtMs: 0, actors: [], elsewhere: [] }
  #history: readonly Happening[]
  #seen: SystemState | undefined

  /** @param now Milliseconds since the Unix epoch. */
  constructor(seed: Pick<ObserverSeed, 'name' | 'startedAtMs' | 'hasControl' | 'history'>, now: () => number) {
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

  /** Hosts have said this of their actors. */
  detailed(detail: Detail): void {
    this.#detail = detail
    for (const { host, times } of detail.elsewhere) this.#elsewhere.set(host, times)
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
    const { hosts, tree, counters, pools, letters } = this.#structure
    const boxes = new Map(hosts.map(({ number, blackBox }) => [number, readBlackBox(blackBox)]))
    const doings: Doings = new Map(
      [...boxes].flatMap(([host, box]) => box.actors.map(one => [keyOf(host, one.id), one])),
    )
    const actors = new Map(knownIn(tree).map(actor => [actor.id, actor]))
    const details = new Map(this.#detail.actors.map(detail => [detail.id, detail]))
    const waits = waitsIn(this.#detail, actors)
    const times = mergeTimes([
      ...hosts.map(host => (host.times === undefined ? [] : readTimes(host.times))),
      ...this.#elsewhere.values(),
    ])
    const methods = this.#methods.take(times, atMs)
    const seen = {
      atMs,
      name: this.#seed.name,
      pid: process.pid,
      node: process.versions.node,
      startedAtMs: this.#seed.startedAtMs,
      windows: this.#methods.covered(atMs),
      threads: hosts.map(host => this.#threadOf(host, boxes.get(host.number) as BlackBoxReport, actors, atMs)),
      tree: tree.map(child => treeOf(child, doings, details)),
      methods,
      pools: pools.map(pool => poolOf(pool, actors, doings, details)),
      ...this.#links.look(this.#structure, atMs),
      waits,
      deadlocks: deadlocksIn(waits, this.#detail.askedAtMs),
      letters,
      hasControl: this.#seed.hasControl,
      counters: {
        ...counters,
        handled: times.reduce((sum, { handled }) => sum + handled, 0),
        failed: times.reduce((sum, { failed }) => sum + failed, 0),
      },
      history: this.#history,
    }
    return (this.#seen = { ...seen, findings: findingsOf(seen) })
  }

  /** How it was at the last look, if that was just now: pages look each second, and each look goes over all actors. */
  #lately(): SystemState {
    const seen = this.#seen
    return seen === undefined || this.#now() - seen.atMs > LATELY_MS ? this.look() : seen
  }

  /** One actor by itself; undefined when there is none of this number. */
  actor(id: number): ActorView | undefined {
    const state = this.#lately()
    const node = nodeOf(state.tree, id)
    if (node?.actor === undefined) return undefined
    const { definition, host } = node.actor
    const found = this.#structure.hosts.find(({ number }) => number === host)
    const entries = found === undefined ? [] : readBlackBox(found.blackBox).entries
    return {
      node,
      methods: state.methods.filter(method => method.definition === definition),
      entries: entries
        .filter(({ actor }) => actor === id)
        .map(({ atMs, what, kind, method }) => ({ atMs, what, text: `${kind} ${method}()` })),
      waitsFor: state.waits.filter(({ from }) => from.id === id),
      awaitedBy: state.waits.filter(({ to }) => to.id === id),
    }
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

import { CurveRequiredError, expectName, isLocal, parseEndpoint, type CurveClient } from '@zera/core/internal'
import { heartbeatProblem, NODE_LIMITS } from './node-limits.js'

/** A process that lends threads to a system: a child of its own, or one that `zera-node` runs elsewhere. */
export interface NodeOptions {
  /** Its name, by which actors are placed on it. */
  readonly name: string
  /** Threads of it that actors live on. Default 1. */
  readonly threads?: number
  /**
   * Where it listens. Default: the system starts it, as a child process of this machine, again whenever it has ended,
   * and ends it.
   */
  readonly endpoint?: string
  /**
   * The system's own keys, the public one of which the node has on its list, and the node's public key. A node that
   * other machines can reach has to have some. Default none.
   */
  readonly curve?: CurveClient
}

/** How long the silence of a node may be, and of a system. */
export interface HeartbeatOptions {
  /**
   * Milliseconds between two signs of life, each way, at most, from 10 to 60,000. Default 1,000. There are at least
   * twelve within `deadlineMs`, so that a silence is seen to begin when it does.
   */
  readonly heartbeatMs?: number
  /**
   * Milliseconds of silence after which a node counts as lost, within a tenth: its threads are `down` with the reason
   * `unreachable`, and by then it has ended them itself. At least twice `heartbeatMs`, at most 600,000. Default 3,000.
   * Who is busy, or was suspended, and finds signs of life when it looks has lost nobody; but a main thread that is
   * blocked for longer says none, and so loses its nodes.
   */
  readonly deadlineMs?: number
}

export const DEFAULT_HEARTBEAT = { heartbeatMs: 1000, deadlineMs: 3000 } as const

/** Signs of life within the deadline, at least: a silence begins up to one of them before it counts. */
const BEATS_WITHIN_DEADLINE = 12

/** What both sides go by. */
export function agreedHeartbeat(options: HeartbeatOptions): Required<HeartbeatOptions> {
  const { heartbeatMs, deadlineMs } = { ...DEFAULT_HEARTBEAT, ...options }
  return {
    heartbeatMs: Math.max(NODE_LIMITS.minHeartbeatMs, Math.min(heartbeatMs, deadlineMs / BEATS_WITHIN_DEADLINE)),
    deadlineMs,
  }
}

/**
 * Checks what TypeScript cannot.
 *
 * @throws {RangeError}
 * @throws {TypeError}
 * @throws {EndpointError}
 * @throws {CurveRequiredError} When what is said to a node could be read on the way.
 */
export function checkNodes(
  nodes: readonly NodeOptions[],
  heartbeat: HeartbeatOptions,
  { startMs = 0, stopMs = 0 }: { readonly startMs?: number | undefined; readonly stopMs?: number | undefined } = {},
): void {
  const names = new Set<string>()
  for (const { name, threads = 1, endpoint, curve } of nodes) {
    if (typeof name !== 'string' || name === '')
      throw new TypeError('Cannot start a system: a node has no name; give it one, such as { name: "a" }')
    expectName('start a system', `the name of a node`, name)
    if (names.has(name))
      throw new TypeError(`Cannot start a system: two nodes are called ${name}; give each a name of its own`)
    names.add(name)
    if (!Number.isInteger(threads) || threads < 1 || threads > NODE_LIMITS.maxThreads) {
      throw new RangeError(
        `Cannot start a system: threads of node ${name} must be a whole number from 1 to ${NODE_LIMITS.maxThreads}, not ${threads}`,
      )
    }
    if (endpoint !== undefined && parseEndpoint(endpoint).startsWith('inproc:'))
      throw new TypeError(
        `Cannot start a system: node ${name} is in another process, which ${endpoint} does not reach; use ipc or tcp`,
      )
    if (endpoint !== undefined && curve === undefined && !isLocal(endpoint))
      throw new CurveRequiredError(`use node ${name}`, endpoint)
    if (curve !== undefined && endpoint === undefined)
      throw new TypeError(
        `Cannot start a system: node ${name} is a child process and needs no curve; leave it out, or give an endpoint`,
      )
  }
  const problem = heartbeatProblem({ ...DEFAULT_HEARTBEAT, ...heartbeat })
  if (problem !== undefined) throw new RangeError(`Cannot start a system: ${problem}`)
  if (nodes.every(({ endpoint }) => endpoint === undefined)) return
  for (const [name, ms, limitMs] of [
    ['startMs', startMs, NODE_LIMITS.maxStartMs],
    ['stopMs', stopMs, NODE_LIMITS.maxStopMs],
  ] as const) {
    if (ms > limitMs)
      throw new RangeError(
        `Cannot start a system: with nodes that have an endpoint ${name} must be at most ${limitMs}, not ${ms}`,
      )
  }
}

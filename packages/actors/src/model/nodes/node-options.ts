import {
  NUMBER,
  type CurveClient,
  curveClient,
  CurveRequiredError,
  expectName,
  expectNumber,
  expectOptions,
  isLocal,
  optionNames,
  parseEndpoint,
  withoutUndefined,
  type Filled,
} from '@zera/core/internal'
import { heartbeatProblem, NODE_LIMITS } from './node-limits.js'

/** A process that lends threads to a system: a child of its own, or one that `zera node` runs elsewhere. */
export interface NodeOptions {
  /** Its name, used to place actors on it. */
  readonly name: string
  /** How many of its threads host actors. Default 1. */
  readonly threads?: number | undefined
  /**
   * Where it listens. Default: the system starts it as a child process on this machine, restarts it whenever it has
   * ended, and ends it.
   */
  readonly endpoint?: string | undefined
  /**
   * The system's own keys, whose public key must be on the node's list, and the node's public key. Required for a node
   * that other machines can reach. Default none.
   */
  readonly curve?: CurveClient | undefined
}

/** How long a node, or a system, may be silent. */
export interface HeartbeatOptions {
  /**
   * The most milliseconds between two signs of life, each way, from 10 to 60,000. Default 1,000. At least twelve are
   * sent within `deadlineMs`, so that the start of a silence is seen promptly.
   */
  readonly heartbeatMs?: number | undefined
  /**
   * Milliseconds of silence after which a node counts as lost, within a tenth: its threads are `down` with the reason
   * `unreachable`, and by then it has ended them itself. At least twice `heartbeatMs`, at most 600,000. Default 3,000.
   * A process that was busy or suspended, and finds signs of life when it looks again, has lost no peer. But a main
   * thread that is blocked for longer sends none, and so loses its nodes.
   */
  readonly deadlineMs?: number | undefined
}

/**
 * The defaults of `heartbeat` of `startSystem`, in milliseconds: a sign of life each second, and a node is lost after
 * three seconds of silence.
 *
 * @see HeartbeatOptions
 */
export const DEFAULT_HEARTBEAT = { heartbeatMs: 1000, deadlineMs: 3000 } as const

const NODE_OPTIONS = optionNames<NodeOptions>({ name: true, threads: true, endpoint: true, curve: true })
const HEARTBEAT_OPTIONS = optionNames<HeartbeatOptions>({ heartbeatMs: NUMBER, deadlineMs: NUMBER })

/** Signs of life within the deadline, at least: a silence begins up to one of them before it counts. */
const BEATS_WITHIN_DEADLINE = 12

/** What both sides use. */
export function agreedHeartbeat(options: HeartbeatOptions): Filled<HeartbeatOptions> {
  const { heartbeatMs, deadlineMs } = { ...DEFAULT_HEARTBEAT, ...withoutUndefined(options) }
  return {
    heartbeatMs: Math.max(NODE_LIMITS.minHeartbeatMs, Math.min(heartbeatMs, deadlineMs / BEATS_WITHIN_DEADLINE)),
    deadlineMs,
  }
}

/**
 * Checks what TypeScript cannot check.
 *
 * @throws {RangeError}
 * @throws {TypeError}
 * @throws {EndpointError}
 * @throws {CurveRequiredError} When others could read the traffic to a node on its way.
 */
export function checkNodes(
  nodes: readonly NodeOptions[],
  heartbeat: HeartbeatOptions,
  { startMs = 0, stopMs = 0 }: { readonly startMs?: number | undefined; readonly stopMs?: number | undefined } = {},
): void {
  const names = new Set<string>()
  expectOptions('start a system: heartbeat', heartbeat, HEARTBEAT_OPTIONS)
  for (const node of nodes) {
    expectOptions('start a system: a node', node, NODE_OPTIONS)
    const { name, threads = 1, endpoint, curve } = node
    if (typeof name !== 'string' || name === '')
      throw new TypeError('Cannot start a system: a node has no name; give it one, such as { name: "a" }')
    expectName('start a system', `the name of a node`, name)
    if (names.has(name))
      throw new TypeError(`Cannot start a system: two nodes are called ${name}; give each a name of its own`)
    names.add(name)
    const range = { from: 1, to: NODE_LIMITS.maxThreads, isWhole: true }
    expectNumber('start a system', `threads of node ${name}`, threads, range)
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
    curveClient(curve)
  }
  const problem = heartbeatProblem({ ...DEFAULT_HEARTBEAT, ...withoutUndefined(heartbeat) })
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

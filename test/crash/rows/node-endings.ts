import type { DownReason } from '@zera/core/internal'

interface Common {
  readonly name: string
  /** Where the actor lives that dies: on a node that is a child process, or in a process to itself. */
  readonly place: 'node' | 'own-process'
  readonly text: string
  /** Of the system's process. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

/** A thread of the node ends, and the node goes on. */
interface ThreadOfNodeEnding extends Common {
  readonly of: 'thread'
  /** How it ends from inside; a kill comes from outside. */
  readonly thread: 'kill' | 'exit' | 'throw' | 'heap-limit'
  /** What `host-down` says of it. */
  readonly down: { readonly reason: DownReason; readonly exitCode: number }
}

/** The process of the node, or of the actor, gets a signal. */
interface NodeProcessEnding extends Common {
  readonly of: 'node'
  readonly kill: NodeJS.Signals
  readonly down: { readonly reason: 'unreachable' | 'crashed'; readonly exitCode: number }
}

/** The main thread of the system ends, and its process with it. */
interface SystemEnding extends Common {
  readonly of: 'main'
}

const GOES_ON = { place: 'node', exitCode: 0, signal: null } as const
const ALONE = { place: 'own-process', exitCode: 0, signal: null } as const
const UNREACHABLE = { reason: 'unreachable', exitCode: 1 } as const

/** Every way to end. */
export const NODE_ENDINGS = [
  {
    name: 'kill',
    of: 'thread',
    text: 'the system kills a thread of a node',
    thread: 'kill',
    down: { reason: 'killed', exitCode: 1 },
    ...GOES_ON,
  },
  {
    name: 'exit',
    of: 'thread',
    text: 'a thread of a node calls process.exit(7)',
    thread: 'exit',
    down: { reason: 'exited', exitCode: 7 },
    ...GOES_ON,
  },
  {
    name: 'throw',
    of: 'thread',
    text: 'a timer callback in a thread of a node throws an uncaught error',
    thread: 'throw',
    down: { reason: 'threw', exitCode: 1 },
    ...GOES_ON,
  },
  {
    name: 'heap-limit',
    of: 'thread',
    text: 'a thread of a node reaches its heap limit',
    thread: 'heap-limit',
    down: { reason: 'heap-limit', exitCode: 1 },
    ...GOES_ON,
  },
  { name: 'node-SIGKILL', of: 'node', text: 'a node gets SIGKILL', kill: 'SIGKILL', down: UNREACHABLE, ...GOES_ON },
  { name: 'node-SIGHUP', of: 'node', text: 'a node gets SIGHUP', kill: 'SIGHUP', down: UNREACHABLE, ...GOES_ON },
  {
    name: 'node-suspended',
    of: 'node',
    text: 'a node gets SIGSTOP, and SIGCONT when it has been given up',
    kill: 'SIGSTOP',
    down: UNREACHABLE,
    ...GOES_ON,
  },
  { name: 'main-stop', of: 'main', text: 'main has nothing left to do after system.stop()', ...GOES_ON },
  { name: 'main-exit', of: 'main', text: 'main calls process.exit(3)', place: 'node', exitCode: 3, signal: null },
  {
    name: 'main-SIGTERM',
    of: 'main',
    text: 'the process of the system gets SIGTERM',
    place: 'node',
    exitCode: 143,
    signal: null,
  },
  {
    name: 'all-SIGTERM',
    of: 'main',
    text: 'the processes of the system and of its node get SIGTERM, as those of a service do',
    place: 'node',
    exitCode: 143,
    signal: null,
  },
  {
    name: 'main-SIGKILL',
    of: 'main',
    text: 'the process of the system gets SIGKILL',
    place: 'node',
    exitCode: null,
    signal: 'SIGKILL',
  },
  {
    name: 'process-kill',
    of: 'thread',
    text: 'the system kills the thread of an own-process actor',
    thread: 'kill',
    down: { reason: 'killed', exitCode: 1 },
    ...ALONE,
  },
  {
    name: 'process-exit',
    of: 'thread',
    text: 'an own-process actor calls process.exit(7)',
    thread: 'exit',
    down: { reason: 'exited', exitCode: 7 },
    ...ALONE,
  },
  {
    name: 'process-throw',
    of: 'thread',
    text: 'a timer callback of an own-process actor throws an uncaught error',
    thread: 'throw',
    down: { reason: 'threw', exitCode: 1 },
    ...ALONE,
  },
  {
    name: 'process-SIGSEGV',
    of: 'node',
    text: 'the process of an own-process actor gets SIGSEGV',
    kill: 'SIGSEGV',
    down: { reason: 'crashed', exitCode: 139 },
    ...ALONE,
  },
  {
    name: 'process-SIGABRT',
    of: 'node',
    text: 'the process of an own-process actor gets SIGABRT',
    kill: 'SIGABRT',
    down: { reason: 'crashed', exitCode: 134 },
    ...ALONE,
  },
  {
    name: 'process-SIGKILL',
    of: 'node',
    text: 'the process of an own-process actor gets SIGKILL',
    kill: 'SIGKILL',
    down: { reason: 'crashed', exitCode: 137 },
    ...ALONE,
  },
  {
    name: 'process-main-stop',
    of: 'main',
    text: 'main has nothing left to do after system.stop(), with an own-process actor',
    ...ALONE,
  },
  {
    name: 'process-main-exit',
    of: 'main',
    text: 'main calls process.exit(3), with an own-process actor',
    place: 'own-process',
    exitCode: 3,
    signal: null,
  },
  {
    name: 'process-main-SIGTERM',
    of: 'main',
    text: 'the process of a system with an own-process actor gets SIGTERM',
    place: 'own-process',
    exitCode: 143,
    signal: null,
  },
  {
    name: 'process-main-SIGKILL',
    of: 'main',
    text: 'the process of a system with an own-process actor gets SIGKILL',
    place: 'own-process',
    exitCode: null,
    signal: 'SIGKILL',
  },
] as const satisfies readonly (ThreadOfNodeEnding | NodeProcessEnding | SystemEnding)[]

/** One way for what a system has in another process to end, or for the system itself. */
export type NodeEnding = (typeof NODE_ENDINGS)[number]

export type NodeEndingName = NodeEnding['name']

/** The ending of that name. */
export function nodeEndingOf(name: NodeEndingName): NodeEnding {
  return NODE_ENDINGS.find(ending => ending.name === name) as NodeEnding
}

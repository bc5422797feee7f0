import {
  FLAG,
  NUMBER,
  SIGNAL,
  expectName,
  expectNumber,
  expectOptions,
  expectWorkerSettings,
  oneOf,
  optionNames,
  type WaitOptions,
  type WorkerSettings,
  expectModuleUrl,
} from '@zera/core/internal'
import { isDefinition } from '../model/definition.js'
import type { Store } from '../model/durability/store.js'
import { computeLimits, type ComputeLimits } from '../model/jobs/compute-options.js'
import { LOG_LEVELS, type LogOptions } from '../model/log.js'
import { checkNodes, type HeartbeatOptions, type NodeOptions } from '../model/nodes/node-options.js'
import { expectObserver, type ObserverOptions } from '../model/observing/observer-options.js'

const MAX_THREADS = 1024

const SYSTEM_OPTIONS = optionNames<SystemOptions & WaitOptions>({
  threads: true,
  spares: true,
  spareProcesses: true,
  nodes: true,
  heartbeat: true,
  root: true,
  container: true,
  store: true,
  name: true,
  startMs: NUMBER,
  stopMs: NUMBER,
  stopTimeoutMs: NUMBER,
  log: true,
  times: FLAG,
  observer: true,
  compute: true,
  maxDeadLetters: true,
  env: true,
  argv: true,
  execArgv: true,
  stdout: true,
  stderr: true,
  handleSignals: FLAG,
  signal: SIGNAL,
  timeoutMs: NUMBER,
})
const STORE_OPTIONS = optionNames<Store>({ definition: true, props: true })
const LOG_OPTIONS = optionNames<LogOptions>({ level: oneOf(...LOG_LEVELS), sink: true })

/** The options of a system. */
export interface SystemOptions {
  /**
   * Threads for `shared` actors. Default: the number of the machine's cores minus one, at least 1. 0 puts them on the
   * main thread.
   */
  readonly threads?: number | undefined
  /**
   * Additional threads kept ready. A spare replaces a thread that dies, or becomes the thread of an `own-thread` actor,
   * in a fraction of the time that starting a thread takes. Spares import the modules of the actors that were started
   * so far. Default 0.
   */
  readonly spares?: number | undefined
  /** Additional processes kept ready for `own-process` actors, each with one thread, as `spares` are for others. Default 0. */
  readonly spareProcesses?: number | undefined
  /**
   * Processes that lend threads to the system, on this machine or elsewhere. Actors with `placement: 'any-node'` live
   * there. Default none.
   */
  readonly nodes?: readonly NodeOptions[] | undefined
  /** How long a node, or the process of an `own-process` actor, may be silent. */
  readonly heartbeat?: HeartbeatOptions | undefined
  /**
   * The directory of the modules of actors, which nodes elsewhere have under their own `--root`. Default: that of the
   * main module.
   */
  readonly root?: URL | string | undefined
  /**
   * The module that fills the container of each thread: `new URL('../actor/container.js', import.meta.url)`. Its
   * default export is a `ContainerSetup`.
   */
  readonly container?: URL | string | undefined
  /**
   * Where the state of durable actors is kept: `sqlite('app.db')` of `@zera/store`. An actor on a thread of its own
   * owns it, which starts before and stops after all others. Default none: then no actor can be durable.
   */
  readonly store?: Store | undefined
  /** The system's name in the names of its threads. Default `'zera'`. */
  readonly name?: string | undefined
  /** Milliseconds until each thread must be ready. Default 10,000; with nodes that have an endpoint at most 600,000. */
  readonly startMs?: number | undefined
  /**
   * Milliseconds that each thread has to close when the system stops, after its actors have stopped. Default 5,000;
   * with nodes that have an endpoint at most 600,000.
   */
  readonly stopMs?: number | undefined
  /**
   * Milliseconds that the stop of the system may take in all, whatever hangs. It applies to `stop()`, `await using`, a
   * signal, and the end of the system's own supervisor. After half of it, the system hurries all that still stops.
   * After four fifths, it kills the threads and processes that are left. Default 20,000; Infinity waits for as long as
   * each takes.
   */
  readonly stopTimeoutMs?: number | undefined
  /**
   * What `log` writes, and where. Default: levels from `info` up, to the standard output. `false` writes nothing, in
   * whichever thread or process: neither what actors and the program log, nor what the system logs by itself. Events
   * and errors are as ever.
   */
  readonly log?: LogOptions | false | undefined
  /**
   * Whether the system measures how long messages wait and are handled, for `System.times`. It costs up to 7 % of the
   * rate of the smallest messages inside one thread, and next to nothing else. Nodes and own processes always measure
   * theirs. Default true.
   */
  readonly times?: boolean | undefined
  /**
   * Whether a page shows the system in a browser, see `@zera/observer`, which is to be installed for it. It is served
   * by a thread of its own, at an address of this machine alone, to whoever has the token in `Observer.url`. Default
   * false.
   */
  readonly observer?: boolean | ObserverOptions | undefined
  /** The limits of `compute`. Default: as many threads as the machine has cores, started when first needed. */
  readonly compute?: ComputeLimits | undefined
  /**
   * How many dead letters the system keeps for inspection and replay; beyond that, the oldest gives way. Default 1,000;
   * together they never take more than 64 MiB.
   */
  readonly maxDeadLetters?: number | undefined
  /**
   * The environment of the threads that actors live on, including spare ones and those of `compute`. Default: each gets
   * a copy of the process's environment. Nodes and own processes have that of the command that starts them, or of this
   * process.
   */
  readonly env?: WorkerSettings['env'] | undefined
  /** The elements of `process.argv` in those threads after the first two. Default none. */
  readonly argv?: WorkerSettings['argv'] | undefined
  /** Options of Node for those threads, such as `['--import', './hooks.js']`. Default: those of the process. */
  readonly execArgv?: WorkerSettings['execArgv'] | undefined
  /**
   * Whether the `process.stdout` output of actors, including `console.log`, goes to `System.stdout` instead of the
   * process's standard output. It does not cover the output of `log`, jobs, nodes and own processes. Default false.
   */
  readonly stdout?: boolean | undefined
  /** The same of `process.stderr` and `System.stderr`. */
  readonly stderr?: boolean | undefined
  /**
   * Whether SIGINT and SIGTERM stop the system and end the process with 130 and 143; a second one forces the end.
   * Default true.
   *
   * If the program has its own handler for the signal, the end of the process is the program's, and so is the exit
   * code. The system goes on serving what the program finishes. It stops when the program calls `stop()`, when the
   * program has nothing else to do, or when half of `stopTimeoutMs` has passed since the signal; `system.stopped` says
   * when.
   */
  readonly handleSignals?: boolean | undefined
}

/**
 * Checks what TypeScript cannot. Returns the options with the addresses of modules as URLs.
 *
 * @throws {RangeError} When `threads`, `spares` or `spareProcesses` is no whole number from 0 to 1024, another number
 *   is negative or none, or a name has a character that no name has.
 * @throws {TypeError} When there is no such option, `container`, `log.sink` or `root` is neither a URL nor an absolute
 *   path, or Node does not take `env`, `argv` or `execArgv` for a thread.
 */
export function checkOptions(options: SystemOptions & WaitOptions): SystemOptions & WaitOptions {
  expectOptions('start a system', options, SYSTEM_OPTIONS)
  expectLog(options.log)
  const {
    threads = 1,
    spares = 0,
    spareProcesses = 0,
    startMs = 0,
    stopMs = 0,
    stopTimeoutMs = 0,
    maxDeadLetters = 0,
    container,
    log,
  } = options
  for (const [name, count] of Object.entries({ threads, spares, spareProcesses }))
    expectNumber('start a system', name, count, { to: MAX_THREADS, isWhole: true })
  for (const [name, ms] of Object.entries({ startMs, stopMs, stopTimeoutMs })) expectNumber('start a system', name, ms)
  if (options.name !== undefined) expectName('start a system', 'name', options.name)
  expectWorkerSettings('start a system', settingsOf(options))
  computeLimits(options.compute)
  checkNodes(options.nodes ?? [], options.heartbeat ?? {}, { startMs, stopMs })
  expectObserver(options.observer)
  expectStore(options.store)
  expectNumber('start a system', 'maxDeadLetters', maxDeadLetters, { isWhole: true })
  return {
    ...options,
    ...addressOf('container', container, "new URL('./container.js', import.meta.url)"),
    ...addressOf('root', options.root, "new URL('./', import.meta.url)"),
    ...(typeof log === 'object'
      ? { log: { ...log, ...addressOf('sink', log.sink, "new URL('./log.js', import.meta.url)") } }
      : {}),
  }
}

function expectStore(store: Store | undefined): void {
  if (store === undefined) return
  expectOptions('start a system: store', store, STORE_OPTIONS)
  if (!isDefinition(store.definition))
    throw new TypeError(
      "Cannot start a system: store is none; pass what a function of @zera/store makes, such as sqlite('app.db')",
    )
}

function expectLog(log: LogOptions | false | undefined): void {
  if (log === undefined || log === false) return
  expectOptions('start a system: log', log, LOG_OPTIONS)
}

function addressOf<K extends string>(
  option: K,
  named: URL | string | undefined,
  remedy: string,
): { readonly [_ in K]?: string } {
  if (named === undefined) return {}
  return { [option]: expectModuleUrl('start a system', option, named, remedy) } as { readonly [_ in K]: string }
}

/** What of it Node gets when it starts a thread. */
export function settingsOf({ env, argv, execArgv, stdout, stderr }: WorkerSettings): WorkerSettings {
  return { env, argv, execArgv, stdout, stderr }
}

import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads'
import { messageOf } from '../../base/errors/thrown.js'
import { compileCacheFolder } from '../../base/runtime/node-features.js'
import { flagsOfThread } from './inherited-flags.js'

/** What Node's Worker lets its starter say of a thread. */
export interface WorkerSettings {
  /** The environment of the thread, which is a copy of its starter's by default; `SHARE_ENV` makes it the same. */
  readonly env?: WorkerOptions['env'] | undefined
  /** What its `process.argv` has behind the path of its module. Default none. */
  readonly argv?: readonly unknown[] | undefined
  /**
   * Options of Node for the thread, such as `['--import', './hooks.js']`. Default: those of the process, without
   * `--input-type`.
   */
  readonly execArgv?: readonly string[] | undefined
  /**
   * Whether what it writes to `process.stdout` is to be read by its starter, and not written to the process's own.
   * Default false.
   */
  readonly stdout?: boolean | undefined
  /** The same of `process.stderr`. */
  readonly stderr?: boolean | undefined
}

/**
 * Checks how the worker of a thread shall be. Nothing is started.
 *
 * @throws {TypeError} When a value is of another type, or Node takes an option for no option of a thread: its own error
 *   is the `cause`.
 */
export function expectWorkerSettings(action: string, settings: WorkerSettings): void {
  const { env, argv, execArgv, stdout, stderr } = settings
  if (env !== undefined && env !== SHARE_ENV && (typeof env !== 'object' || (env as unknown) === null))
    throw new TypeError(`Cannot ${action}: env must be an object of texts, or SHARE_ENV`)
  for (const [name, list] of Object.entries({ argv, execArgv }))
    if (list !== undefined && !Array.isArray(list)) throw new TypeError(`Cannot ${action}: ${name} must be an array`)
  for (const argument of execArgv ?? [])
    if (typeof argument !== 'string')
      throw new TypeError(`Cannot ${action}: execArgv must be an array of texts, not of ${typeof argument}`)
  for (const [name, flag] of Object.entries({ stdout, stderr }))
    if (flag !== undefined && typeof flag !== 'boolean')
      throw new TypeError(`Cannot ${action}: ${name} must be true or false`)
  if (execArgv !== undefined || env !== undefined) expectNodeTakes(action, settings)
}

/** The settings of a worker as Node has them, without those that are Node's defaults. */
export function workerSettings({ env = ownEnv(), argv, stdout, stderr, ...settings }: WorkerSettings): WorkerOptions {
  const execArgv = settings.execArgv ?? flagsOfThread(process.execArgv)
  return {
    ...(env === undefined ? {} : { env }),
    ...(argv === undefined ? {} : { argv: [...argv] }),
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
  }
}

/** With the folder for compiled code that the program has chosen, if it has: a thread learns of it by this alone. */
function ownEnv(): WorkerOptions['env'] {
  const folder = compileCacheFolder()
  return folder === undefined ? undefined : { ...process.env, NODE_COMPILE_CACHE: folder }
}

/**
 * Node alone knows which options a thread may have, and says so before it looks at the data: with data that cannot be
 * copied no thread is started.
 */
function expectNodeTakes(action: string, settings: WorkerSettings): void {
  try {
    void new Worker('', { ...workerSettings(settings), eval: true, workerData: () => undefined }).terminate()
  } catch (error) {
    // What says that the data cannot be copied has a number.
    const { code } = error as { readonly code?: unknown }
    if (typeof code === 'string' && code.startsWith('ERR_'))
      throw new TypeError(`Cannot ${action}: Node does not take execArgv or env for a thread: ${messageOf(error)}`, {
        cause: error,
      })
  }
}

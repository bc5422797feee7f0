import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { delimiter } from 'node:path'
import { nodeFolder } from './nodes.js'

/** How a command runs. */
export interface RunOptions {
  readonly cwd: string
  /** The major version of the Node that comes first on its PATH. Default: the one that runs this. */
  readonly node?: string | undefined
  /** Folders of commands, in front of all others but that of Node. */
  readonly path?: readonly string[]
  /** Variables to add to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** After which it is killed. Default two minutes. */
  readonly timeoutMs?: number
}

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly command: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface Running {
  readonly process: ChildProcess
  /** Resolves with all that it has printed, once that matches. Rejects when it ends before. */
  printed(pattern: RegExp): Promise<string>
  readonly ended: Promise<Ended>
}

/**
 * What a parent of this process set for itself, such as a test runner, is not for a command of a user. Whom the machine
 * trusts is.
 */
const OWN_VARIABLES = /^(npm_|NODE_(?!EXTRA_CA_CERTS)|VITEST|TEST$|DEV$|MODE$|PROD$|SSR$|BASE_URL$|INIT_CWD$|PNPM_)/i

/** Starts a command in a project. It is killed, with all that it has started, when it takes too long. */
export async function start(
  command: string,
  args: readonly string[],
  { cwd, node, path = [], env = {}, timeoutMs = 120_000 }: RunOptions,
): Promise<Running> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_VARIABLES.test(name)))
  const folders = [...(node === undefined ? [] : [await nodeFolder(node)]), ...path, process.env['PATH'] ?? '']
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, PATH: folders.join(delimiter), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const timer = setTimeout(() => {
    stderr += `\nIt was killed after ${timeoutMs} ms.`
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, timeoutMs)
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    clearTimeout(timer)
    return {
      command: [command, ...args].join(' '),
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr,
    }
  })
  return {
    process: child,
    ended,
    printed: pattern =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stdout)) resolve(stdout)
        }
        look()
        child.stdout.on('data', look)
        ended.then(end => reject(new Error(`It ended before it printed ${pattern}.\n${describeEnd(end)}`)), reject)
      }),
  }
}

/** Runs a command to its end. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return (await start(command, args, options)).ended
}

/** @throws When a command has not ended with 0, has not printed just this, or has warned. */
export function expectOutput(ended: Ended, stdout: string): void {
  if (ended.code !== 0 || ended.stdout !== stdout || ended.stderr !== '')
    throw new Error(`It should print ${JSON.stringify(stdout)} and end with 0.\n${describeEnd(ended)}`)
}

/** @throws When a command has not ended with 0. */
export function expectSuccess(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`It should end with 0.\n${describeEnd(ended)}`)
  return ended
}

/** What happened, to find the reason. */
export function describeEnd({ command, code, signal, stdout, stderr }: Ended): string {
  return `$ ${command}\n${stdout}${stderr}\n[ended with ${signal ?? code}]`
}

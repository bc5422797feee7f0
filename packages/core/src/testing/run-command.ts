import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program that runs as a process of its own. It is killed when it is disposed. */
export interface CommandRun extends AsyncDisposable {
  readonly pid: number
  /** What it has written to its standard error. */
  readonly stderr: string
  /** The next line of its output. */
  line(): Promise<string>
  kill(signal: NodeJS.Signals): void
  /** Reads nothing more of what it writes. */
  turnAway(): void
  readonly ended: Promise<{
    readonly exitCode: number | null
    readonly signal: string | null
    readonly stdout: string
    readonly stderr: string
  }>
}

/** How a program runs. */
export interface RunCommandOptions {
  /** Variables to add to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** The mask of the files that it makes, in octal digits. Default: that of this process. */
  readonly umask?: string
}

/** Runs a module as a process of its own, with Node. */
export function runCommand(module: URL, args: readonly string[], { env, umask }: RunCommandOptions = {}): CommandRun {
  const node = [process.execPath, fileURLToPath(module), ...args]
  const [command = '', ...rest] = umask === undefined ? node : ['sh', '-c', `umask ${umask}; exec "$0" "$@"`, ...node]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'close').then(([exitCode, signal]) => ({
    exitCode: exitCode as number | null,
    signal: signal as string | null,
    stdout,
    stderr,
  }))
  return {
    pid: child.pid as number,
    get stderr() {
      return stderr
    },
    line: async () => (await lines.next()).value as string,
    turnAway: () => {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    kill: signal => void child.kill(signal),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

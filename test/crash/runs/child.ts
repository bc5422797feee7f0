import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { withoutEvents } from '../../without-events.js'

/** How a process ended, and what it wrote. */
export interface ChildEnd {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly isHung: boolean
  readonly durationMs: number
  readonly lines: readonly string[]
  /** What it wrote to the standard error, without what a system writes there of failures. */
  readonly errorText: string
}

/** How a process is run. */
export interface ChildOptions {
  readonly nodeOptions?: readonly string[]
  /** Variables besides those of this process. */
  readonly environment?: NodeJS.ProcessEnv
  /** Descriptors that it may have. Default: as many as this one. */
  readonly maxDescriptors?: number | undefined
  /** Milliseconds until it is taken to hang, and killed. */
  readonly deadlineMs: number
  /** Gets each line that it writes, as it does. */
  readonly onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void
}

/**
 * Runs a module of the crash matrix, as in `scenarios/scenario.js`, in a process of its own, with one argument, to its
 * end.
 */
export async function runChild(
  module: string,
  argument: unknown,
  { nodeOptions = [], environment = {}, maxDescriptors, deadlineMs, onLine }: ChildOptions,
): Promise<ChildEnd> {
  const startedAt = performance.now()
  const file = new URL(`../${module}`, import.meta.url).pathname
  const command = [process.execPath, ...nodeOptions, file, JSON.stringify(argument)]
  // Only a shell can set the limit, which Node would else raise to the hard one.
  const [program = '', ...args] =
    maxDescriptors === undefined ? command : ['sh', '-c', `ulimit -n ${maxDescriptors} && exec "$@"`, 'sh', ...command]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  let isHung = false
  const deadline = setTimeout(() => {
    isHung = true
    child.kill('SIGKILL')
  }, deadlineMs)
  const lines: string[] = []
  let [rest, errorText] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const [first = '', ...others] = (rest + text).split('\n')
    for (const line of [first, ...others].slice(0, -1)) {
      lines.push(line)
      onLine?.(line, signal => child.kill(signal))
    }
    rest = others.at(-1) ?? first
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errorText += text))
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearTimeout(deadline)
  return {
    exitCode,
    signal,
    isHung,
    durationMs: Math.round(performance.now() - startedAt),
    lines,
    errorText: withoutEvents(errorText),
  }
}

/** Names what is wrong in how a process ended. */
export function judgeEnd({ exitCode, signal, isHung }: ChildEnd, expectedExitCode: number): string[] {
  if (isHung) return ['it hung and was killed']
  if (signal !== null) return [`it ended by ${signal}`]
  return exitCode === expectedExitCode ? [] : [`it ended with exit code ${exitCode}, should be ${expectedExitCode}`]
}

/** The report in the last line of a process. */
export function lastReport({ lines }: ChildEnd): unknown {
  const last = lines.at(-1)
  return last?.startsWith('{') === true ? (JSON.parse(last) as unknown) : undefined
}

/** Whether a process has not ended. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

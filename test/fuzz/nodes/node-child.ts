import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const NODE = fileURLToPath(new URL('../../../../packages/actors/dist/bundle/command/main.js', import.meta.url))
const COUNTS =
  /since the start, (\d+) of \d+ sessions were ended because of invalid messages, and (\d+) messages without a session could not be read/

/** A node that is a child of this process. */
export class NodeChild {
  readonly endpoint: string
  readonly #child: ChildProcess
  readonly #ended: Promise<readonly [number | null, string | null]>
  readonly #stderr: string[]

  private constructor(child: ChildProcess, endpoint: string, stderr: string[]) {
    this.#child = child
    this.endpoint = endpoint
    this.#stderr = stderr
    this.#ended = once(child, 'close') as Promise<[number | null, string | null]>
  }

  /** Starts one, and resolves when it listens. */
  static async start(...args: readonly string[]): Promise<NodeChild> {
    const child = spawn(process.execPath, [NODE, '--listen', 'tcp://127.0.0.1:*', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const stderr: string[] = []
    child.stderr.on('data', (chunk: Buffer) => void stderr.push(chunk.toString()))
    const { value: line } = (await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()) as {
      value: string | undefined
    }
    const endpoint = /^node: (\S+) lends/.exec(line ?? '')?.[1]
    if (endpoint === undefined) throw new Error(`The node did not start: ${line ?? stderr.join('')}`)
    return new NodeChild(child, endpoint, stderr)
  }

  /** Whether it has not ended. */
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** What it has written to its standard error. */
  get stderr(): string {
    return this.#stderr.join('')
  }

  /**
   * How many sessions it has ended because of invalid messages, and how many messages without a session it could not
   * read. It says so when it ends.
   */
  get counts(): { readonly faults: number; readonly strays: number } {
    const [, faults, strays] = COUNTS.exec(this.stderr) ?? []
    return { faults: Number(faults), strays: Number(strays) }
  }

  /** Ends it as Ctrl-C does, and says how it has ended. */
  async stop(): Promise<string> {
    this.#child.kill('SIGINT')
    const [exitCode, signal] = await this.#ended
    return signal ?? String(exitCode)
  }
}

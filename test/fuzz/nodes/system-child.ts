import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { CurveClient } from '@zera/core'

/** What a system is started with. */
export interface SystemSeed {
  readonly endpoint: string
  /** How many nodes it has, all of them there. */
  readonly nodes: number
  readonly curve: CurveClient | undefined
}

/** How a system is. */
export interface SystemReport {
  /** Sessions that it has ended for what nodes had said, by its snapshot. */
  readonly faults: number
  /** Of as many it has told. */
  readonly events: number
  /** Nodes whose thread runs. */
  readonly running: number
  /** What an actor of it answers that is asked to say hello. */
  readonly answer: string
}

const MAIN = fileURLToPath(new URL('./system-main.js', import.meta.url))

/** A real system that is a child of this process. */
export class SystemChild {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<readonly [number | null, string | null]>
  #stderr = ''

  constructor(seed: SystemSeed) {
    this.#child = spawn(process.execPath, [MAIN, JSON.stringify(seed)], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()))
    this.#lines = createInterface({ input: this.#child.stdout as NonNullable<ChildProcess['stdout']> })[
      Symbol.asyncIterator
    ]()
    this.#ended = once(this.#child, 'close') as Promise<[number | null, string | null]>
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  get stderr(): string {
    return this.#stderr
  }

  /**
   * Resolves when it has started.
   *
   * @throws {Error} When it has ended.
   */
  async started(): Promise<void> {
    await this.#read()
  }

  /**
   * How it is now.
   *
   * @throws {Error} When it has ended.
   */
  report(): Promise<SystemReport> {
    this.#child.stdin?.write('report\n')
    return this.#read()
  }

  /** Stops it, and says how it has ended. */
  async stop(): Promise<string> {
    this.#child.stdin?.end('stop\n')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 60_000)
    const [exitCode, signal] = await this.#ended
    clearTimeout(timer)
    return signal ?? String(exitCode)
  }

  async #read(): Promise<SystemReport> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`The system has ended: ${this.#stderr.slice(-2000)}`)
    return JSON.parse(value) as SystemReport
  }
}

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Broker, BrokerOptions, BrokerStatistics } from '@zera/devices'

/** The orders of a broker in a child process. */
export type BrokerChildWord =
  | 'report'
  | 'stop'
  | { readonly clients: readonly string[] }
  | { readonly workers: readonly string[] }

/** How a broker in a child process is. */
export interface BrokerChildReport {
  readonly statistics: BrokerStatistics
  readonly rssBytes: number
  /** Lines that it has logged. */
  readonly lines: number
}

const MAIN = fileURLToPath(new URL('./broker-main.js', import.meta.url))

/** A broker in a process of its own, whose death and memory can be seen. */
export class BrokerChild implements AsyncDisposable {
  readonly endpoint: string
  readonly workerEndpoint: string
  readonly #child: ChildProcess
  readonly #ended: Promise<readonly [number | null, string | null]>

  private constructor(child: ChildProcess, [endpoint, workerEndpoint]: readonly [string, string]) {
    this.#child = child
    this.endpoint = endpoint
    this.workerEndpoint = workerEndpoint
    this.#ended = once(child, 'close') as Promise<[number | null, string | null]>
  }

  static async start(options: Omit<BrokerOptions, 'clock' | 'log' | 'signal'>): Promise<BrokerChild> {
    const child = fork(MAIN, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [said] = (await once(child, 'message')) as [Pick<Broker, 'endpoints' | 'workerEndpoints'>]
    return new BrokerChild(child, [said.endpoints[0], said.workerEndpoints[0]])
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  report(): Promise<BrokerChildReport> {
    return this.#tell('report')
  }

  async setClients(clients: readonly string[]): Promise<void> {
    await this.#tell({ clients })
  }

  async setWorkers(workers: readonly string[]): Promise<void> {
    await this.#tell({ workers })
  }

  /** Stops it, and says how its process has ended: `'0'` when all is well. */
  async stop(): Promise<string> {
    if (this.isAlive) this.#child.send('stop' satisfies BrokerChildWord)
    return this.#end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#end()
  }

  async #tell(word: BrokerChildWord): Promise<BrokerChildReport> {
    if (!this.isAlive) throw new Error(`The broker has ended with ${await this.#end()}`)
    this.#child.send(word)
    const said = await Promise.race([once(this.#child, 'message') as Promise<[BrokerChildReport]>, this.#ended])
    if (typeof said[0] !== 'object' || said[0] === null)
      throw new Error(`The broker has ended with ${String(said[1] ?? said[0])}`)
    return said[0]
  }

  async #end(): Promise<string> {
    const [exitCode, signal] = await this.#ended
    return signal ?? String(exitCode)
  }
}

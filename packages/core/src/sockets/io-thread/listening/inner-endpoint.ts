import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateDirectory } from './private-directory.js'
import type { InnerAddress } from './relayed-connection.js'

/**
 * Where ZeroMQ is bound behind a relay: a socket in a directory that only this user can enter, and that is made for it.
 * Where there is none, it is a port of the loopback interface: other users of the machine can find it and get around
 * the limits then, but not around CURVE.
 */
export class InnerEndpoint {
  /** What ZeroMQ binds. */
  readonly endpoint: string
  readonly #directory = makePrivateDirectory()

  constructor() {
    this.endpoint = this.#directory === undefined ? 'tcp://127.0.0.1:*' : `ipc://${join(this.#directory, 's')}`
  }

  /** Where it is, as ZeroMQ has bound it. */
  static addressOf(bound: string): InnerAddress {
    if (bound.startsWith('ipc://')) return { path: bound.slice('ipc://'.length) }
    return { host: '127.0.0.1', port: Number(bound.slice(bound.lastIndexOf(':') + 1)) }
  }

  remove(): void {
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true })
  }
}

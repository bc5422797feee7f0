import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hideSocket, type HiddenSocket } from '../../hidden-socket.js'
import { makePrivateDirectory } from './private-directory.js'
import type { InnerAddress } from './relayed-connection.js'

/**
 * Where ZeroMQ is bound behind a relay: a socket in a directory that only this user can enter, and that is made for it.
 * Where it can be hidden, the directory goes as soon as ZeroMQ listens, so that nothing stays behind when the process
 * is killed. Where there is no such directory, it is a port of the loopback interface: other users of the machine can
 * find it and get around the limits then, but not around CURVE.
 */
export class InnerEndpoint {
  /** What ZeroMQ binds. */
  readonly endpoint: string
  readonly #directory = makePrivateDirectory()
  #hidden: HiddenSocket | undefined

  constructor() {
    this.endpoint = this.#directory === undefined ? 'tcp://127.0.0.1:*' : `ipc://${this.#path(this.#directory)}`
  }

  /** ZeroMQ has bound it, as it says. Returns where it is reached. */
  bound(endpoint: string): InnerAddress {
    const directory = this.#directory
    if (directory === undefined)
      return { host: '127.0.0.1', port: Number(endpoint.slice(endpoint.lastIndexOf(':') + 1)) }
    const path = this.#path(directory)
    this.#hidden = hideSocket(path)
    if (this.#hidden === undefined) return { path }
    this.#removeDirectory()
    return { path: this.#hidden.path }
  }

  /** It is no longer reached. */
  remove(): void {
    this.#hidden?.close()
    this.#removeDirectory()
  }

  #path(directory: string): string {
    return join(directory, 's')
  }

  #removeDirectory(): void {
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true })
  }
}

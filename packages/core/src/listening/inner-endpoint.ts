import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InnerAddress } from './relayed-connection.js'

/** Bytes of the path of a socket that every system takes. */
const MAX_PATH_BYTES = 100

/** A way to ZeroMQ that is being opened. */
export interface Meeting {
  /** Has ZeroMQ connect to an endpoint. */
  connect(endpoint: string): Promise<void>
  met(inner: Socket): void
  failed(): void
}

let ways = 0

/**
 * Where ZeroMQ is bound behind a relay: a socket in a directory that only this user can enter, and that is made for it. Where there are none that ZeroMQ and Node both know, or no directory has a path
 * that is short enough, it is a port of the loopback interface: other users of the machine can find it and get around the limits then, but not around CURVE.
 */
export class InnerEndpoint {
  /** What ZeroMQ binds. */
  readonly endpoint: string
  readonly #directory: string | undefined

  constructor() {
    this.#directory = process.platform === 'win32' ? undefined : makeDirectory()
    this.endpoint = this.#directory === undefined ? 'tcp://127.0.0.1:*' : `ipc://${join(this.#directory, 's')}`
  }

  /** Where it is, as ZeroMQ has bound it. */
  static addressOf(bound: string): InnerAddress {
    if (bound.startsWith('ipc://')) return { path: bound.slice('ipc://'.length) }
    return { host: '127.0.0.1', port: Number(bound.slice(bound.lastIndexOf(':') + 1)) }
  }

  /** Whether ZeroMQ can be had to connect, where nobody else can. */
  get canMeet(): boolean {
    return this.#directory !== undefined
  }

  /** Has ZeroMQ connect to this side. Returns what gives it up. */
  meet(meeting: Meeting): () => void {
    ways += 1
    const path = join(this.#directory as string, String(ways))
    const server = createServer(inner => {
      server.close()
      meeting.met(inner)
    })
    const fail = (): void => meeting.failed()
    server.on('error', fail)
    server.listen(path, () => void meeting.connect(`ipc://${path}`).catch(fail))
    return () => void server.close()
  }

  remove(): void {
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true })
  }
}

function makeDirectory(): string | undefined {
  for (const parent of [tmpdir(), '/tmp']) {
    const prefix = join(parent, 'zera-')
    if (Buffer.byteLength(prefix) + 8 > MAX_PATH_BYTES) continue
    // Its mode is 0700.
    return mkdtempSync(prefix)
  }
  return undefined
}

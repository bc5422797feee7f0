import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SocketType } from '@zera/core'

/** The Python that Debian installs packages for. */
export const PYTHON = '/usr/bin/python3'
const PROGRAM = fileURLToPath(new URL('../../interop/peer.py', import.meta.url))

/** Whether Debian's python3-zmq is installed. */
export const hasPythonZmq = spawnSync(PYTHON, ['-c', 'import zmq']).status === 0

/** The name of a suite, which says why it is skipped where it is. */
export function suiteName(name: string): string {
  return hasPythonZmq ? name : `${name} (skipped: python3-zmq is not installed; apt-get install python3-zmq)`
}

type Message = string | Uint8Array | readonly (string | Uint8Array)[]

/** A socket of another process, in another language, with another version of libzmq. */
export interface PythonSocket {
  bind(endpoint: string): Promise<string>
  connect(endpoint: string): Promise<void>
  subscribe(prefix: string | Uint8Array): Promise<void>
  send(message: Message): Promise<void>
  receive(): Promise<Buffer[]>
  /** Sends the same message until it would have to wait, and gives how many went. */
  fill(message: Message, limit: number): Promise<number>
  /** Receives frame by frame until one says END, and gives how many came before. */
  count(): Promise<number>
}

/** A Python process with sockets. */
export class PythonPeer {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #sockets = 0
  #last: Promise<unknown> = Promise.resolve()

  private constructor() {
    this.#child = spawn(PYTHON, [PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }) as unknown as ChildProcessWithoutNullStreams
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  static async start(): Promise<PythonPeer> {
    const peer = new PythonPeer()
    await peer.#lines.next()
    return peer
  }

  /** @param options Names of the options without ZMQ_, with their values. */
  async open(type: SocketType, options: Readonly<Record<string, string | number>> = {}): Promise<PythonSocket> {
    this.#sockets += 1
    const id = this.#sockets
    await this.#ask('socket', id, type, options)
    return {
      bind: async endpoint => (await this.#ask('bind', id, endpoint)) as string,
      connect: async endpoint => void (await this.#ask('connect', id, endpoint)),
      subscribe: async prefix => void (await this.#ask('subscribe', id, Buffer.from(prefix).toString('base64'))),
      send: async message => void (await this.#ask('send', id, pack(message))),
      receive: async () => ((await this.#ask('receive', id)) as string[]).map(frame => Buffer.from(frame, 'base64')),
      fill: async (message, limit) => (await this.#ask('fill', id, pack(message), limit)) as number,
      count: async () => (await this.#ask('count', id)) as number,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await ended
  }

  /** One command at a time: it works on them in order. */
  #ask(...command: readonly unknown[]): Promise<unknown> {
    const answer = this.#last.then(async () => {
      this.#child.stdin.write(`${JSON.stringify(command)}\n`)
      const { value: line } = (await this.#lines.next()) as { value: string | undefined }
      if (line === undefined) throw new Error(`The Python program ended at ${String(command[0])}`)
      const { value, error } = JSON.parse(line) as { value?: unknown; error?: string }
      if (error !== undefined) throw new Error(`The Python program failed at ${error}`)
      return value
    })
    this.#last = answer.catch(() => undefined)
    return answer
  }
}

/** Frames as texts. */
export function texts(frames: readonly Buffer[]): string[] {
  return frames.map(String)
}

function pack(message: Message): string[] {
  const frames = typeof message === 'string' || message instanceof Uint8Array ? [message] : message
  return frames.map(frame => Buffer.from(frame).toString('base64'))
}

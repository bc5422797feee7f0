import { describeThrown, type Frame, type Frames, type Sockets, throwUncaught } from '@zera/core'
import { Absence } from '../absence.js'
import { every, within } from '../clock.js'
import type { WorkerReply, WorkerSettings } from './broker-worker.js'
import { writeErrorReply } from './error-reply.js'
import { readWorkerMessage } from './mdp-peers.js'
import { fromWorker, workerReady, workerReply } from './mdp-messages.js'

/** A worker's dealings with its broker on one connection, from READY to the end. The protocol wants a new socket for the next. */
export class WorkerConversation {
  /** Resolves when it is over, for whatever reason, and its socket is closed. */
  readonly ended: Promise<void>
  readonly #socket: Sockets['DEALER']
  readonly #settings: WorkerSettings
  readonly #over = new AbortController()
  readonly #absence: Absence
  /** The request that is being handled, with those behind it: a broker that keeps to the protocol has sent one. */
  #work: Promise<void> = Promise.resolve()
  #heardMs: number
  #toldMs = -Infinity
  #isLeaving = false

  constructor(socket: Sockets['DEALER'], settings: WorkerSettings) {
    this.#socket = socket
    this.#settings = settings
    this.#heardMs = settings.clock.now()
    this.#absence = new Absence(settings.heartbeatMs / 4, this.#heardMs)
    this.ended = this.#run()
  }

  /** Finishes the request within the deadline, and takes leave of the broker. */
  async leave(deadlineMs: number): Promise<void> {
    this.#isLeaving = true
    await within(this.#settings.clock, deadlineMs, Promise.race([this.#work, this.ended]))
    if (!this.#over.signal.aborted) this.#tell(fromWorker(this.#settings.version, 'disconnect'))
    this.#over.abort()
    await this.ended
  }

  async #run(): Promise<void> {
    const { clock, version, service, heartbeatMs } = this.#settings
    const { signal } = this.#over
    this.#tell(workerReady(version, service))
    const stopHeartbeats = every(clock, heartbeatMs / 4, () => this.#beat())
    try {
      while (!signal.aborted) this.#hear(await this.#socket.receive({ signal }))
    } catch {
      // It is over, or the socket was lost; either way the next conversation begins with a new one.
    }
    this.#over.abort()
    stopHeartbeats()
    await this.#socket.close()
  }

  #beat(): void {
    const now = this.#settings.clock.now()
    this.#heardMs += this.#absence.look(now)
    if (now - this.#heardMs >= this.#settings.silenceMs) this.#over.abort()
    else if (now - this.#toldMs >= this.#settings.heartbeatMs) this.#tell(fromWorker(this.#settings.version, 'heartbeat'))
  }

  #hear(frames: Frames): void {
    const message = readWorkerMessage(frames, this.#settings.version)
    // What is none of the protocol is no sign of a broker.
    if (message === undefined) return
    this.#heardMs = this.#settings.clock.now()
    if (message.kind === 'disconnect') this.#over.abort()
    else if (message.kind === 'request' && !this.#isLeaving) this.#work = this.#work.then(() => this.#handle(message.client, message.body)).catch(throwUncaught)
  }

  async #handle(client: Buffer, body: Frames): Promise<void> {
    try {
      const handled = this.#settings.handle(body, { signal: this.#over.signal })
      if (isGenerator(handled)) await this.#stream(client, handled)
      else await this.#reply(client, await handled, true)
    } catch (error) {
      // What the handler has thrown, or a reply that is none. When the socket is the reason, nobody waits for this one either.
      await this.#reply(client, writeErrorReply('failed', describeThrown(error)), true).catch(() => undefined)
    }
  }

  async #stream(client: Buffer, parts: AsyncGenerator<WorkerReply, WorkerReply | void, void>): Promise<void> {
    let isOver = false
    try {
      while (!isOver && !this.#over.signal.aborted) {
        const { done, value } = await parts.next()
        isOver = done === true
        await this.#reply(client, done === true ? (value ?? '') : value, isOver)
      }
    } finally {
      // One that has ended has nothing more to say.
      if (!isOver) await parts.return(undefined)
    }
  }

  async #reply(client: Buffer, reply: WorkerReply, isFinal: boolean): Promise<void> {
    if (this.#over.signal.aborted) return
    const frames = typeof reply === 'string' || reply instanceof Uint8Array ? [reply] : reply
    this.#toldMs = this.#settings.clock.now()
    // The protocol has no reply without a frame.
    await this.#socket.send(workerReply(this.#settings.version, client, frames.length === 0 ? [''] : frames, isFinal))
  }

  #tell(frames: Frame[]): void {
    this.#toldMs = this.#settings.clock.now()
    // What cannot be sent is as if the broker were away, and shows as its silence.
    this.#socket.send(frames).catch(() => undefined)
  }
}

function isGenerator<T>(handled: unknown): handled is AsyncGenerator<T, T | void, void> {
  return typeof handled === 'object' && handled !== null && Symbol.asyncIterator in handled
}

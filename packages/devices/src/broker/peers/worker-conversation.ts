import type { Frame, Frames, Sockets } from '@zera/core'
import { describeThrown, every, inRootContext, within } from '@zera/core/internal'
import { resultOf } from '../../base/call-result.js'
import type { DeviceLog } from '../../base/device-log.js'
import { Absence } from '../absence.js'
import { writeErrorReply } from '../protocol/error-reply.js'
import { fromWorker, workerReady, workerReply } from '../protocol/mdp-messages.js'
import { readWorkerMessage } from '../protocol/mdp-peers.js'
import type { WorkerFailures } from './worker-failure.js'
import type { WorkerSettings } from './worker-options.js'
import { replyFrames, tooLargeText } from './worker-reply.js'

/** Requests that may wait behind the one that is handled. A broker that keeps to the protocol sends none. */
const MOST_WAITING = 16

/**
 * A worker's dealings with its broker on one connection, from READY to the end. The protocol requires a new socket for
 * the next one.
 */
export class WorkerConversation {
  /** Resolves when it is over, for whatever reason, and its socket is closed. */
  readonly ended: Promise<void>
  readonly #socket: Sockets['DEALER']
  readonly #settings: WorkerSettings
  readonly #failures: WorkerFailures
  readonly #log: DeviceLog
  readonly #over = new AbortController()
  readonly #absence: Absence
  /** The request that is being handled, with those behind it: a broker that keeps to the protocol has sent one. */
  #work: Promise<void> = Promise.resolve()
  #underWay = 0
  #heardMs: number
  #toldMs = -Infinity
  #isLeaving = false

  constructor(socket: Sockets['DEALER'], settings: WorkerSettings, failures: WorkerFailures, log: DeviceLog) {
    this.#socket = socket
    this.#settings = settings
    this.#failures = failures
    this.#log = log
    this.#heardMs = settings.clock.now()
    this.#absence = new Absence(settings.heartbeatMs / 4, this.#heardMs)
    this.ended = this.#run()
  }

  /** Finishes the request within the deadline, and takes leave of the broker. */
  async leave(timeoutMs: number): Promise<void> {
    this.#isLeaving = true
    await within(this.#settings.clock, timeoutMs, Promise.race([this.#work, this.ended]))
    if (!this.#over.signal.aborted) this.#tell(fromWorker(this.#settings.version, 'disconnect'))
    this.#over.abort()
    await this.ended
  }

  async #run(): Promise<void> {
    const { clock, version, service, heartbeatMs } = this.#settings
    const { signal } = this.#over
    this.#tell(workerReady(version, service))
    const heartbeats = every(clock, heartbeatMs / 4, () => this.#beat())
    try {
      while (!signal.aborted) this.#hear(await this.#socket.receive({ signal }))
    } catch {
      // It is over, or the socket was lost; either way the next conversation begins with a new one.
    }
    this.#over.abort()
    heartbeats.cancel()
    await this.#socket.close()
  }

  #beat(): void {
    const now = this.#settings.clock.now()
    this.#heardMs += this.#absence.look(now)
    if (now - this.#heardMs >= this.#settings.silenceMs) this.#over.abort()
    else if (now - this.#toldMs >= this.#settings.heartbeatMs)
      this.#tell(fromWorker(this.#settings.version, 'heartbeat'))
  }

  #hear(frames: Frames): void {
    const message = readWorkerMessage(frames, this.#settings.version)
    if (message === undefined) return this.#breakOff('sent a message that is not of the protocol')
    this.#heardMs = this.#settings.clock.now()
    if (message.kind === 'disconnect') this.#over.abort()
    else if (message.kind === 'request' && !this.#isLeaving) this.#take(message.client, message.body)
  }

  /** The sender of this is not a broker, or not one for this worker. */
  #breakOff(why: string): void {
    this.#log.note(`${this.#settings.broker} ${why}; connecting anew`)
    this.#over.abort()
  }

  #take(client: Buffer, body: Frames): void {
    if (this.#underWay > MOST_WAITING) return this.#breakOff(`has sent ${this.#underWay} requests at a time`)
    this.#underWay += 1
    this.#work = this.#work
      .then(() => this.#handle(client, body))
      .catch((error: unknown) => this.#breakOff(`sent a request that cannot be handled: ${describeThrown(error)}`))
      .then(() => void (this.#underWay -= 1))
  }

  /** Handles a request. It never throws, whatever the handler does. */
  async #handle(client: Buffer, body: Frames): Promise<void> {
    const { signal } = this.#over
    if (signal.aborted) return
    try {
      const handled: unknown = inRootContext(() => this.#settings.handle(body, { signal }))
      if (isGenerator(handled)) await this.#stream(client, handled)
      else await this.#reply(client, (await resultOf(handled)).value, true)
    } catch (error) {
      // What the handler has thrown, or a reply that is none. When the socket is the reason, this error has no receiver either.
      const text = tooLargeText(error)
      const refusal =
        text === undefined ? writeErrorReply('failed', this.#failures.threw(error)) : writeErrorReply('too-large', text)
      await this.#reply(client, refusal, true, Infinity).catch(() => undefined)
    }
  }

  async #stream(client: Buffer, parts: Generating): Promise<void> {
    let isOver = false
    try {
      while (!isOver && !this.#over.signal.aborted) {
        const { value: step } = await resultOf(inRootContext(() => parts.next()))
        const { done, value } = step as IteratorResult<unknown>
        isOver = done === true
        await this.#reply(client, isOver ? (value ?? '') : value, isOver)
      }
    } finally {
      // One that has ended has nothing more to say.
      if (!isOver) await this.#end(parts)
    }
  }

  /** Ends a stream early. Errors of that do not affect the reply. */
  async #end(parts: Generating): Promise<void> {
    try {
      await resultOf(inRootContext(() => parts.return?.(undefined)))
    } catch (error) {
      this.#log.note(`a stream could not be ended: ${describeThrown(error)}`)
    }
  }

  async #reply(
    client: Buffer,
    reply: unknown,
    isFinal: boolean,
    maxBytes = this.#settings.maxMessageBytes,
  ): Promise<void> {
    if (this.#over.signal.aborted) return
    const frames = replyFrames(reply, maxBytes)
    this.#toldMs = this.#settings.clock.now()
    await this.#socket.send(workerReply(this.#settings.version, client, frames, isFinal))
  }

  #tell(frames: Frame[]): void {
    this.#toldMs = this.#settings.clock.now()
    // A failed send counts as if the broker were away, and shows as its silence.
    this.#socket.send(frames).catch(() => undefined)
  }
}

/** The result of a handler that streams. It need not be a native generator. */
interface Generating {
  next(): unknown
  return?(value: undefined): unknown
}

function isGenerator(handled: unknown): handled is Generating {
  return typeof handled === 'object' && handled !== null && Symbol.asyncIterator in handled
}

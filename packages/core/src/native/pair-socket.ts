import { isAscii } from 'node:buffer'
import { SocketError } from '../base/errors/errors.js'
import { trackResource } from '../base/owning/resources.js'
import { guardHeap } from '../words/heap-guard.js'
import { words } from '../words/this-thread.js'
import { parseEndpoint } from './endpoint.js'
import { createNative } from './native-socket.js'
import { uninterrupted } from './uninterrupted.js'
import type { Pair } from './zeromq.js'

const { gate } = words

const PLAIN = { sendHighWaterMark: 0, receiveHighWaterMark: 0, sendTimeout: 0, receiveTimeout: 0, linger: 0 }

let hasThreadEnded = false

/**
 * Lets no socket of this thread make a native call any more: they send and receive nothing from now on. For the exit
 * hook of a thread.
 *
 * After `process.exit()`, or an uncaught throw, V8 goes on with the microtasks that wait, and a native call that one of
 * them makes then takes the process along (hazard H1). The kill gate would not do: an exit hook of the user's that met
 * it would hang.
 */
export function endSockets(): void {
  hasThreadEnded = true
}

/** A frame as ZeroMQ gives it: one part, or none after the thread has ended. */
export type RawFrame = readonly Buffer[]

/**
 * A ZeroMQ PAIR socket that never has a native operation pending, so that its thread may die at any moment (hazard H1).
 * Each native call stands inside the thread's kill gate; frames are strings, which ZeroMQ copies (hazard H2).
 *
 * It sends and receives without waiting. It has no high-water mark: the window of the link above it bounds what it
 * holds.
 */
export class PairSocket {
  readonly #socket: Pair
  readonly #untrack: () => void
  readonly #name: string
  #isClosed = false

  /** @throws {SocketError} When the process has as many sockets or file descriptors as it may. */
  constructor(name: string) {
    this.#name = name
    guardHeap()
    if (hasThreadEnded) throw new SocketError(`Cannot open socket ${name}: the thread has ended`)
    this.#socket = createNative('PAIR', PLAIN) as Pair
    this.#untrack = trackResource('socket', `PAIR ${name}`)
  }

  /** @throws {EndpointError} When the endpoint is malformed; the text names what is wrong. */
  bind(endpoint: string): void {
    this.#plug('bind', endpoint, socket => socket.bindSync(endpoint))
  }

  /**
   * Connects; the other side may bind later.
   *
   * @throws {EndpointError} When the endpoint is malformed.
   */
  connect(endpoint: string): void {
    this.#plug('connect', endpoint, socket => socket.connect(endpoint))
  }

  /**
   * Queues a frame; nothing happens when there is no peer to queue it for. `onSent` runs inside the kill gate, right
   * after.
   */
  send(frame: string, onSent?: () => void): void {
    this.#expectOpen('send')
    guardHeap()
    if (hasThreadEnded) return
    gate.enter()
    try {
      this.#socket.send(frame).catch(ignore)
      onSent?.()
    } finally {
      gate.leave()
    }
  }

  /** Whether a frame has arrived. */
  get isReadable(): boolean {
    this.#expectOpen('receive')
    if (hasThreadEnded) return false
    gate.enter()
    try {
      return this.#socket.readable
    } finally {
      gate.leave()
    }
  }

  /**
   * Takes a frame that has arrived, for `textOf`. When none has, the promise rejects with what `isNoFrame` knows; ask
   * first, that costs an Error (hazard H5). The promise is ZeroMQ's own and settled: one made from it for each frame
   * would cost as much again.
   */
  receive(): Promise<RawFrame> {
    this.#expectOpen('receive')
    guardHeap()
    if (hasThreadEnded) return NO_FRAME
    gate.enter()
    try {
      return this.#socket.receive()
    } finally {
      gate.leave()
    }
  }

  /** Closes the socket; calling it twice is harmless. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#untrack()
    // Node closes what is left when the thread has gone.
    if (hasThreadEnded) return
    gate.enter()
    try {
      this.#socket.close()
    } finally {
      gate.leave()
    }
  }

  #plug(verb: string, endpoint: string, plug: (socket: Pair) => void): void {
    this.#expectOpen(verb)
    parseEndpoint(endpoint)
    if (hasThreadEnded) throw new SocketError(`Cannot ${verb} socket ${this.#name}: the thread has ended`)
    gate.enter()
    try {
      uninterrupted(() => plug(this.#socket))
    } catch (error) {
      throw new SocketError(`Cannot ${verb} socket ${this.#name} to ${endpoint}: ${String(error)}`, { cause: error })
    } finally {
      gate.leave()
    }
  }

  #expectOpen(verb: string): void {
    if (this.#isClosed) throw new SocketError(`Cannot ${verb} on socket ${this.#name}: it is closed; open a new one`)
  }
}

/** The text of a frame; undefined when there was none. */
export function textOf([frame]: RawFrame): string | undefined {
  return frame?.toString(isAscii(frame) ? 'latin1' : 'utf8')
}

/** Whether an error says that no frame had arrived. */
export function isNoFrame(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN'
}

const NO_FRAME: Promise<RawFrame> = Promise.resolve([])

const ignore = (): void => undefined

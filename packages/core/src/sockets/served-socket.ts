import { setTimeout } from 'node:timers/promises'
import type { Socket } from 'zeromq'
import { createNative } from '../native-socket.js'
import { Queue } from '../queue.js'
import { framesInFlight } from './frames-in-flight.js'
import { FreedEndpoints } from './freed-endpoints.js'
import { nudgeReceive, nudgeSend } from './nudge.js'
import { SOCKET_LIMITS } from './socket-limits.js'
import type { SocketType } from './socket-type.js'

/** Who takes what a served socket has to say. */
export interface ServedSocketOwner {
  message(frames: Buffer[]): void
  sent(): void
  refused(error: NodeJS.ErrnoException): void
  faulted(error: NodeJS.ErrnoException): void
}

/** What a served socket itself has to know of its options. */
export interface NativeOptions {
  readonly linger: number
  readonly sendTimeout?: number
  readonly mandatory?: boolean
}

interface Native extends Socket {
  send(frames: (Buffer | string)[]): Promise<void>
  receive(): Promise<Buffer[]>
  subscribe(prefix: Buffer): void
  unsubscribe(prefix: Buffer): void
}

/** Milliseconds until ZeroMQ is asked again where it gives no signal. */
const AGAIN_MS = 2
const freed = new FreedEndpoints()

/**
 * A native socket in the I/O thread, which alone may have operations pending (hazard H1).
 *
 * ZeroMQ takes sends at once until one has to wait; those behind it wait here, since it wants one at a time (hazard H5). Messages are received as far as
 * their owner has room for them.
 */
export class ServedSocket {
  readonly #native: Native
  readonly #owner: ServedSocketOwner
  readonly #lingerMs: number
  readonly #sendTimeoutMs: number
  /** Whether a send depends on the one peer that it is for: ROUTER, when it is mandatory. */
  readonly #asksPeers: boolean
  #isAskingPeer = false
  readonly #bound = new Set<string>()
  readonly #unsent = new Queue<(Buffer | string)[]>()
  #sending: Promise<void> = Promise.resolve()
  #wanted = 0
  readonly #heldSizes = new Queue<number>()
  #heldBytes = 0
  #isPlugged = false
  #isReceiving = false

  constructor(type: SocketType, options: NativeOptions, owner: ServedSocketOwner) {
    this.#asksPeers = type === 'ROUTER' && options.mandatory === true
    this.#sendTimeoutMs = options.sendTimeout === undefined || options.sendTimeout < 0 ? Infinity : options.sendTimeout
    this.#native = createNative(type, this.#asksPeers ? { ...options, sendTimeout: 0 } : options) as unknown as Native
    this.#owner = owner
    this.#lingerMs = options.linger
  }

  /** Binds, and answers the endpoint that it got. */
  async bind(endpoint: string): Promise<string> {
    while (!this.#bindNow(endpoint)) await setTimeout(AGAIN_MS)
    const bound = this.#native.lastEndpoint ?? endpoint
    this.#bound.add(bound)
    await this.#plugged()
    return bound
  }

  async unbind(endpoint: string): Promise<void> {
    await this.#native.unbind(endpoint)
    this.#bound.delete(endpoint)
    freed.add(endpoint)
    await this.#plugged()
  }

  async connect(endpoint: string): Promise<void> {
    this.#native.connect(endpoint)
    await this.#plugged()
  }

  async disconnect(endpoint: string): Promise<void> {
    this.#native.disconnect(endpoint)
    await this.#plugged()
  }

  subscribe(prefix: Buffer): void {
    this.#native.subscribe(prefix)
  }

  unsubscribe(prefix: Buffer): void {
    this.#native.unsubscribe(prefix)
  }

  /** Sends after all that was sent before. The owner is told of each whether it was sent or refused, in order. */
  send(frames: (Buffer | string)[]): void {
    if (this.#unsent.size > 0) this.#unsent.add(frames)
    else if (!this.#sendNow(frames)) void this.#sendLater(frames)
  }

  /** The owner has received so many messages, or has room for so many more. */
  take(messages: number): void {
    this.#wanted += messages
    for (let taken = 0; taken < messages && this.#heldSizes.size > 0; taken++) this.#heldBytes -= this.#heldSizes.take() as number
    this.#receiveOn()
  }

  /** Closes it. What ZeroMQ has lingers, at most `lingerMs` if that is given. */
  close(lingerMs?: number): void {
    if (this.#native.closed) return
    if (lingerMs !== undefined && (this.#lingerMs < 0 || this.#lingerMs > lingerMs)) this.#native.linger = lingerMs
    for (const endpoint of this.#bound) freed.add(endpoint)
    this.#native.close()
  }

  /** Has operations that are pending look at what the plug has changed. Receiving begins with the first plug, since one of the two cannot be had to look. */
  async #plugged(): Promise<void> {
    if (this.#native.closed) return
    if (this.#isReceiving) {
      nudgeReceive(this.#native)
      return
    }
    this.#isPlugged = true
    const frames = await nudgeSend(this.#native)
    if (frames !== undefined) this.#deliver(frames)
    this.#receiveOn()
  }

  #receiveOn(): void {
    if (this.#isReceiving || !this.#isPlugged) return
    this.#isReceiving = true
    void this.#receive()
  }

  #bindNow(endpoint: string): boolean {
    try {
      this.#native.bindSync(endpoint)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !freed.mayBeFreed(endpoint)) throw error
      return false
    }
  }

  /** Gives frames to ZeroMQ; false when an earlier send keeps it from taking them. */
  #sendNow(frames: (Buffer | string)[]): boolean {
    if (this.#isAskingPeer) return false
    try {
      const sent = this.#asksPeers ? this.#sendToPeer(frames) : this.#give(frames)
      this.#sending = sent.then(() => this.#owner.sent(), (error: NodeJS.ErrnoException) => this.#owner.refused(error))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false
      this.#owner.refused(error as NodeJS.ErrnoException)
    }
    return true
  }

  /**
   * ZeroMQ takes a ROUTER for writable as long as any peer has room, and for unwritable without peers. So nothing is told by waiting for it: the
   * message is tried until its own peer has room, or is not there.
   */
  async #sendToPeer(frames: (Buffer | string)[]): Promise<void> {
    this.#isAskingPeer = true
    const until = performance.now() + this.#sendTimeoutMs
    try {
      while (!(await this.#hasSent(frames, until))) await setTimeout(AGAIN_MS)
    } finally {
      this.#isAskingPeer = false
    }
  }

  async #hasSent(frames: (Buffer | string)[], until: number): Promise<boolean> {
    try {
      await this.#give(frames)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() >= until) throw error
      return false
    }
  }

  #give(frames: (Buffer | string)[]): Promise<void> {
    framesInFlight.add(frames)
    return this.#native.send(frames)
  }

  async #sendLater(frames: (Buffer | string)[]): Promise<void> {
    this.#unsent.add(frames)
    for (let next = this.#unsent.peek(); next !== undefined; next = this.#unsent.peek()) {
      await this.#sending
      if (this.#sendNow(next)) this.#unsent.take()
    }
  }

  async #receive(): Promise<void> {
    while (this.#wanted > 0 && this.#heldBytes < SOCKET_LIMITS.arrivedBytes && !this.#native.closed) {
      try {
        this.#deliver(await this.#native.receive())
      } catch (error) {
        if (this.#native.closed) break
        // What had arrived was none for the program after all, such as a late reply to a REQ that correlates.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') continue
        this.#owner.faulted(error as NodeJS.ErrnoException)
        break
      }
    }
    this.#isReceiving = false
  }

  #deliver(frames: Buffer[]): void {
    let bytes = 0
    for (const frame of frames) bytes += frame.byteLength
    this.#wanted -= 1
    this.#heldSizes.add(bytes)
    this.#heldBytes += bytes
    this.#owner.message(frames)
  }
}

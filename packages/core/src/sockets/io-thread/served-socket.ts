import { Queue } from '../../base/collections/fifo-queue.js'
import { throwUncaught } from '../../base/errors/uncaught.js'
import { eventLoopTurned, monotonicMs, sleep } from '../../base/runtime/real-timers.js'
import { createNative } from '../../native/native-socket.js'
import type { SocketType } from '../../native/socket-type.js'
import { uninterrupted } from '../../native/uninterrupted.js'
import type { Socket } from '../../native/zeromq.js'
import { expectDescriptors } from '../../words/descriptors.js'
import { sizeOf } from '../messages/frames.js'
import { readBytes } from '../options/option-bytes.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import { deliveryOf, type Delivery, type DeliveryOptions, type NativeFrames, type NativeSender } from './delivery.js'
import { forsakenConnects } from './endpoints/forsaken-connects.js'
import { FreedEndpoints } from './endpoints/freed-endpoints.js'
import { admitOwner, bindIpc, isIpc, type IpcAudience } from './endpoints/ipc-path.js'
import { noteLingering } from './endpoints/lingering.js'
import { framesInFlight, type FramesInFlight } from './frames-in-flight.js'
import { nudgeReceive, nudgeSend } from './nudge.js'
import { unwarned } from './unwarned.js'

/** The receiver of a served socket's reports. */
export interface ServedSocketOwner {
  message(frames: Buffer[]): void
  sent(): void
  /** The message that is reported as sent next was dropped for a peer, and why. */
  dropped(errno: string): void
  /** The first subscriber to a prefix arrives at a PUB, or the last one leaves. */
  subscription(prefix: Buffer, isOn: boolean): void
  refused(error: NodeJS.ErrnoException): void
  faulted(error: NodeJS.ErrnoException): void
}

/** Takes a message in the I/O thread. The next one is received when what it returns has resolved. */
export type Taker = (frames: Buffer[]) => Promise<unknown> | undefined

/** What a served socket itself has to know of its options. */
export interface NativeOptions extends DeliveryOptions {
  readonly linger: number
  readonly sendTimeout?: number
  readonly curveServer?: boolean
  readonly curveServerKey?: string
  readonly plainServer?: boolean
  readonly plainUsername?: string
  readonly maxMessageSize?: number
  readonly zapDomain?: string
  readonly ipv6?: boolean
  readonly handover?: boolean
}

interface Native extends NativeSender {
  receive(): Promise<Buffer[]>
  subscribe(prefix: Buffer): void
  unsubscribe(prefix: Buffer): void
}

/** Milliseconds until ZeroMQ is asked again where it gives no signal. */
const AGAIN_MS = 2
/** What a bind of ZeroMQ needs at most. */
const BIND_DESCRIPTORS = 4
/** Milliseconds until a connection that has ended is made again: never. ZeroMQ adds up to as much by chance. */
const NEVER_MS = 2 ** 30
/** Milliseconds for ZeroMQ to send the rest of messages that have parts, where it is to let go at once (hazard H18). */
const PARTS_LINGER_MS = 200
/** Connections that may wait for ZeroMQ behind what listens for it. */
const FOLLOWED_BACKLOG = 4096
/** How many frames reach the peer as one at most, where that is not 1: routing ids are for ZeroMQ, which adds envelopes. */
const FRAMES_OF_WHOLE: Partial<Readonly<Record<SocketType, number>>> = { ROUTER: 2, STREAM: 2, REQ: 0, REP: 0 }
const freed = new FreedEndpoints()

/**
 * A native socket in the I/O thread, which alone may have operations pending (hazard H1).
 *
 * ZeroMQ takes sends at once until one has to wait; those behind it wait here, since it wants one at a time (hazard
 * H5). Messages are received as far as their owner has room for them.
 */
export class ServedSocket {
  readonly #native: Native
  readonly #owner: ServedSocketOwner
  readonly #lingerMs: number
  readonly #sendTimeoutMs: number
  readonly #delivery: Delivery
  #isDelivering = false
  /** Whether what arrives is subscriptions, and for the record alone. */
  readonly #isPub: boolean
  readonly #bound = new Set<string>()
  /** Which processes may connect where it is bound to a path: those that have the keys, if it uses keys. */
  readonly #audience: IpcAudience
  readonly #unsent = new Queue<NativeFrames>()
  #sending: Promise<void> = Promise.resolve()
  #wanted = 0
  readonly #heldSizes = new Queue<number>()
  #heldBytes = 0
  #isPlugged = false
  #hasSent = false
  readonly #framesOfWhole: number
  #hasSentParts = false
  #isReceiving = false
  /** How many wait for it to receive nothing. */
  #pauses = 0
  /** The receiver of what arrives, instead of the owner. */
  #taker: Taker | undefined
  #received = 0
  #cameOut: ((frames: readonly Buffer[]) => void) | undefined
  #caughtUp: Promise<void> = Promise.resolve()
  /** As `native.closed`, which costs a call into the binding. */
  #isClosed = false
  readonly #framesInFlight: Pick<FramesInFlight, 'add'>
  readonly #whenSent = (errno: string | undefined): void => this.#sent(errno)
  readonly #whenRefused = (error: NodeJS.ErrnoException): void => this.#owner.refused(error)

  /** @param held Notes the frames that it gives to ZeroMQ. */
  constructor(
    type: SocketType,
    options: NativeOptions,
    owner: ServedSocketOwner,
    held: Pick<FramesInFlight, 'add'> = framesInFlight,
  ) {
    this.#framesInFlight = held
    this.#delivery = deliveryOf(type, options)
    this.#isPub = type === 'PUB'
    this.#framesOfWhole = FRAMES_OF_WHOLE[type] ?? 1
    this.#sendTimeoutMs = options.sendTimeout === undefined || options.sendTimeout < 0 ? Infinity : options.sendTimeout
    this.#native = createNative(
      this.#delivery.nativeType,
      readBytes({ ...options, ...this.#delivery.options }),
    ) as unknown as Native
    if (this.#isPub && this.#delivery.nativeType === 'XPUB') this.#wanted = Infinity
    this.#owner = owner
    this.#lingerMs = options.linger
    // Keys decide better which peers may connect.
    this.#audience = options.curveServer === true || options.curveServerKey !== undefined ? 'umask' : 'owner'
    if (this.#audience === 'owner') admitOwner(this.#native)
  }

  /**
   * Whether it waits for messages. To ask ZeroMQ whether there is one would eat the signal that wakes a receive that is
   * pending.
   */
  get isWaiting(): boolean {
    return this.#isReceiving
  }

  /** Messages that it has received. */
  get received(): number {
    return this.#received
  }

  /**
   * Lets its listener see what it receives, and limit the time of a handshake. Call it before the bind.
   *
   * @param options Additional native options that this needs.
   */
  follow(cameOut: (frames: readonly Buffer[]) => void, options: Readonly<Record<string, unknown>>): void {
    this.#cameOut = cameOut
    Object.assign(this.#native, { handshakeInterval: 0, backlog: FOLLOWED_BACKLOG, ...options })
  }

  /** Binds, and answers the endpoint that it got. */
  async bind(endpoint: string): Promise<string> {
    while (!(isIpc(endpoint) ? await this.#bindPath(endpoint) : this.#bindNow(endpoint))) await sleep(AGAIN_MS)
    const bound = this.#native.lastEndpoint ?? endpoint
    this.#bound.add(bound)
    forsakenConnects.bound(this, bound)
    await this.#plugged()
    return bound
  }

  async unbind(endpoint: string): Promise<void> {
    await this.#lettingGo(this.#finishingParts(this.#lingerMs), () => this.#native.unbind(endpoint))
    this.#bound.delete(endpoint)
    forsakenConnects.unbound(this, endpoint)
    freed.add(endpoint)
    await this.#plugged()
  }

  /** @param routingId At a ROUTER or STREAM: the one that the peer has here, whatever it says itself. */
  async connect(endpoint: string, routingId?: Buffer): Promise<void> {
    if (forsakenConnects.isBusy(endpoint)) await forsakenConnects.untilFree(endpoint)
    this.#connectNow(endpoint, routingId)
    forsakenConnects.connected(this, endpoint)
    await this.#plugged()
  }

  /**
   * As `connect`, once and not again, with options that hold for this connection alone. When it ends, ZeroMQ keeps it
   * until `letGo`: by itself it would let go at once, whatever is yet to be received (hazard H17).
   */
  async connectOnce(endpoint: string, routingId: string, options: { readonly zapDomain?: string }): Promise<void> {
    const native = this.#native as unknown as Record<string, unknown>
    const its = { ...options, immediate: false, reconnectInterval: NEVER_MS, reconnectMaxInterval: 0 }
    const before = Object.fromEntries(Object.keys(its).map(name => [name, native[name]]))
    unwarned(() => Object.assign(native, its))
    try {
      this.#connectNow(endpoint, Buffer.from(routingId))
    } finally {
      unwarned(() => Object.assign(native, before))
    }
    await this.#plugged()
  }

  /**
   * Lets go of what `connectOnce` has connected. Call it when the connection has ended, and all that came by it has
   * been received. Where its peer broke the protocol, ZeroMQ has let go of it by itself: then it has no such peer, and
   * has perhaps given its place in memory to another.
   */
  async letGo(endpoint: string, routingId: string): Promise<void> {
    if (this.#isClosed || !(await this.#hasPeer(routingId)) || this.#isClosed) return
    // There is nothing left that could read what waits for it.
    await this.#unplug(endpoint, 0)
    await this.#plugged()
  }

  /** Nothing more is received from there, from the next message on (hazard H17). */
  async disconnect(endpoint: string): Promise<void> {
    await this.#betweenMessages(() => this.#unplug(endpoint, this.#finishingParts(this.#lingerMs)))
    await this.#plugged()
  }

  subscribe(prefix: Buffer): void {
    this.#native.subscribe(prefix)
  }

  unsubscribe(prefix: Buffer): void {
    this.#native.unsubscribe(prefix)
  }

  /** Whether something has arrived that was not received. */
  get isReadable(): boolean {
    return !this.#isClosed && this.#native.readable
  }

  /** Watches the native part. Not for keeping: it is this socket's own. */
  get native(): Socket {
    return this.#native
  }

  /**
   * Sends after everything that was sent before. Tells the owner, in order, whether each message was sent or refused.
   *
   * @returns When it has to wait: what resolves when ZeroMQ was given all that waits.
   */
  send(frames: NativeFrames): Promise<void> | undefined {
    if (this.#unsent.size > 0) this.#unsent.add(frames)
    else if (this.#sendNow(frames)) return undefined
    else this.#caughtUp = this.#sendLater(frames)
    return this.#caughtUp
  }

  /**
   * Sends past all that waits. Resolves with the errno for which it was dropped.
   *
   * @throws What ZeroMQ says when it
   * refuses it.
   */
  sendAlone(frames: NativeFrames): Promise<string | undefined> {
    this.#noteSent(frames)
    return this.#delivery.send(this.#native, frames)
  }

  /** Takes everything that arrives in this thread, without end. For a receiving socket, before it is plugged in. */
  pumpTo(taker: Taker): void {
    this.#taker = taker
    this.take(Infinity)
  }

  /** The owner has received this many messages, or has room for this many more. */
  take(messages: number): void {
    this.#wanted += messages
    for (let taken = 0; taken < messages && this.#heldSizes.size > 0; taken++)
      this.#heldBytes -= this.#heldSizes.take() as number
    this.#receiveOn()
  }

  /** Closes it. What ZeroMQ has lingers, at most `lingerMs` if that is given. */
  close(lingerMs?: number): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const isShortened = lingerMs !== undefined && (this.#lingerMs < 0 || this.#lingerMs > lingerMs)
    const its = this.#finishingParts(isShortened ? lingerMs : this.#lingerMs)
    if (its !== this.#lingerMs) this.#native.linger = its
    forsakenConnects.closed(this, this.#hasSent ? its : 0)
    for (const endpoint of this.#bound) freed.add(endpoint)
    if (this.#hasSent) noteLingering(this.#native, its)
    this.#native.close()
  }

  /**
   * Makes pending operations check what the plug has changed. Receiving begins with the first plug, since one of the
   * two cannot be had to look.
   */
  async #plugged(): Promise<void> {
    if (this.#isClosed) return
    if (this.#isReceiving) {
      nudgeReceive(this.#native)
      return
    }
    this.#isPlugged = true
    const frames = await nudgeSend(this.#native)
    this.#receiveOn(frames)
  }

  /** Does something when ZeroMQ has read no message in part: a receive has ended, or found nothing. */
  async #betweenMessages(act: () => Promise<void>): Promise<void> {
    this.#pauses += 1
    try {
      for (let received = -1; this.#isReceiving && received !== this.#received;) {
        received = this.#received
        await eventLoopTurned()
        await eventLoopTurned()
      }
      const first = this.#isReceiving ? undefined : await nudgeSend(this.#native)
      if (first !== undefined) void this.#deliver(first)
      await act()
    } finally {
      this.#pauses -= 1
      this.#receiveOn()
    }
  }

  /** @param first What has been received already. */
  #receiveOn(first?: Buffer[]): void {
    if (this.#isReceiving || !this.#isPlugged || this.#pauses > 0) {
      if (first !== undefined) void this.#deliver(first)
      return
    }
    this.#isReceiving = true
    void this.#receive(first)
  }

  #unplug(endpoint: string, lingerMs: number): Promise<void> {
    return this.#lettingGo(lingerMs, () => uninterrupted(() => this.#native.disconnect(endpoint)))
  }

  /** Has ZeroMQ let go of something, with a linger for that alone. */
  async #lettingGo(lingerMs: number, act: () => unknown): Promise<void> {
    const native = this.#native as { linger: number }
    native.linger = lingerMs
    try {
      await act()
    } finally {
      if (!this.#isClosed) native.linger = this.#lingerMs
    }
  }

  #connectNow(endpoint: string, routingId: Buffer | undefined): void {
    const native = this.#native as unknown as {
      connect(endpoint: string, options?: { readonly routingId: Buffer }): void
    }
    if (routingId === undefined) uninterrupted(() => native.connect(endpoint))
    else unwarned(() => uninterrupted(() => native.connect(endpoint, { routingId })))
  }

  /** Returns false when it is about to get free. */
  async #bindPath(endpoint: string): Promise<boolean> {
    try {
      await bindIpc(this.#native, endpoint, this.#audience)
      return true
    } catch (error) {
      if (!this.#isClosed && isBeingFreed(error, endpoint)) return false
      throw error
    }
  }

  #bindNow(endpoint: string): boolean {
    if (forsakenConnects.isBusy(endpoint)) return false
    // Without one ZeroMQ aborts the process, when it looks whether the address is the name of an interface.
    if (endpoint.startsWith('tcp:')) expectDescriptors(`bind ${endpoint}`, BIND_DESCRIPTORS)
    try {
      uninterrupted(() => this.#native.bindSync(endpoint))
      return true
    } catch (error) {
      if (isBeingFreed(error, endpoint)) return false
      throw error
    }
  }

  /** Whether a ROUTER has a peer of that routing id: else it refuses a message to it. */
  async #hasPeer(routingId: string): Promise<boolean> {
    try {
      await this.#native.send([routingId, ''])
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EHOSTUNREACH'
    }
    return true
  }

  /** A linger in which the rest of a message that has parts can be sent. */
  #finishingParts(lingerMs: number): number {
    return this.#hasSentParts && lingerMs >= 0 ? Math.max(lingerMs, PARTS_LINGER_MS) : lingerMs
  }

  #noteSent(frames: NativeFrames): void {
    this.#framesInFlight.add(frames)
    this.#hasSent = true
    this.#hasSentParts ||= frames.length > this.#framesOfWhole
  }

  /** Gives frames to ZeroMQ; false when an earlier send keeps it from taking them. */
  #sendNow(frames: NativeFrames): boolean {
    if (this.#isDelivering) return false
    const delivery = this.#delivery
    try {
      this.#noteSent(frames)
      const sent = delivery.isOneAtATime ? this.#deliverAlone(frames) : delivery.send(this.#native, frames)
      this.#sending = sent.then(this.#whenSent, this.#whenRefused)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false
      this.#owner.refused(error as NodeJS.ErrnoException)
    }
    return true
  }

  #sent(droppedFor: string | undefined): void {
    if (droppedFor !== undefined) this.#owner.dropped(droppedFor)
    this.#owner.sent()
  }

  async #deliverAlone(frames: NativeFrames): Promise<string | undefined> {
    this.#isDelivering = true
    const until = monotonicMs() + (this.#delivery.triesAgain ? this.#sendTimeoutMs : 0)
    try {
      for (;;) {
        try {
          return await this.#delivery.send(this.#native, frames)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || monotonicMs() >= until) throw error
        }
        await sleep(AGAIN_MS)
      }
    } finally {
      this.#isDelivering = false
    }
  }

  async #sendLater(frames: NativeFrames): Promise<void> {
    this.#unsent.add(frames)
    for (let next = this.#unsent.peek(); next !== undefined; next = this.#unsent.peek()) {
      await this.#sending.catch(throwUncaught)
      if (this.#sendNow(next)) this.#unsent.take()
    }
  }

  async #receive(first: Buffer[] | undefined): Promise<void> {
    if (first !== undefined) await this.#deliver(first)
    while (this.#wanted > 0 && this.#pauses === 0 && this.#heldBytes < SOCKET_LIMITS.arrivedBytes && !this.#isClosed) {
      try {
        const isTaken = this.#deliver(await this.#native.receive())
        if (isTaken !== undefined) await isTaken
      } catch (error) {
        if (this.#isClosed) break
        // What had arrived was none for the program after all, such as a late reply to a REQ that correlates.
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') continue
        this.#owner.faulted(error as NodeJS.ErrnoException)
        break
      }
    }
    // In the same turn as the look at what is wanted: a later request for more, even before the code that awaits this
    // goes on, begins anew.
    this.#isReceiving = false
  }

  #deliver(frames: Buffer[]): ReturnType<Taker> {
    this.#received += 1
    this.#cameOut?.(frames)
    if (this.#taker !== undefined) return this.#taker(frames)
    if (this.#isPub) {
      const [frame] = frames as [Buffer]
      // An XSUB may send anything else, too, which a PUB does not receive.
      if (frame[0] === 1 || frame[0] === 0) this.#owner.subscription(frame.subarray(1), frame[0] === 1)
      return undefined
    }
    const bytes = sizeOf(frames)
    this.#wanted -= 1
    this.#heldSizes.add(bytes)
    this.#heldBytes += bytes
    this.#owner.message(frames)
    return undefined
  }
}

/** Whether a bind failed where a socket of this process was closed a moment ago. */
function isBeingFreed(error: unknown, endpoint: string): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' && freed.mayBeFreed(endpoint)
}

import type { SocketType } from '../../native/socket-type.js'
import type { Socket } from '../../native/zeromq.js'
import { unwarned } from './unwarned.js'

/** Frames as zeromq.js takes them. */
export type NativeFrames = (Buffer | string)[]

/** The native part of a socket that sends. */
export interface NativeSender extends Socket {
  send(frames: NativeFrames): Promise<void>
  noDrop?: boolean
}

/** What decides how a socket's messages are delivered. */
export interface DeliveryOptions {
  readonly mandatory?: boolean
  readonly noDrop?: boolean
  readonly conflate?: boolean
}

/** How a socket's messages are given to ZeroMQ, which follows from its type and options. */
export interface Delivery {
  /** The type to open instead of its own. */
  readonly nativeType: SocketType
  /** Options that the native part needs in addition to the requested ones, or instead of them. */
  readonly options: object
  /**
   * Whether the next message has to wait for what became of this one, so that none overtakes another that is tried
   * again.
   */
  readonly isOneAtATime: boolean
  /**
   * Whether a message that finds no room is tried again until the send time-out is over, since ZeroMQ gives no sign of
   * room.
   */
  readonly triesAgain: boolean
  /**
   * Gives a message to ZeroMQ. Resolves with the errno for which it was dropped, where ZeroMQ by itself would have
   * dropped it in silence.
   */
  send(native: NativeSender, frames: NativeFrames): Promise<string | undefined>
}

/** How the messages of a socket are delivered. */
export function deliveryOf(type: SocketType, options: DeliveryOptions): Delivery {
  if (type === 'ROUTER')
    return options.mandatory === true ? { ...UNTIL_THERE_IS_ROOM, nativeType: type } : TO_PEERS_OR_NOBODY
  // A native PUB keeps to itself who subscribes; XPUB is the same on the wire, and tells. Only PUB can conflate.
  const nativeType = type === 'PUB' && options.conflate !== true ? 'XPUB' : type
  if (nativeType === 'XPUB')
    return options.noDrop === true ? { ...UNTIL_THERE_IS_ROOM, nativeType } : TO_SUBSCRIBERS_WITH_ROOM
  return { ...PLAIN, nativeType }
}

const PLAIN = {
  options: {},
  isOneAtATime: false,
  triesAgain: false,
  // Not async: EBUSY is thrown at once, and says that nothing was taken.
  send: (native: NativeSender, frames: NativeFrames) => native.send(frames) as Promise<undefined>,
}

/**
 * ZeroMQ takes a ROUTER for writable as long as any peer has room, and for unwritable without peers; it takes a
 * publisher that must not drop for writable always. So waiting for them says nothing: the send is retried until the
 * peers have room, or the peer is gone.
 */
const UNTIL_THERE_IS_ROOM = { ...PLAIN, options: { sendTimeout: 0 }, isOneAtATime: true, triesAgain: true }

/**
 * A ROUTER that is not mandatory drops what is for unknown peers, and for peers at their mark. A native one that is
 * mandatory says so, and the drop can be counted.
 */
const TO_PEERS_OR_NOBODY: Delivery = {
  nativeType: 'ROUTER',
  options: { mandatory: true, sendTimeout: 0 },
  isOneAtATime: false,
  triesAgain: false,
  async send(native, frames) {
    try {
      await native.send(frames)
      return undefined
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EHOSTUNREACH' && code !== 'EAGAIN') throw error
      return code
    }
  },
}

/**
 * A publisher drops messages for subscribers at their mark, one by one. A native one that must not drop refuses the
 * message for all; then it is sent once more, with leave to drop. From then on ZeroMQ gives a full subscriber nothing
 * until it has room, and does not report it. So the drops of one such period count once.
 */
const TO_SUBSCRIBERS_WITH_ROOM: Delivery = {
  nativeType: 'XPUB',
  options: { noDrop: true, sendTimeout: 0 },
  isOneAtATime: true,
  triesAgain: false,
  async send(native, frames) {
    try {
      await native.send(frames)
      return undefined
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EAGAIN') throw error
      setNoDrop(native, false)
      const sent = native.send(frames)
      setNoDrop(native, true)
      await sent
      return code
    }
  },
}

function setNoDrop(native: NativeSender, noDrop: boolean): void {
  unwarned(() => {
    native.noDrop = noDrop
  })
}

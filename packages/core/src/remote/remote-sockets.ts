import { DescriptorLimitError } from '../base/errors/errors.js'
import { guarded, throwUncaught } from '../base/errors/uncaught.js'
import { unowned } from '../base/owning/owner.js'
import { callerClock } from '../base/time/clock.js'
import type { CurveKeys } from '../curve/keys.js'
import { openSocket } from '../sockets/here/open-socket.js'
import { ResourceLimitError } from '../sockets/socket-errors.js'
import type { Sockets } from '../sockets/socket.js'
import { RemoteDoor } from './remote-door.js'
import type { RemoteEnd } from './remote-end.js'
import type { RemoteWire, TakeFrames } from './remote-link.js'
import { REMOTE_SOCKET_OPTIONS, type RemoteDoorOptions, type RemoteSecurity } from './remote-options.js'

/** Milliseconds until a descriptor is looked for again where there was none. */
const AGAIN_MS = 250

/**
 * The sockets of one thread for its links to threads of other processes: one that others connect to, if it has a door,
 * and one for each link that connects elsewhere.
 *
 * They live in the I/O thread as all sockets do, so the thread may die at any moment.
 */
export class RemoteSockets {
  /** The endpoint that others connect to, with its port. */
  readonly endpoint: string | undefined
  readonly #door: RemoteDoor | undefined
  readonly #closing = new Set<Promise<void>>()
  readonly #wires = new Set<DealerWire>()

  /** Those of a thread without a door. */
  constructor(door?: RemoteDoor) {
    this.#door = door
    this.endpoint = door?.endpoint
  }

  /**
   * @throws {AddressError}
   * @throws {EndpointError} When the door cannot be bound; nothing is open then.
   */
  static async open(door?: RemoteDoorOptions): Promise<RemoteSockets> {
    return new RemoteSockets(door === undefined ? undefined : await RemoteDoor.open(door))
  }

  /** Plugs a side of a link in. */
  readonly plug = (end: RemoteEnd, take: TakeFrames): RemoteWire => {
    if (end.role === 'bind' && this.#door !== undefined) return this.#door.expect(end.token, take)
    const wire = new DealerWire(end, take)
    this.#wires.add(wire)
    const closed = wire.closed.finally(() => {
      this.#wires.delete(wire)
      this.#closing.delete(closed)
    })
    this.#closing.add(closed)
    return wire
  }

  /** Closes all sockets. What waits has `linger` milliseconds. */
  async close(): Promise<void> {
    for (const wire of this.#wires) wire.close()
    await Promise.all([...this.#closing, this.#door?.close()])
  }
}

/**
 * The way of a link that connects: a DEALER whose routing id says which link it is. With a key it connects when that
 * was admitted; what is sent before waits.
 */
class DealerWire implements RemoteWire {
  readonly closed: Promise<void>
  readonly #unsent: string[] = []
  readonly #asked: Promise<void>
  #socket: Sockets['DEALER'] | undefined
  #admit: () => void = () => undefined
  #close: () => void = () => undefined

  constructor(end: RemoteEnd, take: TakeFrames) {
    this.#asked = new Promise<void>(resolve => (this.#close = resolve))
    this.closed = this.#run(end, take).catch(throwUncaught)
  }

  transmit(text: string): void {
    // What is not taken is lost, and sent again when it is missed.
    if (this.#socket === undefined) this.#unsent.push(text)
    else this.#socket.send(text).catch(() => undefined)
  }

  admitted(): void {
    this.#admit()
  }

  close(): void {
    this.#close()
  }

  async #run(end: RemoteEnd, take: TakeFrames): Promise<void> {
    if (end.doorKey !== undefined && !(await this.#isAdmitted())) return
    const socket = await openWhenThereIsOne(
      { ...REMOTE_SOCKET_OPTIONS, ...securityOf(end), routingId: end.token },
      this.#asked,
    )
    if (socket === undefined) return
    try {
      await socket.connect(end.endpoint)
      this.#socket = socket
      for (const text of this.#unsent.splice(0)) this.transmit(text)
      void receive(socket, take).catch(throwUncaught)
      await this.#asked
    } finally {
      await socket.close()
    }
  }

  /** Resolves with false when the link is closed before. */
  #isAdmitted(): Promise<boolean> {
    const admitted = new Promise<boolean>(resolve => (this.#admit = () => resolve(true)))
    return Promise.race([admitted, this.#asked.then(() => false)])
  }
}

function securityOf({ doorKey, keys }: RemoteEnd): RemoteSecurity {
  if (doorKey === undefined) return {}
  // Without keys this throws, and nothing is sent in clear.
  const { publicKey, secretKey } = keys as CurveKeys
  return { curveServerKey: doorKey, curvePublicKey: publicKey, curveSecretKey: secretKey }
}

/**
 * Without a descriptor now, opening the socket is tried again until it is no longer wanted. What waits for it goes on
 * waiting.
 */
async function openWhenThereIsOne(
  options: NonNullable<Parameters<typeof openSocket<'DEALER'>>[1]>,
  unwanted: Promise<void>,
): Promise<Sockets['DEALER'] | undefined> {
  const isUnwanted = unwanted.then(() => true)
  for (;;) {
    try {
      return await unowned(() => openSocket('DEALER', options))
    } catch (error) {
      if (!(error instanceof ResourceLimitError || error instanceof DescriptorLimitError)) throw error
    }
    if (
      await Promise.race([
        isUnwanted,
        new Promise<boolean>(resolve => callerClock.after(AGAIN_MS, () => resolve(false))),
      ])
    )
      return undefined
  }
}

async function receive(socket: Sockets['DEALER'], take: TakeFrames): Promise<void> {
  for await (const frames of socket) guarded(() => take(frames))
}

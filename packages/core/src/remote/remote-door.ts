import { guarded, throwUncaught } from '../base/errors/uncaught.js'
import { unowned } from '../base/owning/owner.js'
import { queueMicrotask } from '../base/runtime/real-timers.js'
import type { IoSocket } from '../sockets/here/io-socket.js'
import { openSocket } from '../sockets/here/open-socket.js'
import type { Sockets } from '../sockets/socket.js'
import { TOKEN_CHARS } from './remote-end.js'
import type { RemoteWire, TakeFrames } from './remote-link.js'
import { REMOTE_SOCKET_OPTIONS, type RemoteDoorOptions } from './remote-options.js'

/**
 * Strangers that are remembered, in case that they are expected later: an introduction may arrive here after the first
 * words of the other side.
 */
const MAX_KNOCKS = 1024

/** The words of a side that has sent something, which makes this one ask for it: see `FrameSequence`. */
const SOMETHING_SENT = Buffer.from('[0,0,1]')

/**
 * Where the threads of other processes reach this one: a ROUTER, on which each link has the routing id that both its
 * sides know. It listens to no other peer: what others send is dropped and counted.
 */
export class RemoteDoor {
  readonly endpoint: string
  readonly #socket: Sockets['ROUTER']
  readonly #expected = new Map<string, TakeFrames>()
  readonly #knocks = new Set<string>()
  #strange = 0

  private constructor(socket: Sockets['ROUTER'], endpoint: string) {
    this.#socket = socket
    this.endpoint = endpoint
    this.#receive().catch(throwUncaught)
  }

  static async open({ endpoint, security }: RemoteDoorOptions): Promise<RemoteDoor> {
    const socket = await unowned(() =>
      openSocket('ROUTER', { ...REMOTE_SOCKET_OPTIONS, ...security, handover: true, mandatory: false }),
    )
    try {
      // Peers with keys run code here, and those in a directory of this user's are this user: no one else has to be
      // limited.
      const isOpen = security.curveServer !== true && endpoint.startsWith('tcp:')
      const bound = await (isOpen
        ? (socket as IoSocket).listen(endpoint, { maxMessageBytes: REMOTE_SOCKET_OPTIONS.maxMessageSize })
        : socket.bind(endpoint))
      return new RemoteDoor(socket, bound)
    } catch (error) {
      await socket.close()
      throw error
    }
  }

  /** Messages that were dropped, since no link has the routing id that they came by. */
  get strange(): number {
    return this.#strange
  }

  /** Lets the other side of a link in. */
  expect(token: string, take: TakeFrames): RemoteWire {
    this.#expected.set(token, take)
    if (this.#knocks.delete(token)) queueMicrotask(() => this.#expected.get(token)?.([SOMETHING_SENT]))
    return {
      transmit: text => {
        // What is not taken is lost, and sent again when it is missed.
        this.#socket.send([token, text]).catch(() => undefined)
      },
      close: () => void this.#expected.delete(token),
    }
  }

  async close(): Promise<void> {
    await this.#socket.close()
  }

  async #receive(): Promise<void> {
    for await (const [id, ...frames] of this.#socket) {
      const token = id?.toString('latin1') ?? ''
      const take = this.#expected.get(token)
      if (take !== undefined) guarded(() => take(frames))
      else this.#knock(token)
    }
  }

  /** What cannot be a token will never be expected, so there is nothing to remember of it. */
  #knock(token: string): void {
    this.#strange += 1
    if (token.length !== TOKEN_CHARS) return
    this.#knocks.add(token)
    if (this.#knocks.size <= MAX_KNOCKS) return
    for (const oldest of this.#knocks) {
      this.#knocks.delete(oldest)
      return
    }
  }
}

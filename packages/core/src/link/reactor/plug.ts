import { PairSocket } from '../../native/pair-socket.js'
import type { Bell } from '../../words/bell.js'
import { ThreadWords } from '../../words/thread-words.js'
import type { Ledger } from '../ledger.js'
import type { LinkEnd } from '../link-end.js'

/** The socket of a link, plugged in, and the bell of its peer. */
export class Plug {
  readonly #socket: PairSocket
  readonly #peerBell: Bell
  readonly #outgoing: Ledger

  /** @throws {SocketError} When there is no socket to be had. */
  constructor(end: LinkEnd, outgoing: Ledger) {
    this.#outgoing = outgoing
    this.#peerBell = new ThreadWords(end.peerWords).bell
    this.#socket = new PairSocket(end.name)
    try {
      if (end.role === 'bind') this.#socket.bind(end.endpoint)
      else this.#socket.connect(end.endpoint)
    } catch (error) {
      this.#socket.close()
      throw error
    }
  }

  /** Sends a frame, counts it in the ledger, and rings. */
  transmit(frame: string): void {
    // Without a high-water mark a send is refused only when the peer has gone; what it has not handled is given back then.
    void this.#socket.send(frame, this.#countFrame)
    this.#peerBell.ring()
  }

  /** Takes a frame that has arrived, or undefined when none has. */
  receive(): Promise<string | undefined> {
    return this.#socket.receive()
  }

  /** Rings the peer without a frame. */
  ring(): void {
    this.#peerBell.ring()
  }

  close(): void {
    this.#socket.close()
  }

  readonly #countFrame = (): void => this.#outgoing.frameSent()
}

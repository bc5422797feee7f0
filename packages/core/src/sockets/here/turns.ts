import type { SocketType } from '../../native/socket-type.js'

/**
 * Whose turn it is on a socket where sends and receives alternate. ZeroMQ itself would let a receive out of turn wait
 * forever.
 */
export class Turns {
  #next: 'send' | 'receive'

  constructor(type: SocketType) {
    this.#next = type === 'REP' ? 'receive' : 'send'
  }

  /** Whether it is the turn of a call. */
  allows(call: 'send' | 'receive'): boolean {
    return this.#next === call
  }

  /** A call was made: it is the other's turn. */
  took(call: 'send' | 'receive'): void {
    this.#next = call === 'send' ? 'receive' : 'send'
  }

  /** A call came to nothing: it is its turn again. */
  gaveBack(call: 'send' | 'receive'): void {
    this.#next = call
  }
}

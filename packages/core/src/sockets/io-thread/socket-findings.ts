import type { SocketType } from '../../native/socket-type.js'
import type { Finding } from '../diagnosis.js'
import { placeOf } from './endpoints/freed-endpoints.js'
import type { SocketRecord } from './socket-record.js'

/** How many sockets that were closed with findings are still told of. Older ones are forgotten. */
const MAX_CLOSED = 256

/**
 * The records of all sockets of the process: those that are open, and the last ones that were closed with something to
 * tell. It does no IO.
 */
export class SocketFindings {
  readonly #open = new Set<SocketRecord>()
  readonly #closed: (readonly Finding[])[] = []

  add(record: SocketRecord): void {
    this.#open.add(record)
  }

  /** A socket was plugged in or out, so some PUSH may have another peer, or one less. */
  plugsChanged(): void {
    const pulls = this.#ofType('PULL')
    for (const push of this.#ofType('PUSH')) push.met(peersOf(push, pulls))
  }

  /** Calling it twice is harmless. */
  close(record: SocketRecord): void {
    if (!this.#open.delete(record)) return
    const findings = record.findings(true)
    if (findings.length > 0) this.#closed.push(findings)
    if (this.#closed.length > MAX_CLOSED) this.#closed.shift()
    if (record.type === 'PULL') this.plugsChanged()
  }

  /** What has gone wrong: first at sockets that are closed, in the order of their closing, then at those that are open. */
  findings(): Finding[] {
    return [...this.#closed.flat(), ...Array.from(this.#open, record => record.findings(false)).flat()]
  }

  #ofType(type: SocketType): SocketRecord[] {
    return [...this.#open].filter(record => record.type === type)
  }
}

/**
 * At a place where a PUSH binds, its peers are the PULLs of this process that connect to it; where it connects, there
 * is one.
 */
function peersOf(push: SocketRecord, pulls: readonly SocketRecord[]): number {
  const bound = new Set(Array.from(push.bound, placeOf))
  const connecting = pulls.filter(({ connected }) => [...connected].some(endpoint => bound.has(placeOf(endpoint))))
  return push.connected.size + connecting.length
}

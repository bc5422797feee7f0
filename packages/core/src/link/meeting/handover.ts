import { receiveMessageOnPort, type MessagePort, type Transferable } from 'node:worker_threads'

interface Parcel {
  readonly ticket: number
  readonly content: unknown
}

/**
 * Hands shared memory and ports to the other side of a link.
 *
 * A ZeroMQ frame cannot carry a SharedArrayBuffer; a MessagePort can. So the thing itself waits in a port that no code
 * listens to, and a frame carries the ticket to collect it by. The parcel is posted before the frame is sent, so it is
 * there when the frame arrives, and it stays there when its sender has died.
 */
export class Handover {
  #port: MessagePort | undefined
  #nextTicket = 1
  readonly #unsent: { parcel: Parcel; transfer: readonly Transferable[] }[] = []
  readonly #arrived = new Map<number, unknown>()

  /** Gives the handover its port, and posts what was offered before. */
  open(port: MessagePort): void {
    this.#port = port
    port.unref()
    for (const { parcel, transfer } of this.#unsent.splice(0)) port.postMessage(parcel, transfer)
  }

  /** Leaves something for the other side. Returns the ticket that it collects it by. */
  offer(content: unknown, transfer: readonly Transferable[] = []): number {
    const ticket = this.reserve()
    this.leave(ticket, content, transfer)
    return ticket
  }

  /** Gives out a ticket for what is left later, or never. */
  reserve(): number {
    return this.#nextTicket++
  }

  /** Leaves something under a ticket that was reserved. */
  leave(ticket: number, content: unknown, transfer: readonly Transferable[] = []): void {
    const parcel = { ticket, content }
    if (this.#port === undefined) this.#unsent.push({ parcel, transfer })
    else this.#port.postMessage(parcel, transfer)
  }

  /** Takes what the other side has left under a ticket; each ticket is good for one collection. */
  collect(ticket: number): unknown {
    while (!this.#arrived.has(ticket)) {
      const received = this.#port === undefined ? undefined : receiveMessageOnPort(this.#port)
      if (received === undefined) throw new Error(`Nothing was handed over under ticket ${ticket}`)
      const parcel = received.message as Parcel
      this.#arrived.set(parcel.ticket, parcel.content)
    }
    const content = this.#arrived.get(ticket)
    this.#arrived.delete(ticket)
    return content
  }

  close(): void {
    this.#port?.close()
    this.#port = undefined
    this.#unsent.length = 0
    this.#arrived.clear()
  }
}

import type { Link } from '../link.js'
import type { LinkReceiver } from '../link-receiver.js'
import { packFrame, unpackFrame, type WireFrame } from './frames.js'
import type { IoNotice, IoReport, IoRequest } from './io-protocol.js'
import { ServedSocket, type NativeOptions, type ServedSocketOwner } from './served-socket.js'

/** One thread, as the I/O thread serves it: its link and its sockets. When the thread ends, its sockets are closed. */
export class IoSession implements LinkReceiver {
  readonly #sockets = new Map<number, ServedSocket>()
  #link: Link | undefined

  attach(link: Link): void {
    this.#link = link
  }

  message(body: unknown, slot: number): void {
    const message = body as IoRequest | IoNotice
    if (message[0] === 'send') this.#send(message[1], message[2])
    else if (message[0] === 'take') this.#sockets.get(message[1])?.take(message[2])
    else void this.#serve(message)
    // The slot goes back at once: what waits for ZeroMQ is bounded socket by socket, so that one at its mark holds up no other.
    this.#link?.finish(slot)
  }

  signal(): void {
    // Threads signal the I/O thread nothing.
  }

  /** Closes all sockets. What waits in them lingers, at most `lingerMs` if that is given. */
  close(lingerMs?: number): void {
    for (const socket of this.#sockets.values()) socket.close(lingerMs)
    this.#sockets.clear()
    this.#link?.close()
  }

  #send(id: number, frames: readonly WireFrame[]): void {
    const unpacked = frames.map(frame => (typeof frame === 'string' ? frame : unpackFrame(frame, this.#openLink())))
    const socket = this.#sockets.get(id)
    if (socket === undefined) this.#report(['refused', id, 'EBADF', ''])
    else socket.send(unpacked)
  }

  async #serve(request: IoRequest): Promise<void> {
    const number = request[1]
    try {
      const value = await this.#perform(request)
      this.#report(['done', number, value ?? null])
    } catch (error) {
      // An error of ours has the errno in its cause.
      const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException
      this.#report(['failed', number, code ?? 'EINVAL', message])
    }
  }

  #perform(request: IoRequest): Promise<string | void> | void {
    if (request[0] === 'open') {
      const [, , id, type, options] = request
      this.#sockets.set(id, new ServedSocket(type, options as NativeOptions, this.#owner(id)))
      return
    }
    const socket = this.#sockets.get(request[2])
    if (socket === undefined) throw Object.assign(new Error('the socket is closed'), { code: 'EBADF' })
    switch (request[0]) {
      case 'close':
        return this.#close(request[2], socket)
      case 'bind':
        return socket.bind(request[3])
      case 'unbind':
        return socket.unbind(request[3])
      case 'connect':
        return socket.connect(request[3])
      case 'disconnect':
        return socket.disconnect(request[3])
      case 'subscribe':
        return socket.subscribe(Buffer.from(request[3], 'base64'))
      case 'unsubscribe':
        return socket.unsubscribe(Buffer.from(request[3], 'base64'))
    }
  }

  async #close(id: number, socket: ServedSocket): Promise<void> {
    this.#sockets.delete(id)
    socket.close()
    // What became of its sends is reported first.
    await new Promise(resolve => setImmediate(resolve))
  }

  #owner(socket: number): ServedSocketOwner {
    let sent = 0
    const reportSent = (): void => {
      if (sent > 0) this.#report(['sent', socket, sent])
      sent = 0
    }
    return {
      message: frames => {
        if (this.#link?.isClosed === false) this.#report(['message', socket, frames.map(frame => packFrame(frame, this.#openLink()))])
      },
      sent: () => {
        sent += 1
        // One report for all that ZeroMQ took in this turn.
        if (sent === 1) process.nextTick(reportSent)
      },
      refused: error => {
        reportSent()
        this.#report(['refused', socket, error.code ?? 'EINVAL', error.message])
      },
      faulted: error => this.#report(['faulted', socket, error.code ?? 'EFAULT', error.message]),
    }
  }

  #report(report: IoReport): void {
    if (this.#link?.isClosed === false) this.#link.postReply(JSON.stringify(report))
  }

  #openLink(): Link {
    return this.#link as Link
  }
}

import type { ReceivingSocket } from '@zera/core'

interface Awaited {
  readonly start: string
  heard(isHeard: boolean): void
}

/** Hears what arrives on a socket, until that is closed. */
export class Ear {
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>
  #awaited: Awaited | undefined
  #wasHeard: string[] = []

  constructor(socket: Pick<ReceivingSocket, typeof Symbol.asyncIterator>) {
    this.closed = this.#listen(socket)
  }

  /** Whether a text is heard within some milliseconds that begins so, or was since `forget`. */
  hears(start: string, ms: number): Promise<boolean> {
    if (this.#wasHeard.some(text => text.startsWith(start))) return Promise.resolve(true)
    return new Promise(resolve => {
      const timer = setTimeout(() => this.#awaited?.heard(false), ms)
      this.#awaited = {
        start,
        heard: isHeard => {
          clearTimeout(timer)
          this.#awaited = undefined
          resolve(isHeard)
        },
      }
    })
  }

  /** Forgets what was heard. */
  forget(): void {
    this.#wasHeard = []
  }

  async #listen(socket: Pick<ReceivingSocket, typeof Symbol.asyncIterator>): Promise<void> {
    for await (const [frame] of socket) {
      const text = String(frame)
      this.#wasHeard.push(text)
      if (this.#awaited !== undefined && text.startsWith(this.#awaited.start)) this.#awaited.heard(true)
    }
  }
}

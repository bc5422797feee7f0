import { callerClock } from '../../../base/time/clock.js'
import { createNative } from '../../../native/native-socket.js'
import { uninterrupted } from '../../../native/uninterrupted.js'
import type { Socket } from '../../../native/zeromq.js'
import { InprocPlaces } from './inproc-places.js'

const OPTIONS = { linger: 0 }
/** Milliseconds until a descriptor is looked for again where there was none. */
const AGAIN_MS = 100

/**
 * Makes ZeroMQ release sockets that were closed after connecting to an inproc endpoint that no socket binds (hazard
 * H8). When the linger time of their messages is up, this binds the endpoint instead of the socket that never came. A
 * socket that comes later finds it free.
 *
 * Only for the I/O thread, where no bind of a socket can come in between.
 */
class ForsakenConnects {
  readonly #places = new InprocPlaces<object>()
  readonly #underWay = new Map<string, Promise<void>>()
  /** A socket for when the process has no descriptor left for another, as at its end, when ZeroMQ would abort it. */
  #spare: Socket | undefined
  #isEnding = false

  /** Resolves when an endpoint can be plugged into. */
  async untilFree(endpoint: string): Promise<void> {
    for (let freeing = this.#underWay.get(endpoint); freeing !== undefined; freeing = this.#underWay.get(endpoint))
      await freeing
  }

  /** Whether it is being bound, so that no socket may plug in there now. */
  isBusy(endpoint: string): boolean {
    return this.#underWay.has(endpoint)
  }

  connected(socket: object, endpoint: string): void {
    this.#places.connected(socket, endpoint)
    if (this.#places.waitedAt.length > 0) this.#spare ??= openSpare()
  }

  bound(socket: object, endpoint: string): void {
    this.#places.bound(socket, endpoint)
  }

  unbound(socket: object, endpoint: string): void {
    this.#places.unbound(socket, endpoint)
  }

  /**
   * A socket was closed.
   *
   * @param lingerMs How long its messages may wait for a bind; negative: forever.
   */
  closed(socket: object, lingerMs: number): void {
    for (const endpoint of this.#places.closed(socket)) {
      if (lingerMs === 0 || this.#isEnding) this.#free(endpoint)
      else if (lingerMs > 0) callerClock.after(lingerMs, () => this.#free(endpoint))
    }
  }

  /** Frees all of them at once. For the end of the thread, when nothing is plugged in any longer. */
  async end(): Promise<void> {
    this.#isEnding = true
    await Promise.all(this.#underWay.values())
    const waitedAt = this.#places.waitedAt
    const socket = waitedAt.length === 0 ? undefined : this.#takeSocket()
    for (const endpoint of waitedAt) if (socket !== undefined) bind(socket, endpoint)
    socket?.close()
    this.#spare?.close()
  }

  #free(endpoint: string): void {
    if (!this.#places.isForsaken(endpoint) || this.#underWay.has(endpoint)) return
    const freeing = this.#bindOnce(endpoint).finally(() => this.#underWay.delete(endpoint))
    this.#underWay.set(endpoint, freeing)
  }

  async #bindOnce(endpoint: string): Promise<void> {
    const socket = this.#takeSocket()
    if (socket === undefined) {
      if (!this.#isEnding) callerClock.after(AGAIN_MS, () => this.#free(endpoint))
      return
    }
    // A close alone would free the endpoint some time later, and a socket that connects in the meantime would wait in
    // vain.
    if (bind(socket, endpoint)) await socket.unbind(endpoint)
    socket.close()
    this.#places.freed(endpoint)
    if (this.#places.waitedAt.length > 0) this.#spare ??= openSpare()
  }

  #takeSocket(): Socket | undefined {
    const taken = this.#spare ?? openSpare()
    this.#spare = undefined
    return taken
  }
}

/**
 * Returns false when another socket has bound it after all, such as one that Zera did not open: then nothing waits
 * there.
 */
function bind(socket: Socket, endpoint: string): boolean {
  try {
    uninterrupted(() => socket.bindSync(endpoint))
    return true
  } catch {
    return false
  }
}

function openSpare(): Socket | undefined {
  try {
    return createNative('PAIR', OPTIONS)
  } catch {
    return undefined
  }
}

/** Those of this thread. */
export const forsakenConnects = new ForsakenConnects()

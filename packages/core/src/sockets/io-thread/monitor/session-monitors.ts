import { callerClock, within } from '../../../base/time/clock.js'
import type { Socket } from '../../../native/zeromq.js'
import type { SocketEvent } from '../../socket-event.js'
import type { Side } from './read-event.js'
import { ServedMonitor } from './served-monitor.js'

/** The sockets of one thread that are watched, by their numbers. In the I/O thread. */
export class SessionMonitors {
  readonly #monitors = new Map<number, ServedMonitor>()
  readonly #change: (socket: number, event: SocketEvent) => SocketEvent | undefined
  readonly #report: (monitor: number, event: SocketEvent | 'end' | null, dropped: number) => void

  /**
   * @param change Says what is made of an event of ZeroMQ's.
   * @param report Takes what a monitor of the thread has to hear.
   */
  constructor(
    change: (socket: number, event: SocketEvent) => SocketEvent | undefined,
    report: (monitor: number, event: SocketEvent | 'end' | null, dropped: number) => void,
  ) {
    this.#change = change
    this.#report = report
  }

  /** @throws {DescriptorLimitError} */
  watch(socket: number, native: Socket, side: Side, monitor: number, room: number): void {
    const served = this.#monitors.get(socket) ?? new ServedMonitor(native, side, event => this.#change(socket, event))
    this.#monitors.set(socket, served)
    served.listen(monitor, room, (event, dropped) => this.#report(monitor, event, dropped))
  }

  /** A monitor has room for so many more; -1 ends it. */
  heard(socket: number, monitor: number, events: number): void {
    if (events < 0) this.#monitors.get(socket)?.leave(monitor)
    else this.#monitors.get(socket)?.give(monitor, events)
  }

  /** Something has happened that ZeroMQ does not tell. */
  add(socket: number, event: SocketEvent): void {
    this.#monitors.get(socket)?.add(event)
  }

  /** Waits until ZeroMQ has told all of the end of a socket, or for that time; then its monitors end. */
  async endedWithin(socket: number, ms: number): Promise<void> {
    const monitor = this.#monitors.get(socket)
    if (monitor === undefined) return
    await within(callerClock, ms, monitor.ended)
    monitor.end()
    this.#monitors.delete(socket)
  }

  /** The thread has gone. */
  clear(): void {
    this.#monitors.clear()
  }
}

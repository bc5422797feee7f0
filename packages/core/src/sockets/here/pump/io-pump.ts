import { SocketError } from '../../../base/errors/errors.js'
import { trackResource } from '../../../base/owning/resources.js'
import { stopMs } from '../../../base/owning/service.js'
import type { SocketType } from '../../../native/socket-type.js'
import { threadName } from '../../../words/this-thread.js'
import { PUMP_SIDES, type CheckedPump, type PumpSide } from '../../options/pump-options.js'
import type { PumpStatistics } from '../../pump-statistics.js'
import { zmqError } from '../../socket-errors.js'
import type { IoClient, SocketListener } from '../io-client.js'
import { IoPlug } from '../io-plug.js'
import type { DrainOptions, Pump, PumpSocket } from './pump.js'

/** A pump of this thread, which works in the I/O thread. */
export class IoPump implements Pump {
  readonly frontend: PumpSocket
  readonly backend: PumpSocket
  readonly capture: PumpSocket | undefined
  readonly ended: Promise<Error | undefined>
  readonly #checked: CheckedPump
  readonly #client: IoClient
  readonly #keepAlive: () => Promise<void>
  readonly #ids: number[] = []
  readonly #untrack: (() => void)[] = []
  #end!: (error: Error | undefined) => void
  #closing: Promise<void> | undefined

  /** @param keepAlive Looks anew whether the process stays alive for this thread's sockets. */
  constructor(checked: CheckedPump, client: IoClient, keepAlive: () => Promise<void>) {
    this.#checked = checked
    this.#client = client
    this.#keepAlive = keepAlive
    this.ended = new Promise(resolve => (this.#end = resolve))
    this.frontend = this.#enlist('frontend', checked.frontend.type)
    this.backend = this.#enlist('backend', checked.backend.type)
    this.capture = checked.capture === undefined ? undefined : this.#enlist('capture', checked.capture.type)
  }

  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** Opens the native sockets. */
  async open(): Promise<void> {
    try {
      await this.#keepAlive()
      await this.#client.request('open a pump', request => ['pump', request, this.#ids, this.#checked])
    } catch (error) {
      await this.#forget()
      throw error
    }
  }

  async pause(): Promise<void> {
    await this.#steer('pause')
  }

  async resume(): Promise<void> {
    await this.#steer('resume')
  }

  async drain(options?: DrainOptions): Promise<boolean> {
    const timeoutMs = stopMs('drain a pump', options)
    this.#expectOpen('drain')
    // JSON has no Infinity.
    const isDrained = await this.#client.request('drain a pump', request => [
      'drain',
      request,
      this.#id,
      Math.min(timeoutMs, Number.MAX_SAFE_INTEGER),
    ])
    return isDrained === 'true'
  }

  async lose(worker: string): Promise<number> {
    this.#expectOpen('tell')
    return Number(
      await this.#client.request('tell a pump that a worker was lost', request => ['lose', request, this.#id, worker]),
    )
  }

  async statistics(): Promise<PumpStatistics> {
    return JSON.parse((await this.#steer('count')) as string) as PumpStatistics
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #id(): number {
    return this.#ids[0] as number
  }

  #enlist(side: PumpSide, type: SocketType): PumpSocket {
    const id = this.#client.enlist(this.#listener())
    this.#ids[PUMP_SIDES.indexOf(side)] = id
    this.#untrack.push(
      trackResource('socket', `${type} ${id} of a pump`, side === 'frontend' ? () => this.close() : undefined),
    )
    const plug = new IoPlug(type, id, this.#client)
    const whenOpen =
      <A extends unknown[], R>(verb: string, perform: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        this.#expectOpen(verb)
        return perform(...args)
      }
    return {
      type,
      bind: whenOpen('bind', endpoint => plug.bind(endpoint)),
      unbind: whenOpen('unbind', endpoint => plug.unbind(endpoint)),
      connect: whenOpen('connect', endpoint => plug.connect(endpoint)),
      disconnect: whenOpen('disconnect', endpoint => plug.disconnect(endpoint)),
      subscribe: whenOpen('subscribe', async (...prefixes) => {
        if (type !== 'SUB')
          throw new TypeError(
            `Cannot subscribe at a ${type} socket of a pump: its type does not do that; only SUB does`,
          )
        await plug.subscribe(...prefixes)
      }),
    }
  }

  #listener(): SocketListener {
    const nothing = (): void => undefined
    return {
      // Its messages stay in the I/O thread.
      message: nothing,
      sent: nothing,
      dropped: nothing,
      refused: nothing,
      counted: nothing,
      faulted: (errno, text) => this.#end(zmqError(errno, 'hand on messages', text)),
      lost: error => this.#end(error),
    }
  }

  async #steer(verb: 'pause' | 'resume' | 'count'): Promise<string | undefined> {
    this.#expectOpen(verb)
    return this.#client.request(`${verb} a pump`, request => ['steer', request, this.#id, verb])
  }

  async #close(): Promise<void> {
    try {
      await this.#client.request('close a pump', request => ['steer', request, this.#id, 'close'])
    } catch (error) {
      // When the I/O thread has gone, so have its sockets.
      if (!this.#client.link.isClosed) throw error
    } finally {
      await this.#forget()
      this.#end(undefined)
    }
  }

  async #forget(): Promise<void> {
    for (const id of this.#ids) this.#client.dismiss(id)
    for (const untrack of this.#untrack) untrack()
    await this.#keepAlive()
  }

  #expectOpen(verb: string): void {
    if (this.isClosed) throw new SocketError(`Cannot ${verb} a pump of ${threadName}: it is closed; open a new one`)
  }
}

import {
  accountOf,
  type Endpoint,
  remoteEnd,
  type RemoteEnd,
  expectOwnModule,
  startLinkedThread,
  type LinkedThread,
  throwUncaught,
  unknownSignal,
} from '@zera/core/internal'
import { HOST_THREAD } from '../../entry-urls.js'
import { cloneable } from '../../model/cloneable-error.js'
import { BLACK_BOX_BYTES } from '../../model/events/layout.js'
import { sinkOf } from '../../model/log.js'
import { moduleHere, type ModuleRoots } from '../../model/modules/module-roots.js'
import type { NodeLimits } from '../../model/nodes/node-limits.js'
import type { HostSeed } from '../../platform/host-seed.js'
import { signalHost, type HostSignalDown, type HostSignalUp } from '../../platform/host-signals.js'
import { FIRST_REMOTE_HOST } from '../../platform/transport.js'
import type { DownReport, Order, Report, StartOptions } from '../control/control.js'
import type { DoorPlace, Doors } from './doors.js'
import { LentDoor } from './lent-door.js'
import { boundedStopMs, expectStartOptions } from './start-limits.js'

type SignalOrder = Extract<Order, { readonly kind: 'signal' }>

/** Links for which others are let in to one thread. */
const MAX_LINKS = 65_536

/** What the threads of one session have in common. */
export interface Lending {
  /** Where they are reached. */
  readonly doors: Doors
  /** Whether what is said to them is encrypted. */
  readonly isEncrypted: boolean
  readonly lease: SharedArrayBuffer
  readonly roots: ModuleRoots | undefined
  readonly limits: NodeLimits
  report(report: Report): void
  /** Ends the session for what one of its threads was sent by the system's own process. */
  fault(reason: string): void
}

interface LentThreadParts {
  readonly thread: LinkedThread
  readonly place: DoorPlace
  /** The number of its host. */
  readonly number: number
  readonly blackBox: SharedArrayBuffer
  readonly door: LentDoor
  readonly lending: Lending
}

/** A thread of a node that hosts actors of a system, seen from the node's main thread, which runs no user code. */
export class LentThread {
  readonly #thread: LinkedThread
  readonly #place: DoorPlace
  readonly #number: number
  readonly #ends = new Map<number, RemoteEnd>()
  readonly #blackBox: SharedArrayBuffer
  readonly #door: LentDoor
  readonly #lending: Lending

  private constructor({ thread, place, number, blackBox, door, lending }: LentThreadParts) {
    this.#thread = thread
    this.#place = place
    this.#number = number
    this.#blackBox = blackBox
    this.#door = door
    this.#lending = lending
  }

  /**
   * Starts one, and reports what it says and how it ends. When the signal aborts before it is ready, it is killed.
   *
   * @throws {NodeLimitError}
   * @throws {ThreadStartError} When it does not become ready.
   * @throws {ModuleRefusedError} When a module that it needs lies outside of the root.
   */
  static async start(
    number: number,
    options: StartOptions,
    lending: Lending,
    signal: AbortSignal,
  ): Promise<LentThread> {
    const { doors, isEncrypted, lease, limits, roots } = lending
    expectStartOptions(number, options, limits)
    const { name, incarnation, isSpare, modules, startMs, maxHeapMb, container, log } = options
    const blackBox = new SharedArrayBuffer(BLACK_BOX_BYTES)
    // Each is looked at again where it is imported. What is refused costs no thread.
    for (const module of [container, sinkOf(log), ...modules])
      if (module !== undefined) moduleHere(String(module), roots)
    const place = doors.open(`${number}.${incarnation}`)
    let door: LentDoor | undefined
    try {
      door = await LentDoor.open(place.endpoint, isEncrypted)
      const data: HostSeed = {
        place: isSpare ? undefined : { number, blackBox },
        modules,
        container,
        log: log ?? {},
        node: { door: door.options, lease, roots },
      }
      const thread = await startLinkedThread(expectOwnModule('@zera/actors', HOST_THREAD, name), {
        name,
        incarnation,
        data,
        startMs,
        signal,
        ...(maxHeapMb === undefined ? {} : { maxHeapMb }),
      })
      const lent = new LentThread({ thread, place, number, blackBox, door, lending })
      lent.#listen()
      return lent
    } catch (error) {
      await door?.release()
      place.close()
      throw error
    }
  }

  /**
   * Lets the other side of a link in, and says so when it is: only then does it connect.
   *
   * @throws {RangeError} When the key is none.
   */
  admit(link: number, publicKey: string): void {
    if (this.#door.links >= MAX_LINKS) {
      this.#lending.fault(`it has more than ${MAX_LINKS} links with thread ${this.#number}`)
      return
    }
    this.#door.admit(link, publicKey)
    this.#lending.report({ kind: 'signal', thread: this.#number, signal: 'admitted', data: { link } })
  }

  /** A link has ended. */
  dismiss(link: number): void {
    this.#door.dismiss(link)
  }

  /**
   * Passes on the system's signals. It creates the memory of a link, and of a host that a spare thread becomes, here,
   * where it outlives the thread. It also creates the keys of a connecting side, and sends the system the public one.
   */
  signal({ signal, data, terms }: Omit<SignalOrder, 'kind' | 'thread'>): void {
    const { link } = this.#thread
    if (signal === 'assume') {
      signalHost(link, { signal }, { content: { number: data as number, blackBox: this.#blackBox }, transfer: [] })
      return
    }
    // Whoever has read the order has looked whether its data belong to the signal.
    const said = { signal, data } as HostSignalDown
    if (terms === undefined) {
      signalHost(link, said)
      return
    }
    const end = remoteEnd(terms)
    this.#ends.set(terms.incarnation, end)
    signalHost(link, said, { content: end })
    if (end.keys !== undefined)
      this.#lending.report({
        kind: 'signal',
        thread: this.#number,
        signal: 'keyed',
        data: { link: terms.incarnation, publicKey: end.keys.publicKey },
      })
  }

  async stop(timeoutMs: number): Promise<void> {
    await this.#thread.stop({ timeoutMs: boundedStopMs(timeoutMs, this.#lending.limits) })
  }

  async kill(): Promise<void> {
    await Promise.all([this.#door.release(), this.#thread.kill()])
  }

  #listen(): void {
    const lending = this.#lending
    const thread = this.#number
    this.#thread.receive({
      message: () => undefined,
      signal: received => {
        const said = received as HostSignalUp
        // The first of all, before it was ready.
        if (said.signal === 'door')
          lending.report({
            kind: 'started',
            thread,
            endpoint: this.#place.bound(said.data) as Endpoint,
            doorKey: this.#door.publicKey,
          })
        else if (said.signal === 'faulted') this.#faulted(said.data)
        else if (said.signal === 'introduce' || said.signal === 'sever')
          lending.report({ kind: 'signal', thread, ...said })
        else lending.fault(unknownSignal(received, `a node from its thread ${thread}`).message)
      },
    })
    this.#thread.down
      .then(async () => {
        await this.#door.release()
        lending.report({ kind: 'down', thread, down: await this.#describeDown() })
      })
      .catch(throwUncaught)
  }

  /** Of a host on another node it is for the system to judge. */
  #faulted(data: { readonly peer: number; readonly problem: string }): void {
    if (data.peer < FIRST_REMOTE_HOST)
      this.#lending.fault(`its host ${data.peer} has sent host ${this.#number} what cannot be read: ${data.problem}`)
    else this.#lending.report({ kind: 'signal', thread: this.#number, signal: 'faulted', data })
  }

  async #describeDown(): Promise<DownReport> {
    const down = await this.#thread.down
    this.#place.close()
    return {
      down: { ...down, error: down.error && cloneable(down.error) },
      receipt: await this.#thread.stop(),
      lost: this.#thread.remains.lost,
      accounts: Array.from(this.#ends, ([link, end]) => [link, accountOf(end)] as const),
      blackBox: new Uint8Array(this.#blackBox).slice(),
    }
  }
}

import { accountOf, type CurveKeys, type RemoteDoorOptions, remoteEnd, type RemoteEnd, type RemoteTerms, startThread, type Thread, throwUncaught } from '@zera/core'
import { cloneable } from '../cloneable-error.js'
import { BLACK_BOX_BYTES } from '../black-box/layout.js'
import { HOST_THREAD } from '../host-thread-url.js'
import type { HostSeed } from '../hosting/host-thread.js'
import { moduleHere, type ModuleRoots } from '../module-roots.js'
import type { DownReport, Report, StartOptions } from './control.js'
import type { Door, Doors } from './doors.js'
import { boundedStopMs, expectStartOptions, type NodeLimits } from './node-limits.js'

/** What the threads of one session have in common. */
export interface Lending {
  readonly doors: Doors
  /** Of their doors. */
  readonly security: RemoteDoorOptions['security']
  readonly lease: SharedArrayBuffer
  readonly roots: ModuleRoots | undefined
  readonly keys: CurveKeys | undefined
  readonly limits: NodeLimits
  report(report: Report): void
}

/** A thread of a node that hosts actors of a system, seen from the node's main thread, which runs no user code. */
export class LentThread {
  readonly #thread: Thread
  readonly #door: Door
  readonly #number: number
  readonly #ends = new Map<number, RemoteEnd>()
  readonly #blackBox: SharedArrayBuffer
  readonly #lending: Lending

  private constructor(thread: Thread, door: Door, number: number, blackBox: SharedArrayBuffer, lending: Lending) {
    this.#thread = thread
    this.#door = door
    this.#number = number
    this.#blackBox = blackBox
    this.#lending = lending
  }

  /** Starts one, and reports what it says and how it ends. When the signal aborts before it is ready, it is killed. @throws {NodeLimitError} @throws {ThreadStartError} When it does not become ready. @throws {ModuleRefusedError} When a module that it needs lies outside of the root. */
  static async start(number: number, options: StartOptions, lending: Lending, signal: AbortSignal): Promise<LentThread> {
    const { doors, lease, limits, roots, security } = lending
    expectStartOptions(number, options, limits)
    const { name, incarnation, isSpare, modules, startMs, maxHeapMb, container, log } = options
    const blackBox = new SharedArrayBuffer(BLACK_BOX_BYTES)
    // Each is looked at again where it is imported. What is refused costs no thread.
    for (const module of [container, log?.sink, ...modules]) if (module !== undefined) moduleHere(String(module), roots)
    const door = doors.open(`${number}.${incarnation}`)
    const data: HostSeed = {
      place: isSpare ? undefined : { number, blackBox },
      modules,
      container,
      log: log ?? {},
      node: { door: { endpoint: door.endpoint, security }, lease, roots },
    }
    try {
      const thread = await startThread(HOST_THREAD, { name, incarnation, data, startMs, signal, ...(maxHeapMb === undefined ? {} : { maxHeapMb }) })
      const lent = new LentThread(thread, door, number, blackBox, lending)
      lent.#listen()
      return lent
    } catch (error) {
      door.close()
      throw error
    }
  }

  /** Hands on what the system signals. The memory of a link, and of a host that a spare thread becomes, is made here, where it outlives the thread. */
  signal(signal: string, data: unknown, terms: RemoteTerms | undefined): void {
    if (signal === 'assume') {
      this.#thread.link.signal(signal, undefined, { content: { number: data as number, blackBox: this.#blackBox }, transfer: [] })
      return
    }
    if (terms === undefined) {
      this.#thread.link.signal(signal, data)
      return
    }
    const end = remoteEnd(withKeys(terms, this.#lending.keys))
    this.#ends.set(terms.incarnation, end)
    this.#thread.link.signal(signal, data, { content: end })
  }

  async stop(deadlineMs: number): Promise<void> {
    await this.#thread.stop({ deadlineMs: boundedStopMs(deadlineMs, this.#lending.limits) })
  }

  async kill(): Promise<void> {
    await this.#thread.kill()
  }

  #listen(): void {
    const lending = this.#lending
    const thread = this.#number
    this.#thread.receive({
      message: () => undefined,
      signal: ({ signal, data }) => {
        // The first of all, before it was ready.
        if (signal === 'door') lending.report({ kind: 'started', thread, endpoint: this.#door.bound(data as string) })
        else lending.report({ kind: 'signal', thread, signal, data })
      },
    })
    this.#thread.down.then(async () => lending.report({ kind: 'down', thread, down: await this.#describeDown() })).catch(throwUncaught)
  }

  async #describeDown(): Promise<DownReport> {
    const down = await this.#thread.down
    this.#door.close()
    return {
      down: { ...down, error: down.error && cloneable(down.error) },
      receipt: await this.#thread.stop(),
      lost: this.#thread.remains.lost,
      accounts: Array.from(this.#ends, ([link, end]) => [link, accountOf(end)] as const),
      blackBox: new Uint8Array(this.#blackBox).slice(),
    }
  }
}

/** To threads of other nodes it connects with the keys of its own, which never leave it. */
function withKeys(terms: RemoteTerms, keys: CurveKeys | undefined): RemoteTerms {
  const { security } = terms
  if (keys === undefined || security.curveServerKey === undefined || security.curveSecretKey !== undefined) return terms
  return { ...terms, security: { ...security, curvePublicKey: keys.publicKey, curveSecretKey: keys.secretKey } }
}

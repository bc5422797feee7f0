import type {
  Down,
  DownReason,
  LinkEnd,
  LinkReceiver,
  Remains,
  Signal,
  StopOptions,
  ThreadReceipt,
} from '@zera/core/internal'
import type { ThreadContainer } from '../../actor/container.js'
import { Guardian } from '../../host/guardian.js'
import { HostRole } from '../../host/host-role.js'
import { Host } from '../../host/host.js'
import { Loggers } from '../../log/loggers.js'
import { GUARDIAN } from '../../model/address.js'
import type { LogSink } from '../../model/log.js'
import type { SystemIdentity } from '../../model/refs/system-identity.js'
import type { HostPlace } from '../../platform/host-seed.js'
import type { HandedToHost, HostControl, HostSignalDown, HostSignalUp } from '../../platform/host-signals.js'
import type { HostThread, StartHostThread } from '../../platform/platform.js'
import { SimulatedClock } from './simulated-clock.js'
import type { Lane } from './simulated-link.js'
import type { SimulatedNetwork, SimulatedPlace } from './simulated-network.js'
import type { World } from './world.js'

/** Milliseconds that things of threads take at most in a simulation. */
export const SIMULATED_MS = { start: 30, turn: 1, signal: 2, busy: 60, end: 2 }

/** Of so many signals one finds its thread busy. */
const BUSY_ONCE_IN = 12

/** What the threads of a simulation share. */
export interface ThreadWorld {
  readonly identity: SystemIdentity
  readonly world: World
  readonly network: SimulatedNetwork
  readonly container: ThreadContainer
  readonly log: LogSink
}

/**
 * A host that lives in this thread as if it had one of its own: it starts after a while, is signalled after a while,
 * and may die at any moment.
 */
export class SimulatedThread implements HostThread {
  readonly down: Promise<Down>
  /** No host signals a simulated thread through these. */
  readonly words = new SharedArrayBuffer(0)
  readonly link: HostControl = { signal: this.#signal.bind(this) }
  readonly crashes: readonly DownReason[]
  readonly #world: World
  readonly #options: Parameters<StartHostThread>[0]
  readonly #role: HostRole
  readonly #place: SimulatedPlace
  readonly #clock: SimulatedClock
  readonly #toThread: Lane
  readonly #startedAtMs: number
  #receive: (signal: Signal) => void = () => undefined
  #isDown: (down: Down) => void = () => undefined
  #hasEnded = false
  #stopping: Promise<ThreadReceipt> | undefined

  /** @param crashes In which ways it may crash. */
  constructor(
    { identity, world, network, container, log }: ThreadWorld,
    options: Parameters<StartHostThread>[0],
    crashes: readonly DownReason[],
  ) {
    this.crashes = crashes
    this.#world = world
    this.#options = options
    this.#place = network.join()
    this.#clock = new SimulatedClock(world.agenda, world.createLane(SIMULATED_MS.turn))
    this.#toThread = world.createLane(() =>
      world.random.next() * BUSY_ONCE_IN < 1 ? SIMULATED_MS.busy : SIMULATED_MS.signal,
    )
    this.#startedAtMs = this.#clock.epochMs()
    this.down = new Promise(resolve => (this.#isDown = resolve))
    const toStarter = world.createLane(SIMULATED_MS.signal)
    const createHost = ({ number, blackBox, times }: HostPlace): Host => {
      const host = new Host({
        number,
        identity,
        random: world.random,
        blackBox,
        times,
        clock: this.#clock,
        loggers: new Loggers(number, this.#clock, log),
        transport: this.#place,
        requestLink: peer =>
          toStarter(() => this.#receive({ signal: 'introduce', data: { peer } } satisfies HostSignalUp)),
        severLink: (peer, link, refusal) =>
          toStarter(() => this.#receive({ signal: 'sever', data: { peer, link, refusal } } satisfies HostSignalUp)),
        createInjector: context => container.createInjector(context),
      })
      host.addService(GUARDIAN, new Guardian(host))
      return host
    }
    this.#role = new HostRole(createHost, options.data.place)
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Its number among the hosts; undefined while it is spare. */
  get number(): number | undefined {
    return this.#role.host?.number
  }

  get remains(): Remains {
    return { returned: [], lost: this.#place.held }
  }

  receive(receiver: LinkReceiver): void {
    this.#receive = received => receiver.signal(received, undefined)
  }

  /** Stops as a thread does: it sends its last messages, and ends; after the deadline it is killed. */
  stop({ timeoutMs = 5000 }: StopOptions = {}): Promise<ThreadReceipt> {
    this.#stopping ??= this.#stop(timeoutMs)
    return this.#stopping
  }

  kill(): Promise<Down> {
    this.end('killed')
    return this.down
  }

  ref(): void {
    // A simulation keeps no process alive.
  }

  unref(): void {
    // A simulation keeps no process alive.
  }

  /** Ends it, now. What it has sent arrives; then its end is reported. */
  end(reason: DownReason): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#place.end()
    this.#clock.stop()
    this.#role.host?.abandon()
    const { name = '', incarnation = 1 } = this.#options
    const error = reason === 'threw' ? new Error('Something threw in a simulated thread') : undefined
    this.#world.agenda.add(this.#world.someMs(SIMULATED_MS.end), () =>
      this.#isDown({ thread: name, incarnation, reason, exitCode: reason === 'stopped' ? 0 : 1, error }),
    )
  }

  async #stop(timeoutMs: number): Promise<ThreadReceipt> {
    const deadline = timeoutMs === Infinity ? undefined : this.#world.agenda.add(timeoutMs, () => this.end('killed'))
    this.#toThread(() => void this.#leave())
    const { thread, incarnation, reason, exitCode } = await this.down
    deadline?.cancel()
    const stoppedAtMs = this.#clock.epochMs()
    const outcome = reason === 'stopped' ? 'clean' : reason === 'killed' ? 'killed' : 'crashed'
    const left = { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: this.#place.held, handles: 0 }
    return {
      thread,
      incarnation,
      startedAtMs: this.#startedAtMs,
      stoppedAtMs,
      durationMs: stoppedAtMs - this.#startedAtMs,
      exitCode,
      outcome,
      reason,
      left: outcome === 'clean' ? left : undefined,
    }
  }

  async #leave(): Promise<void> {
    if (this.#hasEnded) return
    await this.#role.host?.leave()
    this.end('stopped')
  }

  #signal(said: HostSignalDown, handOver?: HandedToHost): void {
    this.#toThread(() => {
      if (!this.#hasEnded) this.#role.signal(said, handOver?.content)
      else if (handOver !== undefined) (handOver.content as Partial<LinkEnd>).handover?.close()
    })
  }
}

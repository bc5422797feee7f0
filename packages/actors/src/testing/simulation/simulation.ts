import { realTimers, systemClock, type DownReason } from '@zera/core/internal'
import { ThreadContainer } from '../../actor/container.js'
import { untilClosed } from '../../actor/instance-owner.js'
import type { Store } from '../../model/durability/store.js'
import type { SystemReceipt } from '../../model/events/system-receipt.js'
import type { LogSink } from '../../model/log.js'
import { seededRandom, type Random } from '../../model/time/random.js'
import type { StartHostThread } from '../../platform/platform.js'
import { RunningSystem } from '../../system/running-system.js'
import type { System } from '../../system/system.js'
import { SimulationError } from '../simulation-error.js'
import { SimulatedClock } from './simulated-clock.js'
import { simulatedSink } from './simulated-log.js'
import { SimulatedNetwork } from './simulated-network.js'
import { SIMULATED_MS, SimulatedThread } from './simulated-thread.js'
import { World } from './world.js'

/**
 * A whole system in one thread, with its own time. The seed alone determines the order of its threads, their messages,
 * their crashes and their restarts.
 *
 * Nothing takes real time: when all that can run has run, time jumps to the next due event. So a scenario must wait
 * only for its system.
 */
export interface Simulation {
  readonly seed: number
  /** For the random choices of the scenario, so that the seed determines them, too. */
  readonly random: Random
  readonly system: System
  /** Milliseconds since the simulation began. */
  readonly nowMs: number
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  /**
   * Ends a thread as a crash would: that of the given host, or a random one. Returns the number of its host, or
   * undefined when no such thread runs.
   */
  crash(host?: number): number | undefined
  /**
   * Crashes one thread after the other, until `calm` or the end of the scenario.
   *
   * @param everyMs The average time between two crashes.
   */
  crashEvery(everyMs: number): void
  /** Ends the random crashes of `crashEvery`. */
  calm(): void
}

/** The options of a simulated system. */
export interface SimulationOptions {
  /** Threads for `shared` actors. Default 2. */
  readonly threads?: number | undefined
  /** Threads kept ready to replace one that dies. Default 0. */
  readonly spares?: number | undefined
  /** The longest time that a message between threads travels, in milliseconds. Default 5. */
  readonly latencyMs?: number | undefined
  /**
   * Makes the store of the system, for the seed: `seed => simulatedStore({ seed })` of `@zera/store/testing`. Default
   * none.
   */
  readonly store?: ((seed: number) => Store) | undefined
  /**
   * How many unhandled messages and answers a thread may have from another; further ones wait at the sender. Default
   * 16,384.
   */
  readonly windowMessages?: number | undefined
  /**
   * Takes all logged lines, including those about failures, with the simulation's time. Default: the standard output,
   * and the standard error for failures. There, all simulations of this thread together write at most 20 lines in 10 s
   * of real time; `leftOut` counts the others.
   */
  readonly log?: LogSink | undefined
}

/** More events than that mean an endless loop. */
const MAX_EVENTS = 1_000_000
/** Milliseconds of real time that the import of modules may take, which nothing can simulate. */
const IMPORT_MS = 1000

const CRASHES: readonly DownReason[] = ['killed', 'threw', 'exited', 'heap-limit']
/** What may come to a thread that has a process to itself. */
const CRASHES_OF_PROCESS: readonly DownReason[] = [...CRASHES, 'memory-limit', 'crashed']

/** A simulation that runs scenarios. */
export class SeededSimulation implements Simulation {
  readonly seed: number
  readonly random: Random
  readonly system: System
  readonly #system: RunningSystem
  readonly #world: World
  readonly #threads: SimulatedThread[] = []
  /** Grows when the crashes that were to come are called off. */
  #storm = 0

  constructor(
    seed: number,
    { threads = 2, spares = 0, latencyMs = 5, windowMessages, store, log = simulatedSink }: SimulationOptions,
  ) {
    this.seed = seed
    this.random = seededRandom(seed)
    const world = new World(this.random)
    this.#world = world
    const network = new SimulatedNetwork(() => world.createLane(latencyMs), windowMessages)
    const container = new ThreadContainer()
    const identity = { description: `the simulation of seed ${seed}` }
    const starts =
      (crashes: readonly DownReason[]): StartHostThread =>
      async options => {
        await this.pass(world.someMs(SIMULATED_MS.start))
        const thread = new SimulatedThread({ identity, world, network, container, log }, options, crashes)
        this.#threads.push(thread)
        return thread
      }
    this.#system = new RunningSystem(
      { threads, spares, handleSignals: false, store: store?.(seed) },
      container,
      {
        identity,
        clock: new SimulatedClock(world.agenda, world.createLane(SIMULATED_MS.turn)),
        random: this.random,
        transport: network.join(),
        startHost: starts(CRASHES),
        // One in a process of its own is a thread as any other here: what is on its links when it ends is known as exactly.
        ownProcesses: {
          startThread: starts(CRASHES_OF_PROCESS),
          onFault: () => undefined,
          closeDoors: () => undefined,
          stop: async () => undefined,
          kill: () => undefined,
        },
        createJobThreads: async () => new (await import('./simulated-jobs.js')).SimulatedJobs(world),
      },
      log,
    )
    this.system = this.#system
  }

  get nowMs(): number {
    return this.#world.agenda.nowMs
  }

  pass(ms: number): Promise<void> {
    return new Promise(resolve => this.#world.agenda.add(ms, resolve))
  }

  crash(host?: number): number | undefined {
    const running = this.#threads.filter(thread => !thread.hasEnded && (host === undefined || thread.number === host))
    const thread = running[Math.floor(this.random.next() * running.length)]
    if (thread !== undefined)
      thread.end(thread.crashes[Math.floor(this.random.next() * thread.crashes.length)] as DownReason)
    return thread?.number
  }

  crashEvery(everyMs: number): void {
    this.#storm += 1
    this.#crashLater(everyMs, this.#storm)
  }

  calm(): void {
    this.#storm += 1
  }

  /**
   * Starts the system, runs a scenario, and stops the system.
   *
   * @returns The receipt of the stop.
   * @throws {SimulationError} When the scenario throws, waits for something that never comes, or anything is left after
   *   the stop.
   */
  async run(scenario: (simulation: Simulation) => Promise<void>): Promise<SystemReceipt> {
    // The ports of past simulations are let go of when the event loop turns, which it does not while one runs.
    await realTimers.eventLoopTurned()
    try {
      await this.#drive(this.#play(scenario))
    } finally {
      this.calm()
      await this.#drive(this.system.stop())
    }
    const receipt = await this.system.stop()
    const left = Object.entries(receipt.left).filter(([, count]) => count > 0)
    if (left.length > 0)
      throw new SimulationError(
        this.seed,
        `after its stop there are left ${left.map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
      )
    return receipt
  }

  async #play(scenario: (simulation: Simulation) => Promise<void>): Promise<void> {
    await this.#system.start()
    await scenario(this)
  }

  /** Runs one event after the other until a promise settles. */
  async #drive(done: Promise<unknown>): Promise<void> {
    let outcome: { readonly error?: unknown } | undefined
    done.then(
      () => (outcome = {}),
      (error: unknown) => (outcome = { error }),
    )
    let events = 0
    let idleSince: number | undefined
    while (events < MAX_EVENTS) {
      await everybodyRan()
      if (outcome !== undefined) break
      // What actors have opened is closed in real time, in which theirs stands still.
      const closed = untilClosed()
      if (closed !== undefined) await closed
      else if (this.#world.agenda.next()) {
        events += 1
        idleSince = undefined
      } else {
        idleSince ??= systemClock.now()
        if (systemClock.now() - idleSince > IMPORT_MS) break
        await realTimers.eventLoopTurned()
      }
    }
    if (outcome === undefined) {
      const problem = events === MAX_EVENTS ? 'it does not come to an end' : 'it waits for something that never comes'
      throw new SimulationError(this.seed, `${problem}, at ${this.nowMs} ms`)
    }
    if ('error' in outcome) throw new SimulationError(this.seed, String(outcome.error), { cause: outcome.error })
  }

  #crashLater(everyMs: number, storm: number): void {
    this.#world.agenda.add(this.#world.someMs(2 * everyMs), () => {
      if (this.#storm !== storm) return
      this.crash()
      this.#crashLater(everyMs, storm)
    })
  }
}

/** Resolves when all promises that can settle have. */
function everybodyRan(): Promise<void> {
  return new Promise(resolve => realTimers.queueMicrotask(() => realTimers.nextTick(resolve)))
}

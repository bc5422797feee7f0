import { expectNumber, expectOptions, FUNCTION, NUMBER, optionNames } from '@zera/core/internal'
import { SeededSimulation, type Simulation, type SimulationOptions } from './simulation.js'

/** The options of a simulation. */
export interface SimulateOptions extends SimulationOptions {
  /** The number of seeds, from 0 on, or a list of them. Default 100. */
  readonly seeds?: number | readonly number[] | undefined
}

const SIMULATE_OPTIONS = optionNames<SimulateOptions>({
  seeds: true,
  threads: NUMBER,
  spares: NUMBER,
  latencyMs: NUMBER,
  windowMessages: NUMBER,
  store: FUNCTION,
  log: true,
})

/**
 * Runs a scenario on a simulated system, once with each seed, one after the other.
 *
 * @example
 *   await simulate({ seeds: 1000 }, async simulation => {
 *     const counter = await simulation.system.spawn(Counter, { maxRestarts: Infinity })
 *     simulation.crashEvery(50)
 *     await counter.ask.add(1).catch(() => undefined)
 *   })
 *
 * @throws {SimulationError} When a seed fails: its `seed` replays it, its `cause` is what the scenario threw. It tries
 *   no further seed.
 * @throws {RangeError} When a seed, or how many there are, is no whole number from 0 on.
 */
export async function simulate(
  given: SimulateOptions,
  scenario: (simulation: Simulation) => Promise<void>,
): Promise<void> {
  expectOptions('simulate', given, SIMULATE_OPTIONS)
  const { seeds = 100, ...options } = given
  const chosen = typeof seeds === 'number' ? Array.from({ length: expectWhole(seeds) }, (_, seed) => seed) : seeds
  for (const seed of chosen) await new SeededSimulation(expectWhole(seed), options).run(scenario)
}

function expectWhole(number: number): number {
  expectNumber('simulate', 'a seed, or how many there are,', number, { to: Number.MAX_SAFE_INTEGER, isWhole: true })
  return number
}

/**
 * A test kit for actors: a whole system in one thread, whose time, deliveries and crashes a seed determines, and probes
 * that stand in for actors.
 *
 * ```ts
 * import { simulate, startProbe } from '@zera/actors/testing'
 *
 * await simulate({ seeds: 1000 }, async simulation => {
 *   const orders = await simulation.system.spawn(Orders, { maxRestarts: Infinity })
 *   simulation.crashEvery(50)
 *   await orders.ask.place('tea').catch(() => undefined)
 * })
 * ```
 *
 * @module
 */
export { SimulationError } from './simulation-error.js'
export { startProbe, type Answers, type Received, type TestProbe } from './probe.js'
export { simulate, type SimulateOptions } from './simulation/simulate.js'
export type { Simulation } from './simulation/simulation.js'

/**
 * A store for simulated systems, which takes its time, refuses, and keeps what it has while threads crash.
 *
 * ```ts
 * import { simulate } from '@zera/actors/testing'
 * import { simulatedStore } from '@zera/store/testing'
 *
 * await simulate({ seeds: 1000, store: seed => simulatedStore({ seed, refusals: 0.1 }) }, async simulation => {
 *   const account = await simulation.system.spawn(Account, { name: 'one' })
 *   simulation.crashEvery(50)
 *   await account.ask.add(1)
 * })
 * ```
 *
 * @module
 */
export { simulatedStore, type SimulatedStore } from './simulated-store.js'

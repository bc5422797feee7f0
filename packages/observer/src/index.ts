/**
 * Shows a running system of Zera: who does what, since when, and how long it takes. It answers while the main thread is
 * blocked and actors spin.
 *
 * ```ts
 * import { startSystem } from '@zera/actors'
 *
 * await using system = await startSystem({ observer: true })
 * console.log((await system.observe()).url)
 * ```
 *
 * @module
 */
export { meterSystem } from './metering/meter-system.js'
export type { SystemState } from './model/state.js'
export { startObserver } from './reporting/start-observer.js'

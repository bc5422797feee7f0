/**
 * What tests of code that uses Zera need: a clock that they move by hand.
 *
 * @module
 */
export { ManualClock } from './manual-clock.js'

/**
 * What tests of code that uses Zera need: a clock that they move by hand, and programs that they run as processes of
 * their own.
 *
 * @module
 */
export { ManualClock } from './manual-clock.js'
export { runCommand, type CommandRun, type RunCommandOptions } from './run-command.js'

import { parseArgs } from 'node:util'
import { wholeNumber } from './device-arguments.js'

const DEFAULT_STOP_MS = 5000

/**
 * The milliseconds of `--stop-ms`, which every subcommand has.
 *
 * @throws {UsageError}
 */
export function stopMs(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { 'stop-ms': { type: 'string' } }, strict: false })
  return (
    wholeNumber('stop-ms', typeof values['stop-ms'] === 'string' ? values['stop-ms'] : undefined) ?? DEFAULT_STOP_MS
  )
}

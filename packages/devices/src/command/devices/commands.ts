import type { Subcommand } from '../subcommand.js'
import { brokerCommand } from './broker-command.js'
import { deviceCommands } from './device-commands.js'
import { gatewayCommand } from './gateway-command.js'

/** All words that may follow `zera device`. */
export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  ...deviceCommands,
  broker: brokerCommand,
  gateway: gatewayCommand,
}

const USAGE = `usage: zera device <device> --frontend ENDPOINT --backend ENDPOINT [options]

Runs one of ZeroMQ's devices until Ctrl-C.
`

const SIGNALS = `
zera device <device> --help tells its options.

On a terminal it writes a line of statistics a second. SIGUSR2 pauses it, and resumes it the next time: kill -USR2 PID.
Ctrl-C and SIGTERM hand on what has arrived, within --stop-ms, and end it with exit code 0; a second one ends it at once.
Exit code 1: the device could not start, or failed. Exit code 2: it was called wrongly.
`

/** The text of `zera device --help`. */
export function renderHelp(): string {
  const lines = Object.entries(SUBCOMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  return `${USAGE}\n${lines.join('\n')}\n${SIGNALS}`
}

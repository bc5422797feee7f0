import { isError, messageOf } from '../base/errors/thrown.js'
import { UsageError } from '../base/errors/usage-error.js'
import { COMMANDS, renderHelp } from './commands.js'
import { findCommand } from './find-command.js'
import { keygen, KEYGEN_HELP } from './keygen.js'

// `zera`, with one command for each package: this one finds it, and hands over to it.

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) throw new UsageError('which command?')
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(renderHelp())
    return
  }
  if (name === 'keygen') {
    console.log(args.includes('--help') || args.includes('-h') ? KEYGEN_HELP : await keygen(args))
    return
  }
  const command = COMMANDS.find(each => each.name === name)
  if (command === undefined)
    throw new UsageError(`there is no command ${name}; there are ${COMMANDS.map(each => each.name).join(', ')}, keygen`)
  const url = findCommand(command.owner, process.cwd(), process.argv[1])
  if (command.isOneOfMany !== true) process.argv.splice(2, 1)
  await import(url.href)
}

/** Whether an error means that the caller has to write something else. */
function isUsage(error: unknown): boolean {
  return isError(error) && [UsageError, TypeError].some(kind => error instanceof kind)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`zera: ${messageOf(error)}${isUsage(error) ? '; see zera --help' : ''}`)
  process.exitCode = isUsage(error) ? 2 : 1
}

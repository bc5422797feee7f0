import { CurveRequiredError, EndpointError, interruptSignal, isError, KeyFileError, messageOf, secureServer } from '@zera/core'
import { aborted } from '../aborted.js'
import { NodeServer } from '../nodes/node-server.js'
import { HELP, readNodeArguments, UsageError } from './node-arguments.js'

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP)
    return
  }
  const { listen, curve, root, maxThreads } = await readNodeArguments(args)
  using interrupted = interruptSignal({ exitCode: 0 })
  const security = await secureServer('start the node', [listen], curve)
  try {
    const server = await NodeServer.start({ endpoint: listen, security, root, maxThreads })
    console.log(`node: ${server.endpoint} lends ${maxThreads} threads, modules in ${root} (process ${process.pid})`)
    await aborted(interrupted)
    await server.stop()
    console.log('stopped')
  } finally {
    await security.release()
  }
}

/** Which of the errors mean that the caller has to write something else. */
function isUsage(error: unknown): boolean {
  return isError(error) && [UsageError, TypeError, EndpointError, KeyFileError, CurveRequiredError].some(kind => error instanceof kind)
}

function textOf(error: unknown): string {
  if (isError(error) && error instanceof CurveRequiredError) return `--listen ${error.endpoint} can be reached from other machines; give --keys and --clients`
  return messageOf(error)
}

// What it does matters more than who reads of it: a reader that has gone, or a full disk, does not end it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`zera-node: ${textOf(error)}${isUsage(error) ? '; see zera-node --help' : ''}`)
  process.exitCode = isUsage(error) ? 2 : 1
}

import {
  aborted,
  CurveRequiredError,
  EndpointError,
  interruptSignal,
  isError,
  KeyFileError,
  messageOf,
  secureServer,
  stayAlive,
  systemClock,
  type ServerSecurity,
  UsageError,
} from '@zera/core/internal'
import { StopLimit } from '../model/time/stop-limit.js'
import { NodeServer } from '../nodes/lender/node-server.js'
import { firstLine, systemsOf } from './first-line.js'
import { findPlace } from './listening-place.js'
import { HELP, readClients, readNodeArguments } from './node-arguments.js'

/** Milliseconds that the end of all threads may take, which are killed. */
const STOP_MS = 10_000

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP)
    return
  }
  const { listen, curve, clients, root, maxThreads } = await readNodeArguments(args)
  using interrupted = interruptSignal({ exitCode: 0 })
  using place = await findPlace(listen, curve !== undefined)
  const security = await secureServer('start the node', [place.endpoint], curve)
  try {
    const doors = curve === undefined ? 'private' : 'beside'
    const server = await place.bind(() =>
      NodeServer.start({ endpoint: place.endpoint, security, root, maxThreads, doors }),
    )
    console.log(firstLine({ endpoint: server.endpoint, maxThreads, root, clients: curve?.clients.length }))
    // Without keys there is no list to reload, and SIGHUP ends the process, as when its terminal has gone.
    if (curve !== undefined) process.on('SIGHUP', () => void readAgain(clients, security, server))
    await aborted(interrupted)
    await stopOrEnd(server)
    console.log('stopped')
  } finally {
    await security.release()
  }
}

/** Stops the node. A thread stuck in native code ends only with the process, whose end Node would delay forever. */
async function stopOrEnd(server: NodeServer): Promise<void> {
  const limit = new StopLimit(systemClock)
  limit.begin(STOP_MS)
  const mayEnd = stayAlive()
  const hasStopped = await limit.unless('abandoned', server.stop())
  mayEnd()
  limit.end()
  if (hasStopped) return
  console.error(`zera node: a thread has not ended within ${STOP_MS} ms of its kill; the process is killed`)
  process.emit('exit', 1)
  process.kill(process.pid, 'SIGKILL')
}

/** Reloads the files of clients. When one cannot be read, all stays as it was. */
async function readAgain(files: readonly string[], security: ServerSecurity, server: NodeServer): Promise<void> {
  try {
    const clients = await readClients(files)
    security.setClients(clients)
    server.expectProof()
    console.log(`clients were read again: ${systemsOf(clients.length)}`)
  } catch (error) {
    console.error(`zera node: clients stay as they were: ${messageOf(error)}`)
  }
}

/** Whether an error means that the caller has to write something else. */
function isUsage(error: unknown): boolean {
  return (
    isError(error) &&
    [UsageError, TypeError, EndpointError, KeyFileError, CurveRequiredError].some(kind => error instanceof kind)
  )
}

function textOf(error: unknown): string {
  if (isError(error) && error instanceof CurveRequiredError)
    return `--listen ${error.endpoint} can be reached from other machines; give --keys and --clients`
  return messageOf(error)
}

// Its work matters more than its output: a reader that has gone, or a full disk, does not end it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`zera node: ${textOf(error)}${isUsage(error) ? '; see zera node --help' : ''}`)
  process.exitCode = isUsage(error) ? 2 : 1
}

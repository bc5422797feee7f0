import { parseArgs } from 'node:util'
import { readPublicKey } from '@zera/core'
import { UsageError } from '@zera/core/internal'
import type { BrokerCurve } from '../../broker/broker-options.js'
import type { BrokerStatistics } from '../../broker/broker-statistics.js'
import { startBroker, type Broker } from '../../broker/broker.js'
import { expectBinds, wholeNumber } from '../device-arguments.js'
import { exposureOf, readCurve, SERVER_OPTIONS, SERVER_OPTIONS_HELP, type ServerValues } from '../server-arguments.js'
import type { Subcommand } from '../subcommand.js'

/** `zera device broker` */
export const brokerCommand: Subcommand = {
  summary: 'clients ask services by name, workers register for them (Majordomo)',
  help: `usage: zera device broker --frontend ENDPOINT [--workers ENDPOINT] [options]

Gives requests of Majordomo clients to the workers of the service that they name, and to another worker when one is lost. It speaks MDP 0.1 and 0.2.

  --frontend ENDPOINT       where clients connect, and workers too without --workers; may be given several times, or as a list with commas
  --backend ENDPOINT        more of the same, without --workers
  --workers ENDPOINT        where workers connect, which then cannot do so at --frontend; likewise
  --heartbeat-ms MS         milliseconds between two heartbeats, the same as the workers have; 2500 by default
  --liveness N              heartbeats that a worker may miss until it is given up; 3 by default
  --request-timeout-ms MS   milliseconds in which a request gets its reply or an error; 60000 by default
  --curve-worker-key FILE   lets the worker with the public key in FILE in, at --workers; may be given several times, and is required with --curve-server-key
${SERVER_OPTIONS_HELP}

On SIGHUP it reads the files of --curve-client-key and --curve-worker-key again, and cuts off clients and workers that are no longer listed. If it cannot read one, the lists stay as they were. It reports the result in one line.`,
  start: async args => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...SERVER_OPTIONS,
        frontend: { type: 'string', multiple: true },
        backend: { type: 'string', multiple: true },
        workers: { type: 'string', multiple: true },
        'curve-worker-key': { type: 'string', multiple: true },
        'heartbeat-ms': { type: 'string' },
        liveness: { type: 'string' },
        'request-timeout-ms': { type: 'string' },
      },
    })
    if (values.backend !== undefined && values.workers !== undefined)
      throw new UsageError('--backend is for clients and workers, which --workers sets apart; give one of them')
    const bind = [
      ...expectBinds('frontend', values.frontend),
      ...(values.backend === undefined ? [] : expectBinds('backend', values.backend)),
    ]
    const bindWorkers = values.workers === undefined ? undefined : expectBinds('workers', values.workers)
    const [heartbeatMs, liveness, requestTimeoutMs] = (['heartbeat-ms', 'liveness', 'request-timeout-ms'] as const).map(
      name => wholeNumber(name, values[name]),
    )
    const curve = await readRoles(values)
    const broker = await startBroker({
      bind,
      ...(bindWorkers !== undefined && { bindWorkers }),
      ...(heartbeatMs !== undefined && { heartbeatMs }),
      ...(liveness !== undefined && { liveness }),
      ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
      ...(curve && { curve }),
    })
    let before = await broker.statistics()
    return {
      service: broker,
      title: `broker: ${broker.endpoints.join(', ')}${bindWorkers === undefined ? '' : `, workers: ${broker.workerEndpoints.join(', ')}`}`,
      exposure: exposureOf([...broker.endpoints, ...broker.workerEndpoints], curve),
      line: async elapsedMs => {
        const now = await broker.statistics()
        const line = lineOf(before, now, elapsedMs)
        before = now
        return line
      },
      pause: () => broker.pause(),
      resume: () => broker.resume(),
      reload: curve === undefined || curve === 'none' ? undefined : () => reload(values, broker),
    }
  },
}

interface RoleValues extends ServerValues {
  readonly workers?: string[] | undefined
  readonly 'curve-worker-key'?: string[] | undefined
}

/**
 * Reads how it encrypts, and which peers are clients or workers; undefined or `'none'` when it does not encrypt.
 *
 * @throws {UsageError}
 * @throws {KeyFileError}
 */
async function readRoles(values: RoleValues): Promise<BrokerCurve | 'none' | undefined> {
  const { workers: endpoints, 'curve-server-key': keyFile, 'curve-worker-key': workerFiles = [] } = values
  if (keyFile === undefined && workerFiles.length > 0)
    throw new UsageError('--curve-worker-key needs --curve-server-key')
  const curve = await readCurve(values)
  if (typeof curve !== 'object') return curve
  if (endpoints === undefined || workerFiles.length === 0) {
    throw new UsageError(
      '--curve-server-key needs --workers, an endpoint where workers come to, and --curve-worker-key, for each worker that may come in: at one endpoint each client could be a worker',
    )
  }
  return { ...curve, workers: await Promise.all(workerFiles.map(file => readPublicKey(file))) }
}

/** Reads both lists again, all or nothing. */
async function reload(
  { 'curve-client-key': clientFiles, 'curve-worker-key': workerFiles = [] }: RoleValues,
  broker: Broker,
): Promise<string> {
  const [clients, workers] = (await Promise.all(
    [clientFiles ?? [], workerFiles].map(files => Promise.all(files.map(file => readPublicKey(file)))),
  )) as [string[], string[]]
  if (clientFiles !== undefined) await broker.setClients(clients)
  await broker.setWorkers(workers)
  return `read ${[...(clientFiles ?? []), ...workerFiles].join(', ')}: ${clientFiles === undefined ? 'any' : clients.length} clients and ${workers.length} workers may come in, and no others`
}

function lineOf(before: BrokerStatistics, now: BrokerStatistics, elapsedMs: number): string {
  const perSecond = ((now.requests - before.requests) * 1000) / elapsedMs
  const malformed = Object.values(now.malformed).reduce((sum, count) => sum + count, 0)
  return `${Math.round(perSecond)} requests/s | waiting ${now.waiting} | in flight ${now.inFlight} | workers ${now.workers} | errors ${now.errors} | retries ${now.retries} | malformed ${malformed + now.misplaced} | denied ${now.denied}`
}

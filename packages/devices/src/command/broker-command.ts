import { parseArgs } from 'node:util'
import type { BrokerStatistics } from '../broker/broker-statistics.js'
import { startBroker } from '../broker/broker.js'
import { expectBinds, wholeNumber } from './device-arguments.js'
import { exposureOf, readServerSecurity, SERVER_OPTIONS, SERVER_OPTIONS_HELP } from './server-arguments.js'
import type { Subcommand } from './subcommand.js'

/** `zera-device broker` */
export const brokerCommand: Subcommand = {
  summary: 'clients ask services by name, workers register for them (Majordomo)',
  help: `usage: zera-device broker --frontend ENDPOINT [--backend ENDPOINT] [options]

Gives requests of Majordomo clients to the workers of the service that they name, and to another worker when one is lost. It speaks MDP 0.1 and 0.2.

  --frontend ENDPOINT       where clients and workers come to; may be given several times, or as a list with commas
  --backend ENDPOINT        more of the same; clients and workers may use each
  --heartbeat-ms MS         milliseconds between two heartbeats, the same as the workers have; 2500 by default
  --liveness N              heartbeats that a worker may miss until it is given up; 3 by default
  --request-ms MS           milliseconds in which a request gets its reply or an error; 60000 by default
${SERVER_OPTIONS_HELP}`,
  start: async args => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...SERVER_OPTIONS,
        frontend: { type: 'string', multiple: true },
        backend: { type: 'string', multiple: true },
        'heartbeat-ms': { type: 'string' },
        liveness: { type: 'string' },
        'request-ms': { type: 'string' },
      },
    })
    const bind = [...expectBinds('frontend', values.frontend), ...(values.backend === undefined ? [] : expectBinds('backend', values.backend))]
    const [heartbeatMs, liveness, requestMs] = (['heartbeat-ms', 'liveness', 'request-ms'] as const).map(name => wholeNumber(name, values[name]))
    const curve = await readServerSecurity(values)
    const broker = await startBroker({
      bind,
      ...(heartbeatMs !== undefined && { heartbeatMs }),
      ...(liveness !== undefined && { liveness }),
      ...(requestMs !== undefined && { requestMs }),
      ...(curve && { curve }),
    })
    let before = await broker.statistics()
    return {
      service: broker,
      title: `broker: ${broker.endpoints.join(', ')}`,
      exposure: exposureOf(broker.endpoints, curve),
      line: async elapsedMs => {
        const now = await broker.statistics()
        const line = lineOf(before, now, elapsedMs)
        before = now
        return line
      },
      pause: () => broker.pause(),
      resume: () => broker.resume(),
    }
  },
}

function lineOf(before: BrokerStatistics, now: BrokerStatistics, elapsedMs: number): string {
  const perSecond = ((now.requests - before.requests) * 1000) / elapsedMs
  const malformed = Object.values(now.malformed).reduce((sum, count) => sum + count, 0)
  return `${Math.round(perSecond)} requests/s | waiting ${now.waiting} | in flight ${now.inFlight} | workers ${now.workers} | errors ${now.errors} | retries ${now.retries} | malformed ${malformed}`
}

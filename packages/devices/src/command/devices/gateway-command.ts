import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Service, StopOptions } from '@zera/core'
import { exportOf, toError, UsageError } from '@zera/core/internal'
import type { GatewayTarget } from '../../gateway/gateway-options.js'
import type { GatewayStatistics } from '../../gateway/gateway-statistics.js'
import { startGateway, type Gateway } from '../../gateway/gateway.js'
import { expectBinds, wholeNumber } from '../device-arguments.js'
import { exposureOf, readCurve, SERVER_OPTIONS, SERVER_OPTIONS_HELP } from '../server-arguments.js'
import type { Subcommand } from '../subcommand.js'
import { clientsReloader } from './reload-clients.js'

/** What the module of `--targets` exports. */
interface TargetsModule {
  readonly targets: Readonly<Record<string, GatewayTarget>>
  /** Called when the gateway has ended, to stop what the targets need. */
  readonly stop?: () => void | Promise<void>
}

/** `zera device gateway` */
export const gatewayCommand: Subcommand = {
  summary: 'programs in any language call what a module lists, such as actors',
  help: `usage: zera device gateway --frontend ENDPOINT --targets MODULE [options]

Answers REQ and DEALER clients, which call what MODULE lists with a frame of JSON: {"actor": "counter", "method": "add", "args": [2]}.

  --frontend ENDPOINT       where clients connect; may be given several times, or as a list with commas
  --targets MODULE          a JavaScript file: export const targets = { counter: { methods: ['add'], call(method, args, { signal }) { … } } }; it may also
                            export a function stop, which is called at the end
  --request-timeout-ms MS   milliseconds that a call may take; 5000 by default
${SERVER_OPTIONS_HELP}

On SIGHUP it reads the files of --curve-client-key again, and cuts off clients that are no longer listed. If it cannot read one, the list stays as it was. It reports the result in one line.
It writes what a call throws to stderr, with the number of an incident; the client gets that number instead of the text.`,
  start: async args => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...SERVER_OPTIONS,
        frontend: { type: 'string', multiple: true },
        targets: { type: 'string' },
        'request-timeout-ms': { type: 'string' },
      },
    })
    const bind = expectBinds('frontend', values.frontend)
    if (values.targets === undefined)
      throw new UsageError('--targets is missing; name the module that lists what may be called')
    const requestTimeoutMs = wholeNumber('request-timeout-ms', values['request-timeout-ms'])
    const curve = await readCurve(values)
    const { targets, stop } = await importTargets(values.targets)
    let gateway: Gateway
    try {
      gateway = await startGateway({
        bind,
        targets,
        ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
        ...(curve && { curve }),
      })
    } catch (error) {
      await stop?.()
      throw error
    }
    let before = await gateway.statistics()
    return {
      service: stop === undefined ? gateway : new ServiceWithEpilogue(gateway, stop),
      title: `gateway: ${gateway.endpoints.join(', ')}`,
      exposure: exposureOf(bind, curve),
      line: async elapsedMs => {
        const now = await gateway.statistics()
        const line = lineOf(before, now, elapsedMs)
        before = now
        return line
      },
      pause: () => gateway.pause(),
      resume: () => gateway.resume(),
      reload: clientsReloader(values, gateway),
    }
  },
}

/** A service after whose end something else has to be stopped. */
class ServiceWithEpilogue implements Service {
  readonly ended: Promise<Error | undefined>
  readonly #service: Service

  constructor(service: Service, epilogue: () => void | Promise<void>) {
    this.#service = service
    this.ended = service.ended.then(async error => {
      try {
        await epilogue()
        return error
      } catch (late) {
        return error ?? toError(late)
      }
    })
  }

  async stop(options?: StopOptions): Promise<void> {
    await this.#service.stop(options)
    await this.ended
  }
}

async function importTargets(path: string): Promise<TargetsModule> {
  let module: object
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as object
  } catch (error) {
    const { code, message } = toError(error) as NodeJS.ErrnoException
    if (code === 'ERR_MODULE_NOT_FOUND') throw new UsageError(`--targets: ${message}`)
    throw error
  }
  const targets = exportOf(module, 'targets')
  if (typeof targets !== 'object') throw new UsageError(`--targets: ${path} does not export targets`)
  const stop = exportOf(module, 'stop')
  return { targets: targets as TargetsModule['targets'], ...(stop !== undefined && { stop: stop as () => void }) }
}

function lineOf(before: GatewayStatistics, now: GatewayStatistics, elapsedMs: number): string {
  const perSecond = ((now.requests - before.requests) * 1000) / elapsedMs
  const { malformed, cut } = troubleOf(now)
  return `${Math.round(perSecond)} requests/s | under way ${now.inFlight} | values ${now.values} | errors ${now.errors} | malformed ${malformed} | ignored ${now.ignored} | denied ${now.denied} | cut ${cut}`
}

const UNREADABLE = ['bad-envelope', 'too-large', 'bad-json', 'forbidden-key', 'bad-request'] as const

function troubleOf({ errorsByFault, connections }: GatewayStatistics): {
  readonly malformed: number
  readonly cut: number
} {
  return {
    malformed: UNREADABLE.reduce((sum, fault) => sum + errorsByFault[fault], 0),
    cut: Object.values(connections.cut).reduce((sum, count) => sum + count, 0),
  }
}

import { startQueue } from '../../proxy/queue.js'
import { DEVICE_OPTIONS_HELP, oneOf, readDeviceArguments } from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import type { Subcommand } from '../subcommand.js'

/** `zera-device queue` */
export const queueCommand: Subcommand = {
  summary: 'clients ask in front, workers answer behind',
  help: `usage: zera-device queue --frontend ENDPOINT --backend ENDPOINT [options]

Gives requests of REQ and DEALER clients in front to REP workers behind, and brings their replies back.

  --route ROUTE             round-robin, the default; or least-busy, for workers that say READY, as in chapter 3 of the ZeroMQ guide
${DEVICE_OPTIONS_HELP}`,
  start: async args => {
    const { own, ...given } = await readDeviceArguments(args, 'route')
    const route = oneOf('route', own.route, ['round-robin', 'least-busy'])
    return runDevice('queue', await startQueue({ ...given, ...(route === undefined ? {} : { route }) }), given)
  },
}

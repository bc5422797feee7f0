import { startBridge } from '../../proxy/bridge.js'
import { DEVICE_OPTIONS_HELP, oneOf, readDeviceArguments } from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import { UsageError, type Subcommand } from '../subcommand.js'

/** `zera-device bridge` */
export const bridgeCommand: Subcommand = {
  summary: 'between ipc and tcp, for any pattern',
  help: `usage: zera-device bridge --pattern PATTERN --frontend ENDPOINT --backend ENDPOINT [options]

Carries a pattern from one transport to another. In front are those who begin: clients, publishers, those who push work.

  --pattern PATTERN         requests, publications, tasks or pair
${DEVICE_OPTIONS_HELP}`,
  start: async args => {
    const { own, ...given } = await readDeviceArguments(args, 'pattern')
    const { frontend, backend, ...rest } = given
    const pattern = oneOf('pattern', own.pattern, ['requests', 'publications', 'tasks', 'pair'])
    if (pattern === undefined)
      throw new UsageError('--pattern is missing; it may be requests, publications, tasks or pair')
    return runDevice('bridge', await startBridge({ ...rest, pattern, near: frontend, far: backend }), given)
  },
}

import { startForwarder } from '../../proxy/forwarder.js'
import { DEVICE_OPTIONS_HELP, readDeviceArguments } from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import type { Subcommand } from '../subcommand.js'

/** `zera-device forwarder` */
export const forwarderCommand: Subcommand = {
  summary: 'publishers in front, subscribers behind',
  help: `usage: zera-device forwarder --frontend ENDPOINT --backend ENDPOINT [options]

Hands publications on to subscribers, and their subscriptions to the publishers.

${DEVICE_OPTIONS_HELP}`,
  start: async args => {
    const { own: _, ...given } = await readDeviceArguments(args)
    return runDevice('forwarder', await startForwarder(given), given)
  },
}

import { startStreamer } from '../../proxy/streamer.js'
import { DEVICE_OPTIONS_HELP, readDeviceArguments } from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import type { Subcommand } from '../subcommand.js'

/** `zera-device streamer` */
export const streamerCommand: Subcommand = {
  summary: 'work is pushed in front and pulled behind',
  help: `usage: zera-device streamer --frontend ENDPOINT --backend ENDPOINT [options]

Deals out work that is pushed in front to those who pull it behind.

${DEVICE_OPTIONS_HELP}`,
  start: async args => {
    const { own: _, ...given } = await readDeviceArguments(args)
    return runDevice('streamer', await startStreamer(given), given)
  },
}

import { startLastValueCache } from '../../proxy/last-value-cache.js'
import { DEVICE_OPTIONS_HELP, oneOf, readDeviceArguments, wholeNumber } from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import type { Subcommand } from '../subcommand.js'

/** `zera-device cache` */
export const cacheCommand: Subcommand = {
  summary: 'a forwarder that gives late subscribers the last value of each key',
  help: `usage: zera-device cache --frontend ENDPOINT --backend ENDPOINT [options]

Hands publications on, and gives whoever subscribes the last message of each key that matches. The key is the first frame.

  --max-keys NUMBER         how many keys it knows; 10000 by default
  --when-full POLICY        forget-oldest, the default, or refuse-new
${DEVICE_OPTIONS_HELP}`,
  start: async args => {
    const { own, ...given } = await readDeviceArguments(args, 'max-keys', 'when-full')
    const maxKeys = wholeNumber('max-keys', own['max-keys'])
    const whenFull = oneOf('when-full', own['when-full'], ['forget-oldest', 'refuse-new'])
    return runDevice(
      'cache',
      await startLastValueCache({
        ...given,
        ...(maxKeys === undefined ? {} : { maxKeys }),
        ...(whenFull === undefined ? {} : { whenFull }),
      }),
      given,
    )
  },
}

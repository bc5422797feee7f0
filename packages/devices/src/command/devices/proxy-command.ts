import { SOCKET_TRAITS, type SocketType } from '@zera/core'
import { startProxy, type ProxyOptions } from '../../proxy/proxy.js'
import { DEVICE_OPTIONS_HELP, oneOf, readDeviceArguments, type ArgumentSide } from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import { UsageError, type Subcommand } from '../subcommand.js'

const TYPES = Object.keys(SOCKET_TRAITS) as SocketType[]

/** `zera-device proxy` */
export const proxyCommand: Subcommand = {
  summary: 'between sockets of any types that go together',
  help: `usage: zera-device proxy --frontend-type TYPE --frontend ENDPOINT --backend-type TYPE --backend ENDPOINT [options]

Hands on messages between two sockets, as they are.

  --frontend-type TYPE      such as PULL, ROUTER or XSUB
  --backend-type TYPE       such as PUSH, DEALER or XPUB
${DEVICE_OPTIONS_HELP}`,
  start: async args => {
    const { own, ...given } = await readDeviceArguments(args, 'frontend-type', 'backend-type')
    const { frontend, backend, ...rest } = given
    const side = (name: 'frontend-type' | 'backend-type', places: ArgumentSide): ProxyOptions['frontend'] => {
      const type = oneOf(name, own[name]?.toUpperCase(), TYPES)
      if (type === undefined) throw new UsageError(`--${name} is missing; it is the type of a socket, such as ROUTER`)
      return { type, ...places }
    }
    return runDevice(
      'proxy',
      await startProxy({ ...rest, frontend: side('frontend-type', frontend), backend: side('backend-type', backend) }),
      given,
    )
  },
}

import { SOCKET_TRAITS, type SocketType } from '@zera/core'
import { UsageError } from '@zera/core/internal'
import type { Device } from '../../base/device.js'
import { startBridge } from '../../proxy/bridge.js'
import { startForwarder } from '../../proxy/forwarder.js'
import { startLastValueCache } from '../../proxy/last-value-cache.js'
import { startProxy } from '../../proxy/proxy.js'
import { startQueue } from '../../proxy/queue.js'
import { startStreamer } from '../../proxy/streamer.js'
import {
  DEVICE_OPTIONS_HELP,
  oneOf,
  readDeviceArguments,
  wholeNumber,
  type DeviceArguments,
} from '../device-arguments.js'
import { runDevice } from '../run-device.js'
import type { Subcommand } from '../subcommand.js'

type Given = Omit<DeviceArguments<never>, 'own'>

/** What distinguishes the command of one device from those of others. */
interface DeviceRow {
  readonly summary: string
  /** What it does, in a paragraph of its help. */
  readonly text: string
  /** What stands in its usage before the endpoints. */
  readonly usage?: string
  /** The options that it has besides those of all devices, each with its lines of help. */
  readonly options?: Readonly<Record<string, string>>
  readonly start: (given: Given, own: Readonly<Record<string, string | undefined>>) => Promise<Device>
}

const TYPES = Object.keys(SOCKET_TRAITS) as SocketType[]

const ROWS: Readonly<Record<string, DeviceRow>> = {
  queue: {
    summary: 'clients ask in front, workers answer behind',
    text: 'Gives requests of REQ and DEALER clients in front to REP workers behind, and brings their replies back.',
    options: {
      route:
        '--route ROUTE             round-robin, the default; or least-busy, for workers that say READY, as in chapter 3 of the ZeroMQ guide',
    },
    start: (given, own) => {
      const route = oneOf('route', own['route'], ['round-robin', 'least-busy'])
      return startQueue({ ...given, ...(route === undefined ? {} : { route }) })
    },
  },
  forwarder: {
    summary: 'publishers in front, subscribers behind',
    text: 'Hands publications on to subscribers, and their subscriptions to the publishers.',
    start: startForwarder,
  },
  streamer: {
    summary: 'work is pushed in front and pulled behind',
    text: 'Deals out work that is pushed in front to the workers that pull it behind.',
    start: startStreamer,
  },
  cache: {
    summary: 'a forwarder that gives late subscribers the last value of each key',
    text: 'Hands publications on, and gives each new subscriber the last message of each key that matches. The key is the first frame.',
    options: {
      'max-keys': '--max-keys NUMBER         how many keys it knows; 10000 by default',
      'when-full': '--when-full POLICY        forget-oldest, the default, or refuse-new',
    },
    start: (given, own) => {
      const maxKeys = wholeNumber('max-keys', own['max-keys'])
      const whenFull = oneOf('when-full', own['when-full'], ['forget-oldest', 'refuse-new'])
      return startLastValueCache({
        ...given,
        ...(maxKeys === undefined ? {} : { maxKeys }),
        ...(whenFull === undefined ? {} : { whenFull }),
      })
    },
  },
  bridge: {
    summary: 'between ipc and tcp, for any pattern',
    text: 'Carries a pattern from one transport to another. In front is the side that begins: clients, publishers, or the pushers of work.',
    usage: '--pattern PATTERN ',
    options: { pattern: '--pattern PATTERN         requests, publications, tasks or pair' },
    start: ({ frontend, backend, ...rest }, own) => {
      const pattern = oneOf('pattern', own['pattern'], ['requests', 'publications', 'tasks', 'pair'])
      if (pattern === undefined)
        throw new UsageError('--pattern is missing; it may be requests, publications, tasks or pair')
      return startBridge({ ...rest, pattern, near: frontend, far: backend })
    },
  },
  proxy: {
    summary: 'between sockets of any types that go together',
    text: 'Hands on messages between two sockets, as they are.',
    options: {
      'frontend-type': '--frontend-type TYPE      such as PULL, ROUTER or XSUB',
      'backend-type': '--backend-type TYPE       such as PUSH, DEALER or XPUB',
    },
    usage: '--frontend-type TYPE --backend-type TYPE ',
    start: ({ frontend, backend, ...rest }, own) =>
      startProxy({
        ...rest,
        frontend: { type: expectType('frontend-type', own), ...frontend },
        backend: { type: expectType('backend-type', own), ...backend },
      }),
  },
}

/** The commands of devices that have a side in front and one behind. */
export const deviceCommands: Readonly<Record<string, Subcommand>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, row]) => [name, commandOf(name, row)]),
)

function commandOf(name: string, { summary, text, usage = '', options = {}, start }: DeviceRow): Subcommand {
  const lines = Object.values(options).map(line => `  ${line}\n`)
  return {
    summary,
    help: `usage: zera device ${name} ${usage}--frontend ENDPOINT --backend ENDPOINT [options]

${text}

${lines.join('')}${DEVICE_OPTIONS_HELP}`,
    start: async args => {
      const { own, ...given } = await readDeviceArguments(args, ...Object.keys(options))
      return runDevice(name, await start(given, own), given)
    },
  }
}

function expectType(name: string, own: Readonly<Record<string, string | undefined>>): SocketType {
  const type = oneOf(name, own[name]?.toUpperCase(), TYPES)
  if (type === undefined) throw new UsageError(`--${name} is missing; it is the type of a socket, such as ROUTER`)
  return type
}

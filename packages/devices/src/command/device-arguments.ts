import { parseArgs } from 'node:util'
import { type CurveServer, readPublicKey } from '@zera/core'
import { DEFAULT_STOP_MS, EndpointError, parseEndpoint, UsageError } from '@zera/core/internal'
import type { CaptureSide, DeviceOptions } from '../proxy/proxy.js'
import { readCurve, SERVER_OPTIONS, SERVER_OPTIONS_HELP, type ServerValues } from './server-arguments.js'

/** The endpoints of a side, as in `Side`. */
interface ArgumentSide {
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  /** Set when it has a list of its own. */
  readonly curve?: CurveServer
}

/** The command line options of every device. */
export interface DeviceArguments<N extends string> extends Pick<DeviceOptions, 'capture' | 'curve'> {
  readonly frontend: ArgumentSide
  readonly backend: ArgumentSide
  /** The values of the options that this device alone has. */
  readonly own: Partial<Record<N, string>>
}

/** The options of every device, as a paragraph of its help. */
export const DEVICE_OPTIONS_HELP = `  --frontend ENDPOINT       where the side that begins connects; may be given several times, or as a list with commas
  --backend ENDPOINT        where the side that it wants connects; likewise
                            an endpoint is bound; with @ in front it is connected to: @tcp://10.0.0.2:5560
  --capture ENDPOINT        publishes a copy of each message here, for any SUB
  --curve-backend-key FILE  lets the peers with these public keys in at the back, and no others there; without it, a client that may come in may do so at either side
${SERVER_OPTIONS_HELP}

Connections that it makes itself are not encrypted; startQueue and the like take keys for that.`

const SHARED = {
  ...SERVER_OPTIONS,
  frontend: { type: 'string', multiple: true },
  backend: { type: 'string', multiple: true },
  capture: { type: 'string', multiple: true },
  'curve-backend-key': { type: 'string', multiple: true },
} as const

/**
 * Reads the arguments of a device.
 *
 * @param own The names of the options that it has besides those of all devices.
 * @throws {UsageError}
 * @throws {KeyFileError}
 */
export async function readDeviceArguments<N extends string = never>(
  args: readonly string[],
  ...own: readonly N[]
): Promise<DeviceArguments<N>> {
  const ownOptions = Object.fromEntries(own.map(name => [name, { type: 'string' } as const]))
  const { values } = parseArgs({ args: [...args], options: { ...ownOptions, ...SHARED } })
  const given = values as ServerValues & {
    readonly frontend?: string[]
    readonly backend?: string[]
    readonly capture?: string[]
    readonly 'curve-backend-key'?: string[]
  }
  const curve = await readCurve(given)
  const capture = endpointsOf('capture', given.capture)
  const frontend = expectEndpoints('frontend', given.frontend)
  const backend = expectEndpoints('backend', given.backend)
  return {
    frontend,
    backend: { ...backend, ...(await ownList(given['curve-backend-key'], curve)) },
    ...(capture === undefined ? {} : { capture: { type: 'PUB', ...capture } satisfies CaptureSide }),
    ...(curve === undefined ? {} : { curve }),
    own: values as Partial<Record<N, string>>,
  }
}

/**
 * Reads the endpoints of a side that can only be bound.
 *
 * @throws {UsageError}
 */
export function expectBinds(name: string, given: readonly string[] | undefined): readonly string[] {
  const { bind, connect } = expectEndpoints(name, given)
  if (connect.length > 0) throw new UsageError(`--${name} cannot be connected to @${connect[0]}; leave the @ out`)
  return bind
}

/**
 * Reads one of the words that an option may be.
 *
 * @throws {UsageError}
 */
export function oneOf<const W extends string>(
  name: string,
  value: string | undefined,
  words: readonly W[],
): W | undefined {
  if (value === undefined) return undefined
  const word = words.find(known => known === value)
  if (word === undefined) throw new UsageError(`--${name} may be ${words.join(', ')}, not ${value}`)
  return word
}

/**
 * Reads a whole number from 0 on.
 *
 * @throws {UsageError}
 */
export function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{1,15}$/.test(value)) throw new UsageError(`--${name} must be a whole number, not ${value}`)
  return Number(value)
}

/**
 * The milliseconds of `--stop-ms`, which every subcommand has.
 *
 * @throws {UsageError}
 */
export function stopMs(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { 'stop-ms': { type: 'string' } }, strict: false })
  return (
    wholeNumber('stop-ms', typeof values['stop-ms'] === 'string' ? values['stop-ms'] : undefined) ?? DEFAULT_STOP_MS
  )
}

/**
 * The list of a side of its own.
 *
 * @throws {UsageError}
 * @throws {KeyFileError}
 */
async function ownList(
  files: readonly string[] | undefined,
  curve: DeviceOptions['curve'],
): Promise<Pick<ArgumentSide, 'curve'>> {
  if (files === undefined) return {}
  if (typeof curve !== 'object') throw new UsageError('--curve-backend-key needs --curve-server-key')
  return { curve: { keys: curve.keys, clients: await Promise.all(files.map(file => readPublicKey(file))) } }
}

function expectEndpoints(name: string, given: readonly string[] | undefined): ArgumentSide {
  const endpoints = endpointsOf(name, given)
  if (endpoints === undefined)
    throw new UsageError(`--${name} is missing; give it an endpoint, such as --${name} tcp://127.0.0.1:5559`)
  return endpoints
}

function endpointsOf(name: string, given: readonly string[] | undefined): ArgumentSide | undefined {
  const endpoints = given?.flatMap(list => list.split(','))
  if (endpoints === undefined) return undefined
  for (const endpoint of endpoints) expectEndpoint(name, endpoint.replace(/^@/, ''))
  return {
    bind: endpoints.filter(endpoint => !endpoint.startsWith('@')),
    connect: endpoints.filter(endpoint => endpoint.startsWith('@')).map(endpoint => endpoint.slice(1)),
  }
}

function expectEndpoint(name: string, endpoint: string): void {
  try {
    parseEndpoint(endpoint)
  } catch (error) {
    if (error instanceof EndpointError) throw new UsageError(`--${name}: ${error.message}`)
    throw error
  }
}

import { expectOptions, optionNames } from '@zera/core/internal'
import type { Device } from '../base/device.js'
import { DEVICE_OPTION_NAMES, startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a queue is made of. */
export interface QueueOptions extends DeviceOptions {
  /** Where clients connect to, as REQ or DEALER. */
  readonly frontend: Side<'ROUTER'>
  /** Where workers connect to. */
  readonly backend: Side<'DEALER'>
  /**
   * Which worker gets a request. `'round-robin'`, the default: each in its turn, whether it is busy or not; any REP can
   * be a worker. `'least-busy'`: the one that has been ready for the longest time; while none is ready, the request
   * waits at the frontend. For that a worker announces that it is ready, so it is a REQ, or a DEALER that handles
   * several requests at a time. It sends `READY` once for each, receives `[client] [''] [request…]`, and sends
   * `[client] [''] [reply…]`, which makes it ready again. A DEALER puts the empty frame of a REQ in front of each
   * message. This is the load balancing pattern of the guide's chapter 3, whose workers work unchanged. A plain REP
   * cannot announce that it is ready.
   */
  readonly route?: 'round-robin' | 'least-busy' | undefined
}

const QUEUE_OPTIONS = optionNames<QueueOptions>({ ...DEVICE_OPTION_NAMES, frontend: true, backend: true, route: true })

/**
 * Starts a queue: clients at the frontend ask, workers at the backend answer, and neither knows the other. Both may
 * come and go at any time.
 *
 * When a worker dies, its request is lost, and the client asks again after its timeout; `startBroker` gives such a
 * request to another worker. A reply for a client that has gone is dropped and counted.
 *
 * @example
 *   await using queue = await startQueue({ frontend: 'tcp://127.0.0.1:5559', backend: 'tcp://127.0.0.1:5560' })
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint.
 * @throws {AddressError} When an endpoint cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted.
 * @throws {AuthenticationError} When another thread of this process authenticates clients.
 * @see startServer for workers that are threads of this process.
 */
export async function startQueue(options: QueueOptions): Promise<Device> {
  expectOptions('start a queue', options, QUEUE_OPTIONS)
  const { frontend, backend, route = 'round-robin', ...rest } = options
  const front = withType('ROUTER', frontend)
  switch (route) {
    case 'round-robin':
      return startTyped(
        'queue',
        { ...rest, frontend: front, backend: withType('DEALER', backend) },
        { kind: 'replies' },
      )
    case 'least-busy':
      return startTyped(
        'queue',
        { ...rest, frontend: front, backend: withType('ROUTER', backend as Side<'ROUTER'>) },
        { kind: 'ready-workers' },
      )
    default:
      throw new TypeError(
        `Cannot start a queue: there is no route ${String(route)}; there are round-robin and least-busy`,
      )
  }
}

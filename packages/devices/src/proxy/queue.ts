import type { Device } from '../base/device.js'
import { startTyped, type DeviceOptions } from './proxy.js'
import { withType, type Side } from './side.js'

/** What a queue is made of. */
export interface QueueOptions extends DeviceOptions {
  /** Where clients come to, REQ or DEALER. */
  readonly frontend: Side<'ROUTER'>
  /** Where workers come to. */
  readonly backend: Side<'DEALER'>
  /**
   * Which worker gets a request. `'round-robin'`, the default: each in its turn, whether it is busy or not; a worker is
   * any REP. `'least-busy'`: the one that has been ready for the longest time, and while none is the request waits in
   * front. For that a worker says when it is ready, so it is a REQ, or a DEALER that does several requests at a time:
   * it sends `READY` once for each, receives `[client] [''] [request…]`, and sends `[client] [''] [reply…]`, which
   * makes it ready again; a DEALER has the empty frame of a REQ in front of each. That is the load balancing pattern of
   * the guide's chapter 3, and its workers fit as they are. A plain REP cannot say that it is ready.
   */
  readonly route?: 'round-robin' | 'least-busy'
}

/**
 * Starts a queue: clients in front ask, workers behind answer, and neither knows the other. Both come and go as they
 * like.
 *
 * A request at a worker that dies is lost, and its client asks again when its time is up; `startBroker` gives it to
 * another worker. A reply for a client that has gone is dropped and counted.
 *
 * @example
 *   ;```ts
 *   await using queue = await startQueue({ frontend: 'tcp://127.0.0.1:5559', backend: 'tcp://127.0.0.1:5560' })
 *   ```
 *
 * @throws {TypeError} When an option is unknown or a side has no endpoint. @throws {AddressError} When an endpoint
 *   cannot be bound.
 * @throws {CurveRequiredError} When other machines could reach it unencrypted. @throws {AuthenticationError} When
 *   another thread of this process authenticates clients.
 * @see startServer for workers that are threads of this process.
 */
export async function startQueue({ frontend, backend, route = 'round-robin', ...rest }: QueueOptions): Promise<Device> {
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

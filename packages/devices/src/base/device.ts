import type { Service } from '@zera/core'
import type { DrainOptions, PumpStatistics } from '@zera/core/internal'
import type { Endpoints } from './endpoints.js'

/** The endpoints of a device, bound ones first, then connected ones. `tcp://…:*` shows the port that it got. */
export interface DeviceEndpoints {
  readonly frontend: Endpoints
  readonly backend: Endpoints
  /** None without a capture. */
  readonly capture: readonly string[]
}

/** What a device has done: plain data, counters that never decrease. */
export interface DeviceStatistics extends PumpStatistics {
  /** Connections of clients on the lists of its sides, and refused connections of others; 0 without CURVE. */
  readonly authenticated: number
  readonly denied: number
}

/** The operations of every running device, including brokers and gateways. */
export interface ControlledService<Statistics> extends Service, AsyncDisposable {
  /**
   * Takes no more work, until `resume`.
   *
   * @throws {DeviceEndedError}
   */
  pause(): Promise<void>
  /** @throws {DeviceEndedError} */
  resume(): Promise<void>
  /**
   * Finishes the work that it has, and takes no more until `resume`. Resolves with whether it finished within the
   * deadline, 5,000 milliseconds by default.
   *
   * @throws {DeviceEndedError}
   */
  drain(options?: DrainOptions): Promise<boolean>
  /** @throws {DeviceEndedError} */
  statistics(): Promise<Statistics>
}

/**
 * An intermediary that forwards messages between peers. Its start returns when all its endpoints are bound or
 * connected.
 *
 * `stop` forwards what has arrived, within its deadline (5,000 milliseconds by default), and closes. A device that
 * receives publications does not wait for their end: it closes at once.
 */
export interface Device extends ControlledService<DeviceStatistics> {
  readonly endpoints: DeviceEndpoints
  /**
   * Takes nothing more until `resume`. What its peers send waits in ZeroMQ's queues, up to the high-water marks. The
   * device may already hold one message each way, and keeps it.
   *
   * @throws {DeviceEndedError}
   */
  pause(): Promise<void>
  /**
   * Forwards all that has arrived, then pauses. A queue also forwards the replies that are due. Resolves with whether
   * that finished within the deadline, 5,000 milliseconds by default. Peers that keep sending, and workers that do not
   * reply, can prevent it.
   *
   * @throws {DeviceEndedError}
   */
  drain(options?: DrainOptions): Promise<boolean>
}

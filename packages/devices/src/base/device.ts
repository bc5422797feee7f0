import type { Service } from '@zera/core'
import type { DrainOptions, PumpStatistics } from '@zera/core/internal'

/** Where a device is plugged in, with the ports that `tcp://…:*` got: what was bound first, then what was connected. */
export interface DeviceEndpoints {
  readonly frontend: readonly string[]
  readonly backend: readonly string[]
  readonly capture: readonly string[]
}

/** What a device has done: plain data, counters that never decrease. */
export interface DeviceStatistics extends PumpStatistics {
  /** Connections of clients that are on the lists of its sides, and of others, which were refused; 0 without CURVE. */
  readonly authenticated: number
  readonly denied: number
}

/** What can be done with every device, a broker and a gateway too, while it runs. */
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
   * Finishes what it has, and takes no more until `resume`. Resolves with whether that was all within the deadline,
   * 5,000 milliseconds by default.
   *
   * @throws {DeviceEndedError}
   */
  drain(options?: DrainOptions): Promise<boolean>
  /** @throws {DeviceEndedError} */
  statistics(): Promise<Statistics>
}

/**
 * Something between peers that hands their messages on. Its start returns when all its endpoints are plugged in.
 *
 * `stop` hands on what has arrived, within its deadline of 5,000 milliseconds by default, and closes. A device that
 * receives publications does not wait for the end of them: it closes at once.
 */
export interface Device extends ControlledService<DeviceStatistics> {
  readonly endpoints: DeviceEndpoints
  /**
   * Takes nothing more, until `resume`; what its peers send waits in ZeroMQ's queues, up to the high-water marks. One
   * message each way may be in hand already, and is held.
   *
   * @throws {DeviceEndedError}
   */
  pause(): Promise<void>
  /**
   * Hands on all that has arrived, a queue also the replies that are due; then it is paused. Resolves with whether that
   * was all within the deadline, 5,000 milliseconds by default: peers that go on sending, and workers that do not
   * reply, can keep it from being so.
   *
   * @throws {DeviceEndedError}
   */
  drain(options?: DrainOptions): Promise<boolean>
}

/**
 * ZeroMQ's intermediaries as supervised services. Keys, and what services have in common, are in `@zera/core`.
 *
 * @module
 */
export { startBrokerClient, type BrokerClient, type BrokerClientOptions } from './broker/peers/broker-client.js'
export type { BrokerOptions } from './broker/broker-options.js'
export type { BrokerStatistics } from './broker/broker-statistics.js'
export { startBrokerWorker } from './broker/peers/broker-worker.js'
export type { BrokerWorkerOptions, WorkerHandler } from './broker/peers/worker-options.js'
export { startBroker, type Broker } from './broker/broker.js'
export type { WorkerFailure } from './broker/peers/worker-failure.js'
export { readErrorReply } from './broker/protocol/error-reply.js'
export type { BrokerFault } from './base/errors.js'
export {
  BrokerProtocolError,
  BrokerReplyError,
  BrokerRolesError,
  BrokerTimeoutError,
  DeviceEndedError,
  GatewayError,
} from './base/errors.js'
export type { GatewayFailure } from './gateway/calls/gateway-failure.js'
export type { GatewayFault } from './gateway/calls/gateway-fault.js'
export type { GatewayOptions, GatewayTarget } from './gateway/gateway-options.js'
export type { GatewayStatistics } from './gateway/gateway-statistics.js'
export { startGateway, type Gateway } from './gateway/gateway.js'
export type { Device, DeviceStatistics } from './base/device.js'
export { startBarrier, type BarrierOptions, type NetworkBarrier } from './barrier/barrier.js'
export { meetAtBarrier } from './barrier/meet-at-barrier.js'
export { startBridge, type BridgeOptions } from './proxy/bridge.js'
export { startForwarder, type ForwarderOptions } from './proxy/forwarder.js'
export { startLastValueCache, type LastValueCacheOptions } from './proxy/last-value-cache.js'
export { startProxy, type ProxyOptions } from './proxy/proxy.js'
export type { Side } from './proxy/side.js'
export { startQueue, type QueueOptions } from './proxy/queue.js'
export type { RequestHandler } from './server/server-thread.js'
export { startServer, type Server, type ServerOptions, type ServerStatistics } from './server/server.js'
export { startStreamer, type StreamerOptions } from './proxy/streamer.js'

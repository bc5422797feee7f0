/**
 * ZeroMQ's intermediaries as supervised services.
 *
 * @module
 */
export type { Service, StartService } from '@zera/core'
export { BrokerClient, type BrokerCall, type BrokerClientOptions } from './broker/broker-client.js'
export type { BrokerOptions } from './broker/broker-options.js'
export type { BrokerStatistics, ServiceStatistics, WorkerLoss } from './broker/broker-statistics.js'
export { startBrokerWorker, type BrokerWorkerOptions, type WorkerCall, type WorkerHandler, type WorkerReply } from './broker/broker-worker.js'
export { startBroker, type Broker } from './broker/broker.js'
export { readErrorReply, type BrokerFault } from './broker/error-reply.js'
export type { Malformation, MdpVersion } from './broker/mdp.js'
export type { Clock } from './clock.js'
export { readKeys, readPublicKey, writeKeys, type KeyFiles } from './curve/key-files.js'
export { createKeys, publicKeyOf, type CurveKeys } from './curve/keys.js'
export { curveClient, type CurveServer } from './curve/server-security.js'
export { AuthenticationError, BrokerReplyError, BrokerTimeoutError, CurveRequiredError, KeyFileError } from './errors.js'
export type { GatewayErrorReply, GatewayFault } from './gateway/gateway-fault.js'
export type { GatewayCall, GatewayOptions, GatewayTarget } from './gateway/gateway-options.js'
export type { GatewayStatistics } from './gateway/gateway-statistics.js'
export { startGateway, type Gateway } from './gateway/gateway.js'
export type { Rate } from './gateway/token-buckets.js'

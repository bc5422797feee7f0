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
export { BrokerReplyError, BrokerTimeoutError } from './errors.js'

import { createKeys, openSocket, type CurveClient, type CurveServer } from '@zera/core'
import {
  meetAtBarrier,
  startBarrier,
  startBridge,
  startBroker,
  startBrokerClient,
  startBrokerWorker,
  startForwarder,
  startGateway,
  startLastValueCache,
  startProxy,
  startQueue,
  startServer,
  startStreamer,
  type BridgeOptions,
} from '@zera/devices'
import type { ReadyCalls } from './calls.js'

const ANY = 'tcp://127.0.0.1:*'
const SIDES = { frontend: ANY, backend: ANY }
const SIDE = { bind: ANY }
const HANDLER = new URL('threads/idle.js', import.meta.url)

/** Calls of `@zera/devices`. */
export async function deviceCalls(): Promise<ReadyCalls> {
  const keys = createKeys()
  const server: CurveServer = { keys, clients: 'any' }
  const client: CurveClient = { keys, serverKey: keys.publicKey }
  const publisher = await openSocket('XPUB')
  const subscriber = await openSocket('SUB')
  const queue = await startQueue(SIDES)
  const forwarder = await startForwarder(SIDES)
  const barrier = await startBarrier({ publisher, bind: ANY, subscribers: 1 })
  const broker = await startBroker({ bind: ANY })
  const brokerClient = await startBrokerClient({ broker: broker.endpoints[0] })
  const work = { broker: broker.endpoints[0], service: 'echo', handle: () => 'text' }
  const worker = await startBrokerWorker(work)
  const target = { methods: ['echo'], call: () => 'text' }
  const gateway = await startGateway({ bind: ANY, targets: { target } })
  const bridge: BridgeOptions<'requests'> = { pattern: 'requests', near: SIDE, far: SIDE }
  const proxy = { frontend: { type: 'PULL', ...SIDE }, backend: { type: 'PUSH', ...SIDE } } as const
  return {
    calls: {
      'BarrierOptions.curve': unknown =>
        startBarrier({ publisher, bind: ANY, subscribers: 1, curve: { ...server, ...unknown } }),
      'BridgeOptions.far': unknown => startBridge({ ...bridge, far: { ...SIDE, ...unknown } }),
      'BridgeOptions.near': unknown => startBridge({ ...bridge, near: { ...SIDE, ...unknown } }),
      'Broker.drain': unknown => broker.drain(unknown),
      'Broker.stop': unknown => broker.stop(unknown),
      'BrokerClient.request': unknown => brokerClient.request('echo', ['text'], unknown),
      'BrokerClient.stream': unknown => brokerClient.stream('echo', ['text'], unknown).next(),
      'BrokerClientOptions.curve': unknown => startBrokerClient({ broker: ANY, curve: { ...client, ...unknown } }),
      'BrokerOptions.curve': unknown =>
        startBroker({ bind: ANY, bindWorkers: ANY, curve: { ...server, workers: [], ...unknown } }),
      'BrokerWorker.stop': unknown => worker.stop(unknown),
      'BrokerWorkerOptions.curve': unknown => startBrokerWorker({ ...work, curve: { ...client, ...unknown } }),
      'ControlledService.drain': unknown => queue.drain(unknown),
      'Device.drain': unknown => forwarder.drain(unknown),
      'Device.stop': unknown => forwarder.stop(unknown),
      'DeviceOptions.capture': unknown => startQueue({ ...SIDES, capture: { type: 'PUB', ...SIDE, ...unknown } }),
      'DeviceOptions.curve': unknown => startQueue({ ...SIDES, curve: { ...server, ...unknown } }),
      'ForwarderOptions.backend': unknown => startForwarder({ ...SIDES, backend: { ...SIDE, ...unknown } }),
      'ForwarderOptions.frontend': unknown => startForwarder({ ...SIDES, frontend: { ...SIDE, ...unknown } }),
      'Gateway.drain': unknown => gateway.drain(unknown),
      'Gateway.stop': unknown => gateway.stop(unknown),
      'GatewayOptions.curve': unknown =>
        startGateway({ bind: ANY, targets: { target }, curve: { ...server, ...unknown } }),
      'GatewayOptions.rate': unknown =>
        startGateway({ bind: ANY, targets: { target }, rate: { perSecond: 1, burst: 1, ...unknown } }),
      'GatewayOptions.targets': unknown =>
        startGateway({ bind: ANY, targets: { target: { call: target.call, ...unknown } as typeof target } }),
      'LastValueCacheOptions.backend': unknown => startLastValueCache({ ...SIDES, backend: { ...SIDE, ...unknown } }),
      'LastValueCacheOptions.frontend': unknown => startLastValueCache({ ...SIDES, frontend: { ...SIDE, ...unknown } }),
      'MeetCall.curve': unknown => meetAtBarrier(subscriber, { barrier: ANY, curve: { ...client, ...unknown } }),
      'NetworkBarrier.stop': unknown => barrier.stop(unknown),
      'NetworkBarrier.whenLeft': unknown => barrier.whenLeft(unknown),
      'NetworkBarrier.whenMet': unknown => barrier.whenMet(unknown),
      'ProxyOptions.backend': unknown => startProxy({ ...proxy, backend: { ...proxy.backend, ...unknown } }),
      'ProxyOptions.frontend': unknown => startProxy({ ...proxy, frontend: { ...proxy.frontend, ...unknown } }),
      'QueueOptions.backend': unknown => startQueue({ ...SIDES, backend: { ...SIDE, ...unknown } }),
      'QueueOptions.frontend': unknown => startQueue({ ...SIDES, frontend: { ...SIDE, ...unknown } }),
      'ServerOptions.frontend': unknown => startServer(HANDLER, { frontend: { ...SIDE, ...unknown } }),
      'SideOptions.curve': unknown => startQueue({ ...SIDES, frontend: { ...SIDE, curve: { ...server, ...unknown } } }),
      'SideOptions.options': unknown => startQueue({ ...SIDES, frontend: { ...SIDE, options: unknown } }),
      'StreamerOptions.backend': unknown => startStreamer({ ...SIDES, backend: { ...SIDE, ...unknown } }),
      'StreamerOptions.frontend': unknown => startStreamer({ ...SIDES, frontend: { ...SIDE, ...unknown } }),
      meetAtBarrier: unknown => meetAtBarrier(subscriber, { barrier: ANY, ...unknown }),
      startBarrier: unknown => startBarrier({ publisher, bind: ANY, subscribers: 1, ...unknown }),
      startBridge: unknown => startBridge({ ...bridge, ...unknown }),
      startBroker: unknown => startBroker({ bind: ANY, ...unknown }),
      startBrokerClient: unknown => startBrokerClient({ broker: ANY, ...unknown }),
      startBrokerWorker: unknown => startBrokerWorker({ ...work, ...unknown }),
      startForwarder: unknown => startForwarder({ ...SIDES, ...unknown }),
      startGateway: unknown => startGateway({ bind: ANY, targets: { target }, ...unknown }),
      startLastValueCache: unknown => startLastValueCache({ ...SIDES, ...unknown }),
      startProxy: unknown => startProxy({ ...proxy, ...unknown }),
      startQueue: unknown => startQueue({ ...SIDES, ...unknown }),
      startServer: unknown => startServer(HANDLER, { frontend: ANY, ...unknown }),
      startStreamer: unknown => startStreamer({ ...SIDES, ...unknown }),
    },
    [Symbol.asyncDispose]: async () => {
      await brokerClient[Symbol.asyncDispose]()
      for (const service of [worker, gateway, broker, barrier, forwarder, queue]) await service.stop()
      await publisher.close()
      await subscriber.close()
    },
  }
}

import { child, startSystem } from '@zera/actors'
import { expectNoLeaks, startThread } from '@zera/core'
import {
  startBroker,
  startBrokerClient,
  startBrokerWorker,
  startForwarder,
  startGateway,
  startLastValueCache,
  startQueue,
  startStreamer,
} from '@zera/devices'
import { afterEach, describe, expect, test } from 'vitest'
import EchoActor from './undefined-options/echo.js'
import { undefinedFor } from './undefined-options/undefined-for.js'

afterEach(() => expectNoLeaks())

describe('an option that is undefined is as good as left out', () => {
  test('for a system and its actors', async () => {
    const limits = {
      compute: undefinedFor('ComputeLimits'),
      heartbeat: undefinedFor('HeartbeatOptions'),
      log: undefinedFor('LogOptions'),
    }
    const waits = undefinedFor('WaitOptions')
    await using system = await startSystem({ ...undefinedFor('SystemOptions'), ...waits, ...limits })
    const spawning = { ...undefinedFor('SpawnOptions', 'ChildSpec'), ...waits }
    const actors = [
      await system.spawn(EchoActor, { ...spawning, placement: { ownThread: undefinedFor('WorkerSettings') } }),
      await system.spawn(EchoActor, { ...spawning, placement: 'main' }),
      await system.startPool(EchoActor, {
        ...spawning,
        ...undefinedFor('PoolOptions'),
        size: 1,
        recycle: undefinedFor('Recycling'),
      }),
    ]
    await system.supervise([child(EchoActor, undefinedFor('ChildSpec'))], undefinedFor('SuperviseOptions'))

    for (const actor of actors) {
      expect(await actor.ask(undefinedFor('AskOptions')).echo('text')).toBe('text')
      const counted: number[] = []
      for await (const n of actor.stream(undefinedFor('StreamOptions')).count(2)) counted.push(n)
      expect(counted).toEqual([1, 2])
    }
    expect(await system.compute((n: number) => n + 1, [1], undefinedFor('ComputeOptions'))).toBe(2)
    expect(actors[0]?.tell.echo('text')).toBe(true)
    expect(await system.snapshot(undefinedFor('SnapshotOptions'))).toBeDefined()
    expect(await system.stop(undefinedFor('SystemStopOptions'))).toMatchObject({ isClean: true })
  })

  test('for a thread', async () => {
    const url = new URL('../fuzz/none.js', import.meta.url)
    await expect(
      startThread(url, { ...undefinedFor('ThreadOptions', 'WorkerSettings'), name: 'a thread' }),
    ).rejects.toMatchObject({ code: 'ZERA_THREAD_START', cause: { code: 'ERR_MODULE_NOT_FOUND' } })
  })

  test('for devices', async () => {
    const device = undefinedFor('DeviceOptions')
    const side = { ...undefinedFor('SideOptions'), bind: 'tcp://127.0.0.1:*' }
    const services = [
      await startQueue({ ...device, ...undefinedFor('QueueOptions'), frontend: side, backend: side }),
      await startForwarder({ ...device, frontend: side, backend: side }),
      await startStreamer({ ...device, frontend: side, backend: side }),
      await startLastValueCache({ ...device, ...undefinedFor('LastValueCacheOptions'), frontend: side, backend: side }),
    ]
    for (const service of services) await service.stop()
  })

  test('for a broker, its workers and its clients, and a gateway', async () => {
    const broker = await startBroker({ ...undefinedFor('BrokerOptions'), bind: 'tcp://127.0.0.1:*' })
    const [endpoint] = broker.endpoints
    const worker = await startBrokerWorker({
      ...undefinedFor('BrokerWorkerOptions'),
      broker: endpoint,
      service: 'echo',
      handle: body => body,
    })
    const client = await startBrokerClient({ ...undefinedFor('BrokerClientOptions'), broker: endpoint })
    const gateway = await startGateway({
      ...undefinedFor('GatewayOptions'),
      bind: 'tcp://127.0.0.1:*',
      targets: { echo: { methods: ['echo'], call: (_method, [text]) => text } },
    })

    const [reply] = await client.request('echo', ['text'])

    expect(String(reply)).toBe('text')
    await client[Symbol.asyncDispose]()
    for (const service of [worker, gateway, broker]) await service.stop()
  })
})

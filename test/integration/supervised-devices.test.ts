import { child, startSystem } from '@zera/actors'
import { expectNoLeaks, openSocket } from '@zera/core'
import {
  startBroker,
  startBrokerClient,
  startBrokerWorker,
  startGateway,
  type Broker,
  type Gateway,
} from '@zera/devices'
import { afterEach, expect, test } from 'vitest'

afterEach(() => expectNoLeaks())

test('a supervisor starts a broker and a gateway, restarts them in their places, and stops them with the system', async () => {
  const brokers: Broker[] = []
  const gateways: Gateway[] = []
  await using system = await startSystem({ threads: 1 })
  const lastOf = (services: { endpoints: readonly string[] }[]): string =>
    services.at(-1)?.endpoints[0] ?? 'tcp://127.0.0.1:*'
  const devices = [
    child(
      async signal =>
        remember(brokers, await startBroker({ bind: lastOf(brokers), signal, heartbeatMs: 50, liveness: 400 })),
      { id: 'broker' },
    ),
    child(
      async signal =>
        remember(
          gateways,
          await startGateway({
            bind: lastOf(gateways),
            signal,
            targets: { echo: { methods: ['echo'], call: (_method, [text]) => text } },
          }),
        ),
      { id: 'gateway' },
    ),
  ]
  // Both are stopped at once: with fewer restarts, the second would restart the supervisor, with what runs again.
  await system.supervise(devices, { maxRestarts: 2 })
  const worker = await startBrokerWorker({
    broker: lastOf(brokers),
    service: 'echo',
    handle: body => body,
    heartbeatMs: 50,
    liveness: 400,
    reconnectMs: 1,
  })
  await using client = await startBrokerClient({ broker: lastOf(brokers), timeoutMs: 20_000 })
  await using outside = await openSocket('REQ', { reconnectInterval: 10 })
  await outside.connect(lastOf(gateways))
  let restarts = 0
  const restarted = new Promise<void>(resolve =>
    system.events.on('child-restarted', () => (restarts += 1) === 2 && resolve()),
  )
  const ask = async (text: string): Promise<string[]> => {
    await outside.send(JSON.stringify({ actor: 'echo', method: 'echo', args: [text] }))
    return [String((await client.request('echo', [text]))[0]), String((await outside.receive())[0])]
  }

  expect(await ask('before')).toEqual(['before', '{"id":null,"value":"before"}'])
  await Promise.all([brokers[0]?.stop(), gateways[0]?.stop()])
  await restarted
  expect(await ask('after')).toEqual(['after', '{"id":null,"value":"after"}'])

  const { stopped } = await system.stop()
  expect(stopped.filter(({ kind }) => kind === 'service').map(({ outcome }) => outcome)).toEqual(['drained', 'drained'])
  expect([brokers.length, gateways.length, await brokers[1]?.ended, await gateways[1]?.ended]).toEqual([
    2,
    2,
    undefined,
    undefined,
  ])
  await worker.stop()
})

function remember<T>(services: T[], service: T): T {
  services.push(service)
  return service
}

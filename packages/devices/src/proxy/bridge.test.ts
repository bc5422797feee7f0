import { tmpdir } from 'node:os'
import { freshEndpoint, openSocket } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startBridge } from './bridge.js'

expectNoLeaksAfterEach()

const PLACES = {
  inproc: () => freshEndpoint('bridge'),
  ipc: () => `ipc://${tmpdir()}/zera-bridge-${process.pid}-${Math.trunc(performance.now() * 1000)}`,
  tcp: () => 'tcp://127.0.0.1:*',
}
type Transport = keyof typeof PLACES
const ALL = (Object.keys(PLACES) as Transport[]).flatMap(near =>
  (Object.keys(PLACES) as Transport[]).map(far => [near, far] as const),
)

describe.each(ALL)('startBridge() from %s to %s', (near, far) => {
  test('carries requests and their replies', async () => {
    await using bridge = await startBridge({ pattern: 'requests', near: PLACES[near](), far: PLACES[far]() })
    await using server = await openSocket('REP')
    await server.connect(bridge.endpoints.backend[0])
    await using client = await openSocket('REQ')
    await client.connect(bridge.endpoints.frontend[0])

    await client.send('Hello')
    expect((await server.receive()).map(String)).toEqual(['Hello'])
    await server.send('World')

    expect((await client.receive()).map(String)).toEqual(['World'])
  })

  test('carries publications, and subscriptions back', async () => {
    await using bridge = await startBridge({ pattern: 'publications', near: PLACES[near](), far: PLACES[far]() })
    await using publisher = await openSocket('XPUB')
    await publisher.connect(bridge.endpoints.frontend[0])
    await using subscriber = await openSocket('SUB')
    await subscriber.subscribe('B')
    await subscriber.connect(bridge.endpoints.backend[0])

    expect((await publisher.receive()).map(String)).toEqual(['\u0001B'])
    await publisher.send('B 1')

    expect((await subscriber.receive()).map(String)).toEqual(['B 1'])
  })

  test('carries what two PAIRs say to each other', async () => {
    await using bridge = await startBridge({ pattern: 'pair', near: PLACES[near](), far: PLACES[far]() })
    await using left = await openSocket('PAIR')
    await left.connect(bridge.endpoints.frontend[0])
    await using right = await openSocket('PAIR')
    await right.connect(bridge.endpoints.backend[0])

    await left.send('ping')
    expect(String(await right.receive())).toBe('ping')
    await right.send('pong')

    expect(String(await left.receive())).toBe('pong')
  })
})

test('startBridge() takes a side with endpoints of several transports', async () => {
  await using bridge = await startBridge({
    pattern: 'tasks',
    near: [PLACES.inproc(), PLACES.ipc(), PLACES.tcp()],
    far: PLACES.inproc(),
  })
  await using pull = await openSocket('PULL')
  await pull.connect(bridge.endpoints.backend[0])

  for (const endpoint of bridge.endpoints.frontend) {
    await using push = await openSocket('PUSH')
    await push.connect(endpoint)
    await push.send(endpoint)
    expect(String(await pull.receive())).toBe(endpoint)
  }
})

test('startBridge() refuses a pattern that there is not', async () => {
  await expect(startBridge({ pattern: 'rhubarb' as 'pair', near: 'inproc://a', far: 'inproc://b' })).rejects.toThrow(
    TypeError,
  )
})

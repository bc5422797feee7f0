import { expectNoLeaks, freshEndpoint, Scope } from '@zera/core'
import { enterOwner, leaveOwner, type Owner } from '@zera/core/internal'
import { expect, test } from 'vitest'
import { startBroker, startBrokerClient, startBrokerWorker, startGateway, startQueue } from '../index.js'

class TestOwner extends Scope implements Owner {
  readonly name = 'actor /test'
}

test('devices that an actor has started are stopped with it, and what they open is theirs', async () => {
  const owner = new TestOwner()
  const broker = freshEndpoint('broker')
  enterOwner(owner)
  const starting = Promise.all([
    startQueue({ frontend: freshEndpoint('front'), backend: freshEndpoint('back') }),
    startGateway({ bind: freshEndpoint('gateway'), targets: {} }),
    startBroker({ bind: broker }),
    startBrokerWorker({ broker, service: 'echo', handle: body => body }),
  ])
  const startingClient = startBrokerClient({ broker })
  leaveOwner()
  const started = await starting
  const client = await startingClient
  // Its connection is the client's, whichever actor asks.
  expect(await client.request('echo', ['hello'])).toHaveLength(1)

  const released = await owner.close(50)

  expect(released).toEqual(['client of a broker', 'a broker worker', 'a broker', 'a gateway', 'a queue'])
  expect(await Promise.all(started.map(({ ended }) => ended))).toEqual([undefined, undefined, undefined, undefined])
  await expect(client.request('echo', ['hello'])).rejects.toMatchObject({ code: 'ZERA_SOCKET' })
  expectNoLeaks()
})

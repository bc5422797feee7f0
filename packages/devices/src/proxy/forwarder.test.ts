import { openSocket } from '@zera/core'
import { expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startForwarder } from './forwarder.js'

expectNoLeaksAfterEach()

test('startForwarder() forwards subscriptions and their ends to the publisher, each prefix once, and only what was asked for travels', async () => {
  await using forwarder = await startForwarder({ frontend: 'tcp://127.0.0.1:*', backend: 'tcp://127.0.0.1:*' })
  await using publisher = await openSocket('XPUB')
  await publisher.connect(forwarder.endpoints.frontend[0])
  await using first = await openSocket('SUB')
  await using second = await openSocket('SUB')
  for (const subscriber of [first, second]) {
    await subscriber.subscribe('B')
    await subscriber.connect(forwarder.endpoints.backend[0])
  }

  expect((await publisher.receive()).map(String)).toEqual(['\u0001B'])
  await publisher.send(['A', 'unwanted'])
  await publisher.send(['B', 'wanted'])
  expect((await first.receive()).map(String)).toEqual(['B', 'wanted'])
  expect((await forwarder.statistics()).toBackend.messages).toBe(1)

  await first.unsubscribe('B')
  await second.unsubscribe('B')
  expect((await publisher.receive()).map(String)).toEqual(['\u0000B'])
})

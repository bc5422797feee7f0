import { setImmediate as turn } from 'node:timers/promises'
import { expectNoLeaks, openSocket } from '@zera/core'
import {
  startBarrier,
  startBridge,
  startForwarder,
  startLastValueCache,
  startProxy,
  startQueue,
  startServer,
  startStreamer,
  type Device,
} from '@zera/devices'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasPythonZmq, PythonPeer, suiteName, texts, type PythonSocket } from './python-peer.js'

const ANY = 'tcp://127.0.0.1:*'

describe.skipIf(!hasPythonZmq)(suiteName('devices between peers in Python'), () => {
  let python: PythonPeer

  beforeEach(async () => {
    python = await PythonPeer.start()
  })

  afterEach(async () => {
    await python[Symbol.asyncDispose]()
    expectNoLeaks()
  })

  test('a queue brings requests of REQs to REPs, and their replies back', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY })
    const worker = await behind(queue, 'REP')
    const client = await inFront(queue, 'REQ')

    for (let request = 1; request <= 20; request++) {
      await client.send(['Hello', `${request}`])
      expect(texts(await worker.receive())).toEqual(['Hello', `${request}`])
      await worker.send(`World ${request}`)
      expect(texts(await client.receive())).toEqual([`World ${request}`])
    }
  })

  test('a least-busy queue serves REQ workers that say READY, and passes over one that was killed', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY, route: 'least-busy' })
    {
      await using doomed = await PythonPeer.start()
      const gone = await doomed.open('REQ')
      await gone.connect(queue.endpoints.backend[0])
      await gone.send('READY')
    }
    const worker = await behind(queue, 'REQ')
    await worker.send('READY')
    const client = await inFront(queue, 'REQ')

    for (let request = 1; request <= 5; request++) {
      await client.send('Hello')
      const [identity, empty, text] = await worker.receive()
      expect(String(text)).toBe('Hello')
      await worker.send([identity as Buffer, empty as Buffer, `World ${request}`])
      expect(texts(await client.receive())).toEqual([`World ${request}`])
    }
  })

  test('a forwarder hands on publications, and the subscriptions back', async () => {
    await using forwarder = await startForwarder({ frontend: ANY, backend: ANY })
    const publisher = await inFront(forwarder, 'XPUB')
    const subscriber = await python.open('SUB')
    await subscriber.subscribe('B')
    await subscriber.connect(forwarder.endpoints.backend[0])
    expect(texts(await publisher.receive())).toEqual(['\u0001B'])

    await publisher.send(['A', 'unwanted'])
    await publisher.send(['B', 'wanted'])

    expect(texts(await subscriber.receive())).toEqual(['B', 'wanted'])
  })

  test('a streamer deals out what is pushed, in order, and what it is full of when a worker comes', async () => {
    await using streamer = await startStreamer({ frontend: ANY, backend: ANY })
    const push = await inFront(streamer, 'PUSH')
    for (let number = 1; number <= 200; number++) await push.send(`${number}`)
    const pull = await behind(streamer, 'PULL')

    for (let number = 1; number <= 200; number++) expect(texts(await pull.receive())).toEqual([`${number}`])
  })

  test('a last-value cache gives a late SUB the last value of each of its keys', async () => {
    await using cache = await startLastValueCache({ frontend: ANY, backend: ANY })
    const publisher = await inFront(cache, 'XPUB')
    await publisher.receive()
    for (const [key, value] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ])
      await publisher.send([key as string, value as string])
    while ((await cache.statistics()).toBackend.messages < 3) await turn()

    const late = await python.open('SUB')
    await late.subscribe('a')
    await late.connect(cache.endpoints.backend[0])

    expect(texts(await late.receive())).toEqual(['a', '3'])
  })

  test('a bridge carries requests from tcp to a server over inproc', async () => {
    await using server = await openSocket('REP')
    const inside = await server.bind('inproc://interop-bridge')
    await using bridge = await startBridge({ pattern: 'requests', near: ANY, far: { connect: inside } })
    const client = await inFront(bridge, 'REQ')

    await client.send('Hello')
    expect(texts(await server.receive())).toEqual(['Hello'])
    await server.send('World')

    expect(texts(await client.receive())).toEqual(['World'])
  })

  test('a proxy with a capture shows a SUB what passes', async () => {
    await using proxy = await startProxy({
      frontend: { type: 'DEALER', bind: ANY },
      backend: { type: 'DEALER', bind: ANY },
      capture: { type: 'PUSH', bind: ANY },
    })
    const watcher = await python.open('PULL')
    await watcher.connect(proxy.endpoints.capture[0] as string)
    const [left, right] = [await inFront(proxy, 'DEALER'), await behind(proxy, 'DEALER')]

    await left.send(['to', 'the right'])
    expect(texts(await right.receive())).toEqual(['to', 'the right'])
    await right.send('to the left')
    expect(texts(await left.receive())).toEqual(['to the left'])

    expect([texts(await watcher.receive()), texts(await watcher.receive())]).toEqual([
      ['to', 'the right'],
      ['to the left'],
    ])
  })

  test('a server answers a REQ, in one of its threads', async () => {
    await using server = await startServer(new URL('./echo-handler.js', import.meta.url), { frontend: ANY, threads: 2 })
    const client = await python.open('REQ')
    await client.connect(server.endpoints.frontend[0])

    for (let request = 1; request <= 10; request++) {
      await client.send([`${request}`, 'Hello'])
      expect(texts(await client.receive())).toEqual([`${request}`, 'Hello'])
    }
  })

  test('a barrier lets a SUB that follows its protocol by hand miss nothing', async () => {
    await using publisher = await openSocket('XPUB', { noDrop: true })
    const endpoint = await publisher.bind(ANY)
    await using barrier = await startBarrier({ publisher, bind: ANY, subscribers: 1 })
    const key = Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('zera-hello/a name of its own')])
    const [subscriber, meeting] = [await python.open('SUB'), await python.open('REQ')]
    await subscriber.subscribe('')
    await subscriber.subscribe(key)
    await subscriber.connect(endpoint)
    await meeting.connect(barrier.endpoints[0])

    await meeting.send(key)
    await meeting.receive()
    await barrier.whenMet()
    for (let number = 1; number <= 100; number++) await publisher.send(`${number}`)

    for (let number = 1; number <= 100; number++) expect(texts(await subscriber.receive())).toEqual([`${number}`])
  })

  async function inFront(device: Device, type: Parameters<PythonPeer['open']>[0]): Promise<PythonSocket> {
    const socket = await python.open(type)
    await socket.connect(device.endpoints.frontend[0])
    return socket
  }

  async function behind(device: Device, type: Parameters<PythonPeer['open']>[0]): Promise<PythonSocket> {
    const socket = await python.open(type)
    await socket.connect(device.endpoints.backend[0])
    return socket
  }
})

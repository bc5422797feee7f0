import { createConnection } from 'node:net'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { SOCKET_TRAITS, type SocketType } from '../../native/socket-type.js'
import { plugged, texts, TRANSPORTS } from '../fixtures/plugged.js'
import { openSocket } from './open-socket.js'

expectNoLeaksAfterEach()

describe.each(TRANSPORTS)('over %s', transport => {
  test('PAIR exchanges messages with PAIR, both ways', async () => {
    await using pair = await plugged('PAIR', 'PAIR', { transport })

    await pair.left.send('to the right')
    await pair.right.send('to the left')

    expect(texts(await pair.right.receive())).toEqual(['to the right'])
    expect(texts(await pair.left.receive())).toEqual(['to the left'])
  })

  test('REQ asks and REP answers', async () => {
    await using pair = await plugged('REP', 'REQ', { transport })

    await pair.right.send('Hello')
    const request = texts(await pair.left.receive())
    await pair.left.send('World')

    expect([request, texts(await pair.right.receive())]).toEqual([['Hello'], ['World']])
  })

  test('REQ asks and ROUTER answers behind the identity and an empty frame', async () => {
    await using pair = await plugged('ROUTER', 'REQ', { transport, connectedOptions: { routingId: 'client' } })

    await pair.right.send('Hello')
    const request = texts(await pair.left.receive())
    await pair.left.send(['client', '', 'World'])

    expect([request, texts(await pair.right.receive())]).toEqual([['client', '', 'Hello'], ['World']])
  })

  test('DEALER asks REP with an empty frame in front', async () => {
    await using pair = await plugged('REP', 'DEALER', { transport })

    await pair.right.send(['', 'Hello'])
    const request = texts(await pair.left.receive())
    await pair.left.send('World')

    expect([request, texts(await pair.right.receive())]).toEqual([['Hello'], ['', 'World']])
  })

  test('DEALER exchanges messages with DEALER', async () => {
    await using pair = await plugged('DEALER', 'DEALER', { transport })

    await pair.left.send(['a', 'b'])
    await pair.right.send('c')

    expect([texts(await pair.right.receive()), texts(await pair.left.receive())]).toEqual([['a', 'b'], ['c']])
  })

  test('DEALER exchanges messages with ROUTER, which knows it by its identity', async () => {
    await using pair = await plugged('ROUTER', 'DEALER', { transport, connectedOptions: { routingId: 'worker' } })

    await pair.right.send('ready')
    const from = texts(await pair.left.receive())
    await pair.left.send(['worker', 'task'])

    expect([from, texts(await pair.right.receive())]).toEqual([['worker', 'ready'], ['task']])
  })

  test('ROUTER talks to ROUTER, each by the identity of the other', async () => {
    await using pair = await plugged('ROUTER', 'ROUTER', {
      transport,
      boundOptions: { routingId: 'left' },
      connectedOptions: { routingId: 'right' },
    })

    await untilSent(() => pair.right.send(['left', 'hello']))

    expect(texts(await pair.left.receive())).toEqual(['right', 'hello'])
  })

  test.each([
    ['PUB', 'SUB'],
    ['XPUB', 'SUB'],
    ['XPUB', 'XSUB'],
    ['PUB', 'XSUB'],
  ] as const)('%s publishes to %s what that subscribes to', async (publisher, subscriber) => {
    await using pair = await plugged(publisher, subscriber, { transport })
    if (pair.right.type === 'SUB')
      await (pair.right as unknown as { subscribe(prefix: string): Promise<void> }).subscribe('key')
    else await (pair.right as unknown as { send(frames: string): Promise<void> }).send('\u0001key')

    const received = pair.right.receive()
    // Publishing begins before the subscription is there, so it goes on until one message got through.
    while (pair.right.statistics.received === 0) {
      await pair.left.send(['other', 'no'])
      await pair.left.send(['key', 'yes'])
    }

    expect(texts(await received)).toEqual(['key', 'yes'])
  })

  test('XPUB receives the subscriptions of SUB', async () => {
    await using pair = await plugged('XPUB', 'SUB', { transport })

    await pair.right.subscribe('key')

    expect(texts(await pair.left.receive())).toEqual(['\u0001key'])
  })

  test('PUSH deals its messages out to PULLs', async () => {
    await using pair = await plugged('PUSH', 'PULL', { transport })

    await pair.left.send('task 1')
    await pair.left.send('task 2')

    expect([texts(await pair.right.receive()), texts(await pair.right.receive())]).toEqual([['task 1'], ['task 2']])
  })
})

test('STREAM talks to a plain TCP peer', async () => {
  await using stream = await openSocket('STREAM')
  const endpoint = await stream.bind('tcp://127.0.0.1:*')
  const peer = createConnection(Number(endpoint.split(':').at(-1)), '127.0.0.1')
  const answered = new Promise<string>(resolve => peer.once('data', data => resolve(data.toString())))

  const [identity, connect] = await stream.receive()
  peer.write('ping')
  const [, data] = await stream.receive()
  await stream.send([identity as Buffer, 'pong'])

  expect([connect?.length, data?.toString(), await answered]).toEqual([0, 'ping', 'pong'])
  peer.destroy()
})

test('SOCKET_TRAITS names peers that name each other', () => {
  const types = Object.keys(SOCKET_TRAITS) as SocketType[]

  for (const type of types)
    for (const peer of SOCKET_TRAITS[type].peers) expect(SOCKET_TRAITS[peer].peers).toContain(type)
})

async function untilSent(send: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await send()
    } catch (error) {
      if ((error as { errno?: string }).errno !== 'EHOSTUNREACH') throw error
    }
  }
}

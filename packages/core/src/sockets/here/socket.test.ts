import { describe, expect, test } from 'vitest'
import { EndpointError, SocketError } from '../../base/errors/errors.js'
import { openResources } from '../../base/owning/resources.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { bindable, plugged, texts } from '../fixtures/plugged.js'
import { AddressError, SocketStateError, WouldBlockError } from '../socket-errors.js'
import type { SendingSocket, SubscribingSocket } from '../socket.js'
import { openSocket } from './open-socket.js'

expectNoLeaksAfterEach()

describe('openSocket()', () => {
  test('refuses a type that there is not', async () => {
    await expect(openSocket('toString' as 'REQ')).rejects.toBeInstanceOf(TypeError)
  })

  test('closes the socket at the end of its block', async () => {
    const kept = await (async () => {
      await using socket = await openSocket('REP')
      await socket.bind(bindable('inproc'))
      return socket
    })()

    expect([kept.isClosed, openResources()]).toEqual([true, []])
  })

  test('names each socket that is open with who opened it', async () => {
    await using socket = await openSocket('SUB')

    const [open, ...others] = openResources()

    expect(open?.name).toMatch(/^SUB /)
    expect(open?.stack).toContain('socket.test')
    expect([others, socket.type]).toEqual([[], 'SUB'])
  })

  test('leaves nothing open when ZeroMQ refuses an option', async () => {
    await expect(openSocket('REQ', { curveServerKey: 'too short' })).rejects.toMatchObject({ errno: 'EINVAL' })

    expect(openResources()).toEqual([])
  })
})

describe('a socket', () => {
  test('binds to several endpoints at once', async () => {
    await using rep = await openSocket('REP')
    const endpoints = await Promise.all([
      rep.bind(bindable('inproc')),
      rep.bind(bindable('ipc')),
      rep.bind(bindable('tcp')),
    ])

    for (const endpoint of endpoints) {
      await using req = await openSocket('REQ')
      await req.connect(endpoint)
      await req.send(endpoint)
      expect(texts(await rep.receive())).toEqual([endpoint])
      await rep.send('heard')
      await req.receive()
    }
  })

  test('connects to several endpoints and deals its messages out to them', async () => {
    await using first = await openSocket('PULL')
    await using second = await openSocket('PULL')
    await using push = await openSocket('PUSH')
    await push.connect(await first.bind(bindable('inproc')))
    await push.connect(await second.bind(bindable('inproc')))

    for (const task of ['1', '2']) await push.send(task)

    expect([texts(await first.receive()), texts(await second.receive())].flat().toSorted()).toEqual(['1', '2'])
  })

  test.each(['inproc', 'ipc'] as const)('connects over %s before the other side binds', async transport => {
    const endpoint = bindable(transport)
    await using push = await openSocket('PUSH')
    await push.connect(endpoint)
    await push.send('early')

    await using pull = await openSocket('PULL')
    await pull.bind(endpoint)

    expect(texts(await pull.receive())).toEqual(['early'])
  })

  test('refuses endpoints that are malformed, taken or not of this machine', async () => {
    await using first = await openSocket('REP')
    await using second = await openSocket('REP')
    const endpoint = await first.bind('tcp://127.0.0.1:*')

    await expect(second.bind('tcp://127.0.0.1')).rejects.toBeInstanceOf(EndpointError)
    await expect(second.bind('gopher://here')).rejects.toBeInstanceOf(EndpointError)
    await expect(second.bind(endpoint)).rejects.toBeInstanceOf(AddressError)
    await expect(second.bind('tcp://192.0.2.1:5555')).rejects.toMatchObject({ errno: 'EADDRNOTAVAIL' })
    await expect(second.unbind('tcp://127.0.0.1:1')).rejects.toMatchObject({ errno: 'ENOENT' })
    await expect(second.disconnect('tcp://127.0.0.1:1')).rejects.toMatchObject({ errno: 'ENOENT' })
  })

  test.each(['inproc', 'ipc', 'tcp'] as const)(
    'can be bound over %s where one was closed right before',
    async transport => {
      let endpoint = bindable(transport)

      for (let life = 0; life < 50; life++) {
        const socket = await openSocket('REP')
        endpoint = await socket.bind(endpoint)
        await socket.close()
      }

      expect(openResources()).toEqual([])
    },
  )

  test('can be unplugged and plugged again', async () => {
    await using pair = await plugged('PUSH', 'PULL')
    const elsewhere = await pair.left.bind('tcp://127.0.0.1:*')

    await pair.right.disconnect(pair.endpoint)
    await pair.left.unbind(pair.endpoint)
    await pair.right.connect(elsewhere)
    await pair.left.send('by the other way')

    expect(texts(await pair.right.receive())).toEqual(['by the other way'])
  })

  test('receives in a loop that ends when the socket is closed', async () => {
    await using pair = await plugged('PUSH', 'PULL')
    await pair.left.send('first')
    const received: string[] = []

    for await (const frames of pair.right) {
      received.push(...texts(frames))
      void pair.right.close()
    }

    expect(received).toEqual(['first'])
  })

  test('gives a receive up when its signal aborts, and keeps the message for the next', async () => {
    await using pair = await plugged('PUSH', 'PULL')
    const controller = new AbortController()
    const given = pair.right.receive({ signal: controller.signal })
    const reason = new Error('enough')

    controller.abort(reason)

    await expect(given).rejects.toBe(reason)
    await pair.left.send('later')
    expect(texts(await pair.right.receive())).toEqual(['later'])
  })

  test.each(['PULL', 'REP'] as const)(
    '%s gives a receive up after receiveTimeout, and receives what comes later',
    async type => {
      await using pair = await plugged(type, type === 'PULL' ? 'PUSH' : 'REQ', { boundOptions: { receiveTimeout: 10 } })

      await expect(pair.left.receive()).rejects.toBeInstanceOf(WouldBlockError)
      await pair.right.send('later')

      expect(texts(await retried(() => pair.left.receive()))).toEqual(['later'])
    },
  )

  test('refuses a second receive while one is under way', async () => {
    await using pair = await plugged('PUSH', 'PULL')
    const first = pair.right.receive()

    await expect(pair.right.receive()).rejects.toBeInstanceOf(SocketError)

    await pair.left.send('for the first')
    expect(texts(await first)).toEqual(['for the first'])
  })

  test('rejects a receive that waits when it is closed, and every use from then on', async () => {
    await using pair = await plugged('DEALER', 'DEALER')
    const waiting = pair.left.receive()

    const closing = pair.left.close()

    await expect(waiting).rejects.toBeInstanceOf(SocketError)
    await closing
    await expect(pair.left.send('late')).rejects.toBeInstanceOf(SocketError)
    await expect(pair.left.receive()).rejects.toBeInstanceOf(SocketError)
    await expect(pair.left.bind('inproc://late')).rejects.toBeInstanceOf(SocketError)
    await pair.left.close()
  })

  test('sends what was sent before its close, though no code awaited it', async () => {
    await using pair = await plugged('PULL', 'PUSH')
    const sent = Array.from({ length: 2000 }, (_, number) => pair.right.send(String(number)))

    await pair.right.close()
    await Promise.all(sent)

    for (let number = 0; number < 2000; number++) expect(texts(await pair.left.receive())).toEqual([String(number)])
  })

  test('rejects sends that still wait when it is closed', async () => {
    const socket = await openSocket('PUSH', { linger: 0 })
    const waiting = socket.send('to nobody')

    const [outcome] = await Promise.all([Promise.allSettled([waiting]), socket.close()])

    expect(outcome[0]).toMatchObject({ status: 'rejected', reason: { code: 'ZERA_SOCKET' } })
  })

  test('refuses what its type does not do', async () => {
    await using pair = await plugged('PUSH', 'PULL')
    const [sender, receiver] = [pair.left as object as SubscribingSocket, pair.right as object as SendingSocket]

    await expect(sender.receive()).rejects.toBeInstanceOf(TypeError)
    await expect(receiver.send('x')).rejects.toBeInstanceOf(TypeError)
    await expect(sender.subscribe('')).rejects.toBeInstanceOf(TypeError)
  })

  test('counts what it sends, receives and is refused', async () => {
    await using pair = await plugged('PULL', 'PUSH', { connectedOptions: { sendTimeout: 0 } })

    await pair.right.send('one')
    await pair.right.send('two')
    await pair.left.receive()
    await pair.right.disconnect(pair.endpoint)
    await expect(pair.right.send('three')).rejects.toBeInstanceOf(WouldBlockError)

    expect(pair.right.statistics).toMatchObject({ sent: 2, refused: 1, waitingToSend: 0 })
    expect(pair.left.statistics).toMatchObject({ received: 1 })
  })
})

describe('REQ and REP', () => {
  test('take turns, and say so when a call is out of turn', async () => {
    await using pair = await plugged('REP', 'REQ')

    await expect(pair.right.receive()).rejects.toBeInstanceOf(SocketStateError)
    await expect(pair.left.send('no request yet')).rejects.toBeInstanceOf(SocketStateError)
    await pair.right.send('request')
    await expect(pair.right.send('again')).rejects.toMatchObject({ errno: 'EFSM', retry: 'fatal' })
    await pair.left.receive()
    await expect(pair.left.receive()).rejects.toBeInstanceOf(SocketStateError)
    await pair.left.send('reply')

    expect(texts(await pair.right.receive())).toEqual(['reply'])
  })

  test('give the turn back when a send is refused', async () => {
    await using req = await openSocket('REQ', { sendTimeout: 0 })
    await using rep = await openSocket('REP')

    await expect(req.send('to nobody')).rejects.toBeInstanceOf(WouldBlockError)
    await req.connect(await rep.bind(bindable('inproc')))
    await req.send('to somebody')

    expect(texts(await rep.receive())).toEqual(['to somebody'])
  })

  test('REQ that is relaxed sends when it likes', async () => {
    await using pair = await plugged('REP', 'REQ', { connectedOptions: { relaxed: true, correlate: true } })

    await pair.right.send('first')
    await pair.right.send('second')
    await pair.left.receive()
    await pair.left.send('reply to the first')
    await pair.left.receive()
    await pair.left.send('reply to the second')

    expect(texts(await pair.right.receive())).toEqual(['reply to the second'])
  })
})

async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof WouldBlockError)) throw error
    }
  }
}

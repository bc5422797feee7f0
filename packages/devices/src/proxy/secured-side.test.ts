import {
  createKeys,
  curveClient,
  freshEndpoint,
  openSocket,
  secureServer,
  type CurveKeys,
  type CurveServer,
  type Service,
  type SocketType,
} from '@zera/core'
import { ClientListRequiredError, CurveRequiredError } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { startBarrier } from '../barrier/barrier.js'
import { meetAtBarrier } from '../barrier/meet-at-barrier.js'
import type { Device } from '../base/device.js'
import { DEVICE_CASES } from '../fixtures/device-cases.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import { startServer } from '../server/server.js'
import { startBridge } from './bridge.js'
import { startForwarder } from './forwarder.js'
import { startLastValueCache } from './last-value-cache.js'
import { startProxy } from './proxy.js'
import { startQueue } from './queue.js'
import { startStreamer } from './streamer.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const EVERYWHERE = 'tcp://0.0.0.0:*'
const SHOUT = new URL('../fixtures/shout.js', import.meta.url)

/** Starts each device that is bound at both sides, with these options. */
const STARTS: Readonly<
  Record<
    string,
    (sides: {
      frontend: string | string[]
      backend: string
      curve?: CurveServer | 'none'
      capture?: { type: 'PUB'; bind: string }
    }) => Promise<Device>
  >
> = {
  proxy: ({ frontend, backend, ...rest }) =>
    startProxy({ frontend: { type: 'PULL', bind: frontend }, backend: { type: 'PUSH', bind: backend }, ...rest }),
  queue: startQueue,
  forwarder: startForwarder,
  streamer: startStreamer,
  'last-value cache': startLastValueCache,
  bridge: ({ frontend, backend, ...rest }) => startBridge({ pattern: 'tasks', near: frontend, far: backend, ...rest }),
}

/** How a client with keys reaches a server, at a port of every interface. */
function reach(
  [endpoint]: readonly [string, ...string[]],
  keys: CurveKeys | undefined,
  server: CurveKeys,
): { readonly endpoint: string; readonly options: object } {
  return {
    endpoint: endpoint.replace('0.0.0.0', '127.0.0.1'),
    options: { linger: 0, ...(keys && curveClient({ keys, serverKey: server.publicKey })) },
  }
}

/** Opens a socket that is connected as `reach` says. */
async function connected<T extends SocketType>(type: T, { endpoint, options }: ReturnType<typeof reach>) {
  const socket = await openSocket(type, options)
  await socket.connect(endpoint)
  return socket
}

describe('each device', () => {
  test.each(Object.keys(STARTS))(
    '%s refuses to bind where other machines reach it without keys, at each of its sides',
    async name => {
      const start = STARTS[name] as (typeof STARTS)[string]
      for (const sides of [
        { frontend: EVERYWHERE, backend: ANY },
        { frontend: [ANY, 'tcp://*:*'], backend: ANY },
        { frontend: ANY, backend: 'tcp://[::]:*' },
        { frontend: ANY, backend: ANY, capture: { type: 'PUB', bind: 'tcp://*:*' } } as const,
      ])
        await expect(start(sides)).rejects.toMatchObject({ name: 'CurveRequiredError', code: 'ZERA_CURVE_REQUIRED' })
    },
  )

  test.each(Object.keys(STARTS))(
    "%s binds there when its options say that nothing is encrypted, with 'none'",
    async name => {
      const start = STARTS[name] as (typeof STARTS)[string]
      await using device = await start({ frontend: EVERYWHERE, backend: EVERYWHERE, curve: 'none' })

      expect(device.endpoints.frontend[0]).toMatch(/^tcp:\/\/0\.0\.0\.0:\d+$/)
    },
  )

  test.each(DEVICE_CASES.map(({ name }) => name))('is covered: %s', name => {
    expect(Object.keys(STARTS)).toContain(name.replace('least-busy ', ''))
  })

  test('a server and a barrier refuse as well', async () => {
    await using publisher = await openSocket('XPUB')

    await expect(startServer(SHOUT, { frontend: EVERYWHERE, threads: 1 })).rejects.toBeInstanceOf(CurveRequiredError)
    await expect(startBarrier({ publisher, bind: [ANY, EVERYWHERE], subscribers: 1 })).rejects.toBeInstanceOf(
      CurveRequiredError,
    )
  })
})

describe('a device with keys', () => {
  test('lets in the peers on its list, and neither strangers nor peers that do not encrypt', async () => {
    const [server, friend] = [createKeys(), createKeys()]
    await using device = await startStreamer({
      frontend: [EVERYWHERE, 'inproc://beside'],
      backend: EVERYWHERE,
      curve: { keys: server, clients: [friend.publicKey] },
    })
    const at = (keys: CurveKeys | undefined): ReturnType<typeof reach> => reach(device.endpoints.frontend, keys, server)
    await using stranger = await connected('PUSH', at(createKeys()))
    await using plain = await connected('PUSH', at(undefined))
    await using push = await connected('PUSH', at(friend))
    await using beside = await openSocket('PUSH')
    await beside.connect('inproc://beside')
    await using pull = await connected('PULL', reach(device.endpoints.backend, friend, server))

    // Refused sends are not awaited: a socket has no peer then that it could send to.
    for (const socket of [stranger, plain]) socket.send('refused').catch(() => undefined)
    await push.send('friend')
    await beside.send('thread')
    const received = [String(await pull.receive()), String(await pull.receive())]

    expect(new Set(received)).toEqual(new Set(['friend', 'thread']))
    expect((await device.statistics()).authenticated).toBeGreaterThanOrEqual(2)
    await untilAsync('the stranger is turned away', async () => (await device.statistics()).denied > 0)
  })

  test('has lists of its own for each side: a client is no worker', async () => {
    const [server, client, worker] = [createKeys(), createKeys(), createKeys()]
    await using queue = await startQueue({
      frontend: { bind: ANY, curve: { keys: server, clients: [client.publicKey] } },
      backend: { bind: ANY, curve: { keys: server, clients: [worker.publicKey] } },
    })
    await using intruder = await connected('REP', reach(queue.endpoints.backend, client, server))
    await untilAsync('the intruder is turned away', async () => (await queue.statistics()).denied > 0)
    await using rep = await connected('REP', reach(queue.endpoints.backend, worker, server))
    await using req = await connected('REQ', reach(queue.endpoints.frontend, client, server))

    for (let time = 0; time < 4; time++) {
      await req.send('secret')
      expect(String(await rep.receive())).toBe('secret')
      await rep.send('answered')
      expect(String(await req.receive())).toBe('answered')
    }

    expect(intruder.isReady).toBe(false)
  })

  test('a side keeps keys that its socket options have, and what it connects to is encrypted by those of its options', async () => {
    const [server, friend] = [createKeys(), createKeys()]
    await using other = await startStreamer({
      frontend: EVERYWHERE,
      backend: ANY,
      curve: { keys: server, clients: [friend.publicKey] },
    })
    const { endpoint, options } = reach(other.endpoints.frontend, friend, server)
    const own = await secureServer('start', [EVERYWHERE], { keys: friend, clients: [server.publicKey] })
    const first = await startStreamer({
      frontend: { bind: EVERYWHERE, options: own.socketOptions },
      backend: { connect: endpoint, options },
    })
    await using push = await connected('PUSH', reach(first.endpoints.frontend, server, friend))
    await using pull = await connected('PULL', reach(other.endpoints.backend, friend, server))

    await push.send('through both')

    expect(String(await pull.receive())).toBe('through both')
    await first.stop()
    await own.release()
  })

  test('leaves nothing behind when it does not start', async () => {
    const curve = { keys: createKeys(), clients: 'any' } as const
    await using taken = await openSocket('PULL')
    const endpoint = await taken.bind(ANY)

    await expect(startStreamer({ frontend: ANY, backend: endpoint, curve })).rejects.toMatchObject({
      errno: 'EADDRINUSE',
    })
    await expect(
      startStreamer({ frontend: ANY, backend: { bind: ANY, curve: { keys: curve.keys, clients: ['no key'] } }, curve }),
    ).rejects.toBeInstanceOf(RangeError)
    await expect(
      startStreamer({ frontend: ANY, backend: ANY, curve, signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough')
  })

  test('refuses keys that nothing would be encrypted by, and a side that would have to be both ends of the encryption', async () => {
    const curve = { keys: createKeys(), clients: 'any' } as const
    const inside = freshEndpoint('inside')

    await expect(startStreamer({ frontend: { connect: ANY }, backend: inside, curve })).rejects.toBeInstanceOf(
      TypeError,
    )
    await expect(
      startStreamer({ frontend: ANY, backend: { connect: 'tcp://127.0.0.1:9', curve } }),
    ).rejects.toBeInstanceOf(TypeError)
    await expect(
      startStreamer({ frontend: { bind: ANY, connect: 'tcp://127.0.0.1:9' }, backend: ANY, curve }),
    ).rejects.toBeInstanceOf(TypeError)
    await expect(
      startStreamer({
        frontend: { bind: ANY, curve, options: { curveServerKey: curve.keys.publicKey } },
        backend: ANY,
      }),
    ).rejects.toBeInstanceOf(TypeError)
    await expect(
      startStreamer({
        frontend: { bind: EVERYWHERE, options: { curveServer: true, curveSecretKey: curve.keys.secretKey } },
        backend: ANY,
      }),
    ).rejects.toBeInstanceOf(ClientListRequiredError)
  })

  test('a server answers listed peers', async () => {
    const [server, friend] = [createKeys(), createKeys()]
    await using service = await startServer(SHOUT, {
      frontend: EVERYWHERE,
      threads: 1,
      curve: { keys: server, clients: [friend.publicKey] },
    })
    await using req = await connected('REQ', reach(service.endpoints.frontend, friend, server))

    await req.send('hello')

    expect((await req.receive()).map(String)).toEqual(['HELLO', 'server-1'])
  })

  test('a barrier meets listed peers', async () => {
    const [server, friend] = [createKeys(), createKeys()]
    await using publisher = await openSocket('XPUB')
    const endpoint = await publisher.bind(ANY)
    await using barrier = await startBarrier({
      publisher,
      bind: EVERYWHERE,
      subscribers: 1,
      curve: { keys: server, clients: [friend.publicKey] },
    })
    await using subscriber = await openSocket('SUB')
    await subscriber.connect(endpoint)

    await meetAtBarrier(subscriber, {
      barrier: reach(barrier.endpoints, friend, server).endpoint,
      curve: { keys: friend, serverKey: server.publicKey },
    })

    expect(barrier.arrived).toBe(1)
  })

  test('gives the place of authentication back when it has ended', async () => {
    const device: Service = await startStreamer({
      frontend: ANY,
      backend: ANY,
      curve: { keys: createKeys(), clients: 'any' },
    })

    await device.stop()

    await using place = await openSocket('ROUTER')
    await place.bind('inproc://zeromq.zap.01')
  })
})

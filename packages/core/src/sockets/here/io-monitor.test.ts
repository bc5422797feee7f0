import { describe, expect, test } from 'vitest'
import { createKeys } from '../../curve/keys.js'
import { curveClient, secureServer } from '../../curve/server-security.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { until } from '../../fixtures/until.js'
import { startThread } from '../../thread/starter/start-thread.js'
import type { SocketEvent, SocketEventType, SocketMonitor } from '../socket-event.js'
import { openSocket } from './open-socket.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'

async function next<T extends SocketEventType>(
  monitor: SocketMonitor,
  type: T,
): Promise<SocketEvent & { readonly type: T }> {
  for (;;) {
    const event = await monitor.receive({ signal: AbortSignal.timeout(20_000) })
    if (event === undefined) throw new Error(`It ended without ${type}`)
    if (event.type === type) return event as SocketEvent & { readonly type: T }
  }
}

async function rest(monitor: SocketMonitor): Promise<SocketEventType[]> {
  const types: SocketEventType[] = []
  for await (const { type } of monitor) types.push(type)
  return types
}

describe('monitor()', () => {
  test('tells both sides of a connection from its beginning to its end, and ends with the socket', async () => {
    const server = await openSocket('REP')
    const watched = await server.monitor()
    const endpoint = await server.bind(ANY)
    const client = await openSocket('REQ')
    const watching = await client.monitor()
    const beforeMs = Date.now()
    await client.connect(endpoint)

    expect(await next(watching, 'handshake-succeeded')).toMatchObject({ endpoint })
    expect((await next(watched, 'accepted')).atMs).toBeGreaterThanOrEqual(beforeMs - 1)
    await next(watched, 'handshake-succeeded')
    await client.close()
    await next(watched, 'disconnected')
    await server.close()

    expect(await rest(watched)).toEqual(['closed'])
    expect([await watched.receive(), await watching.close(), await watching.receive()]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('tells why a bind or a connect does not come about', async () => {
    await using server = await openSocket('PULL')
    const endpoint = await server.bind(ANY)
    await using other = await openSocket('PULL', { reconnectInterval: 5 })
    const monitor = await other.monitor()

    await expect(other.bind(endpoint)).rejects.toMatchObject({ errno: 'EADDRINUSE' })
    await other.connect('tcp://127.0.0.1:1')

    expect(await next(monitor, 'bind-failed')).toMatchObject({ endpoint, errno: 'EADDRINUSE' })
    await next(monitor, 'connect-delayed')
    expect((await next(monitor, 'connect-retried')).afterMs).toBeGreaterThanOrEqual(0)
  })

  test('tells a client of CURVE that its key is not on the list, that the key of the server is another, and of another mechanism', async () => {
    const [keys, listed, stranger] = [createKeys(), createKeys(), createKeys()]
    const security = await secureServer('listen', [], { keys, clients: [listed.publicKey] })
    const direct = await openSocket('ROUTER', security.directOptions)
    const listening = await openSocket('ROUTER', security.socketOptions)
    const watched = await listening.monitor()
    const endpoints = [await direct.bind(ANY), await security.listen(listening, ANY)]
    const reasonFor = async (endpoint: string, options: object): Promise<object> => {
      await using client = await openSocket('DEALER', { ...options, linger: 0 })
      const monitor = await client.monitor()
      await client.connect(endpoint)
      return (await next(monitor, 'handshake-failed')).reason
    }

    for (const endpoint of endpoints) {
      expect(await reasonFor(endpoint, curveClient({ keys: stranger, serverKey: keys.publicKey }))).toMatchObject({
        kind: 'refused',
        status: 400,
        text: expect.stringContaining('list') as string,
      })
      expect(await reasonFor(endpoint, curveClient({ keys: listed, serverKey: stranger.publicKey }))).toMatchObject({
        kind: 'no-detail',
        text: expect.stringContaining('curveServerKey') as string,
      })
    }
    expect(await reasonFor(endpoints[0] as string, {})).toMatchObject({
      kind: 'protocol',
      code: 'ZMTP_MECHANISM_MISMATCH',
    })
    expect(await next(watched, 'listening')).toMatchObject({ endpoint: endpoints[1] })
    expect(await next(watched, 'accepted')).toMatchObject({
      endpoint: endpoints[1],
      peer: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/) as string,
    })
    expect(await next(watched, 'handshake-failed')).toMatchObject({
      endpoint: endpoints[1],
      peer: expect.stringContaining('127.0.0.1') as string,
      reason: { kind: 'refused', status: 400 },
    })
    expect(await next(watched, 'handshake-failed')).toMatchObject({
      reason: { kind: 'protocol', code: 'ZMTP_CRYPTOGRAPHIC' },
    })

    await Promise.all([direct.close(), listening.close()])
    await security.release()
    expect((await rest(watched)).at(-1)).toBe('closed')
  })

  test('keeps no more than may wait, and counts the rest', async () => {
    await using client = await openSocket('PUSH', { reconnectInterval: 1, linger: 0 })
    await using monitor = await client.monitor({ maxWaiting: 2 })
    await using other = await client.monitor()

    await client.connect('tcp://127.0.0.1:1')
    for (let events = 0; events < 8; events++) await other.receive()
    const first = await monitor.receive()
    await monitor.receive()

    expect(first?.type).toBe('connect-delayed')
    await until(() => monitor.dropped >= 6)
  })

  test.each([{ maxWaiting: 0 }, { maxWaiting: 1.5 }, { maxWaiting: 1e9 }])('refuses %j', async options => {
    await using socket = await openSocket('PUSH')

    await expect(socket.monitor(options)).rejects.toBeInstanceOf(RangeError)
  })

  test('watches in any thread, whose death leaves nothing pending', async () => {
    const thread = await startThread(new URL('../fixtures/threads/watches.js', import.meta.url))

    expect((await thread.pipe.receive())?.value).toBe('listening')
    await thread.kill()

    expect((await thread.down).reason).toBe('killed')
  })
})

import { describe, expect, test } from 'vitest'
import { NoClientListError } from '../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { until } from '../fixtures/until.js'
import { openSocket } from '../sockets/here/open-socket.js'
import { WouldBlockError } from '../sockets/socket-errors.js'
import { startThread } from '../thread/starter/start-thread.js'
import { createKeys } from './keys.js'
import { curveClient, secureServer } from './server-security.js'

expectNoLeaksAfterEach()

describe('secureServer()', () => {
  test.each([
    ['an authenticator answers for its domain', true, {}],
    ['none does', false, {}],
    ['none does, of a domain that is only named', false, { zapDomain: 'nobody' }],
  ] as const)('lets a client in or not, as %s', async (_name, isServed, domain) => {
    const [keys, friend] = [createKeys(), createKeys()]
    const security = await secureServer('start', [], { keys, clients: [friend.publicKey] })
    if (!isServed) await security.release()
    // That domains are enforced is the default.
    const { zapEnforceDomain: _, ...socketOptions } = security.socketOptions
    await using server = await openSocket('PULL', {
      ...socketOptions,
      ...domain,
      receiveTimeout: isServed ? 20_000 : 300,
    })
    await using client = await openSocket('PUSH', {
      ...curveClient({ keys: friend, serverKey: keys.publicKey }),
      linger: 0,
    })
    await client.connect(await server.bind('tcp://127.0.0.1:*'))

    client.send('hello').catch(() => undefined)

    if (isServed) expect(String(await server.receive())).toBe('hello')
    else await expect(server.receive()).rejects.toBeInstanceOf(WouldBlockError)
    if (isServed) await security.release()
  })

  test('lets a client in that was admitted, until it is dismissed as often', async () => {
    const [keys, friend] = [createKeys(), createKeys()]
    const security = await secureServer('start', [], { keys, clients: [] })
    await using server = await openSocket('PULL', { ...security.socketOptions, receiveTimeout: 20_000 })
    const endpoint = await server.bind('tcp://127.0.0.1:*')
    const isLetIn = async (): Promise<boolean> => {
      const { authenticated, denied } = security.counts
      await using client = await openSocket('PUSH', {
        ...curveClient({ keys: friend, serverKey: keys.publicKey }),
        linger: 0,
      })
      await client.connect(endpoint)
      await until(() => security.counts.authenticated + security.counts.denied > authenticated + denied)
      return security.counts.authenticated > authenticated
    }

    const before = await isLetIn()
    const [first, second] = [security.admit(friend.publicKey), security.admit(friend.publicKey)]
    const twice = await isLetIn()
    first()
    first()
    const once = await isLetIn()
    second()
    const after = await isLetIn()

    expect({ before, twice, once, after }).toEqual({ before: false, twice: true, once: true, after: false })
    await server.close()
    await security.release()
  })

  test.each([undefined, 'none'] as const)('has no list to replace when curve is %s', async curve => {
    const security = await secureServer('start', ['tcp://127.0.0.1:5555'], curve)

    expect(() => security.setClients('any')).toThrow(NoClientListError)
    await security.release()
  })

  test('is refused in a second thread of the process, until the first has let go', async () => {
    const security = await secureServer('start', [], { keys: createKeys(), clients: 'any' })
    const url = new URL('../fixtures/threads/sockets/secures-server.js', import.meta.url)
    const answerOf = async (): Promise<unknown> => {
      await using thread = await startThread(url)
      return (await thread.pipe.receive())?.value
    }

    expect(await answerOf()).toBe('ZERA_AUTHENTICATION')
    await security.release()
    expect(await answerOf()).toBe('secured')
  })
})

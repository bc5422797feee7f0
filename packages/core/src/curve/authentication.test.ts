import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { until } from '../fixtures/until.js'
import { openSocket } from '../sockets/here/open-socket.js'
import type { SocketOptions } from '../sockets/options/socket-options.js'
import type { Sockets } from '../sockets/socket.js'
import { Authenticator, verdictOf, type AuthenticationRequest, type AuthenticationVerdict } from './authenticate.js'
import { startAuthentication } from './authentication.js'
import { createKeys } from './keys.js'
import { curveClient, secureServer } from './server-security.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const PLAIN: AuthenticationRequest = {
  mechanism: 'PLAIN',
  username: 'anna',
  password: 'secret',
  address: '127.0.0.1',
  domain: 'd',
  identity: Buffer.alloc(0),
}

async function connected(endpoint: string, options: SocketOptions['DEALER']): Promise<Sockets['DEALER']> {
  const client = await openSocket('DEALER', { linger: 0, ...options })
  await client.connect(endpoint)
  return client
}

/** Why a client does not get in, by its status. */
async function refusalOf(endpoint: string, options: SocketOptions['DEALER']): Promise<number | string> {
  await using client = await openSocket('DEALER', { linger: 0, ...options })
  const monitor = await client.monitor()
  await client.connect(endpoint)
  for await (const event of monitor) {
    if (event.type === 'handshake-failed')
      return event.reason.kind === 'refused' ? event.reason.status : event.reason.kind
    if (event.type === 'handshake-succeeded') return 'none'
  }
  return 'ended'
}

describe('startAuthentication()', () => {
  test('asks about names and passwords, keys, and addresses, and lets in the clients that the function allows', async () => {
    const asked: AuthenticationRequest[] = []
    const authentication = await startAuthentication({
      authenticate: async request => {
        await Promise.resolve()
        asked.push(request)
        return request.mechanism !== 'PLAIN' || (request.username === 'anna' && request.password === 'secret')
      },
    })
    const [keys, client] = [createKeys(), createKeys()]
    const plain = await openSocket('ROUTER', { plainServer: true, ...authentication.socketOptions })
    const curve = await openSocket('ROUTER', {
      curveServer: true,
      curveSecretKey: keys.secretKey,
      ...authentication.socketOptions,
    })
    const open = await openSocket('ROUTER', authentication.socketOptions)
    const endpoints = await Promise.all([plain, curve, open].map(socket => socket.bind(ANY)))
    const clients = [
      await connected(endpoints[0] as string, {
        plainUsername: 'anna',
        plainPassword: 'secret',
        routingId: Uint8Array.of(1, 0, 255),
      }),
      await connected(endpoints[1] as string, curveClient({ keys: client, serverKey: keys.publicKey })),
      await connected(endpoints[2] as string, {}),
    ]

    for (const each of clients) await each.send('hello')
    expect((await plain.receive())[0]).toEqual(Buffer.of(1, 0, 255))
    for (const socket of [curve, open]) expect(String((await socket.receive())[1])).toBe('hello')
    expect(await refusalOf(endpoints[0] as string, { plainUsername: 'anna', plainPassword: 'guess' })).toBe(400)
    const { zapDomain: domain } = authentication.socketOptions
    const common = { address: '127.0.0.1', domain, identity: Buffer.alloc(0) }
    const guess = { ...common, mechanism: 'PLAIN', username: 'anna', password: 'guess' }
    const right = [
      { ...guess, password: 'secret' },
      { ...common, mechanism: 'CURVE', publicKey: client.publicKey },
      { ...common, mechanism: 'NULL' },
    ]
    expect(asked.filter(request => request.mechanism !== 'PLAIN' || request.password !== 'guess')).toEqual(
      expect.arrayContaining(right),
    )
    expect(asked.find(request => request.mechanism === 'PLAIN' && request.password === 'guess')).toEqual(guess)
    expect(authentication.counts.authenticated).toBe(3)
    expect(authentication.counts.denied).toBeGreaterThan(0)

    for (const socket of [...clients, plain, curve, open]) await socket.close()
    await authentication.close()
  })

  test('one that takes its time holds up no other, at what listens, either, where it sees the address of the client', async () => {
    const [keys, slow, quick, stranger] = [createKeys(), createKeys(), createKeys(), createKeys()]
    const asked: AuthenticationRequest[] = []
    let letIn: (verdict: AuthenticationVerdict) => void = () => undefined
    const security = await secureServer('listen', [], {
      keys,
      clients: [slow.publicKey, quick.publicKey],
      authentication: {
        authenticate: request => {
          asked.push(request)
          return request.mechanism === 'CURVE' && request.publicKey === slow.publicKey
            ? new Promise(resolve => (letIn = resolve))
            : { allow: true, userId: 'quick', metadata: { 'X-Team': 'blue' } }
        },
      },
    })
    const server = await openSocket('ROUTER', security.socketOptions)
    const endpoint = await security.listen(server, ANY)
    const as = (own: typeof slow): object => curveClient({ keys: own, serverKey: keys.publicKey })
    const waiting = await connected(endpoint, as(slow))
    await waiting.send('late')
    await until(() => asked.length === 1)

    const client = await connected(endpoint, as(quick))
    await client.send('early')

    const [routingId, text] = (await server.receive()) as [Buffer, Buffer]
    expect(String(text)).toBe('early')
    expect(security.peerOf(routingId)).toEqual({
      address: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/) as string,
      publicKey: quick.publicKey,
      userId: 'quick',
    })
    expect(security.peerOf('connection-0')).toBeUndefined()
    expect(await refusalOf(endpoint, as(stranger))).toBe(400)
    letIn(true)
    expect(String((await server.receive())[1])).toBe('late')
    expect(asked.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1'])
    security.setClients([quick.publicKey])
    await until(() => security.counts.connections.cut.dismissed === 1)

    for (const socket of [waiting, client, server]) await socket.close()
    await security.release()
  })
})

describe('Authentication.listen()', () => {
  test('lets in a client with the password, knows whose a routing id is, and what is refused learns it', async () => {
    const authentication = await startAuthentication({
      authenticate: request =>
        request.mechanism === 'PLAIN' &&
        request.password === 'secret' && { allow: true, userId: `user ${request.username}` },
    })
    const server = await openSocket('ROUTER', { plainServer: true, ...authentication.socketOptions })
    const endpoint = await authentication.listen(server, ANY)
    const client = await connected(endpoint, {
      plainUsername: 'anna',
      plainPassword: 'secret',
      routingId: 'connection-1',
    })
    await client.send('hello')

    const [routingId, text] = (await server.receive()) as [Buffer, Buffer]

    expect([String(text), authentication.peerOf(routingId)?.userId]).toEqual(['hello', 'user anna'])
    await server.send([routingId, 'back'])
    expect(String(await client.receive())).toBe('back')
    expect(await refusalOf(endpoint, { plainUsername: 'anna', plainPassword: 'guess' })).toBe(400)
    expect(await refusalOf(endpoint, {})).not.toBe('none')
    for (const socket of [client, server]) await socket.close()
    await authentication.close()
  })
})

describe('Authenticator', () => {
  const metadata = {}

  test.each<[AuthenticationVerdict, object]>([
    [true, { status: 200, userId: 'anna', metadata }],
    [false, { status: 400, text: 'Not allowed' }],
    [
      { allow: true, userId: 'a', metadata: { Team: 'red' } },
      { status: 200, userId: 'a', metadata: { Team: 'red' } },
    ],
    [
      { allow: false, status: 300, text: 'Later' },
      { status: 300, text: 'Later' },
    ],
  ])('takes %j', async (verdict, said) => {
    expect(await new Authenticator({ authenticate: () => verdict }).decide(PLAIN)).toEqual(said)
  })

  test.each([
    undefined,
    null,
    'yes',
    { allow: 1 },
    { allow: false, status: 404 },
    { allow: true, userId: 'x'.repeat(256) },
    { allow: true, metadata: { 'no spaces': '' } },
  ])('takes %j for no verdict', verdict => {
    expect(() => verdictOf(verdict as AuthenticationVerdict, 'anna')).toThrow(TypeError)
  })

  test('refuses what takes too long, what is too much, and what fails, and goes on', async () => {
    const failures: unknown[] = []
    const signals: AbortSignal[] = []
    const authenticator = new Authenticator({
      deadlineMs: 20,
      maxUnderWay: 1,
      onFailure: error => failures.push(error),
      authenticate: (request, { signal }) => {
        signals.push(signal)
        if (request.address === 'fails') throw new RangeError('no')
        return new Promise(() => undefined)
      },
    })

    const [late, tooMuch] = await Promise.all([authenticator.decide(PLAIN), authenticator.decide(PLAIN)])
    const failed = await authenticator.decide({ ...PLAIN, address: 'fails' })

    expect([late, tooMuch, failed].map(({ status }) => status)).toEqual([300, 300, 500])
    expect(failures).toEqual([expect.any(RangeError)])
    expect(signals[0]?.aborted).toBe(true)
  })

  test('runs in the async context in which it was given', async () => {
    const storage = new AsyncLocalStorage<string>()
    const authenticator = storage.run(
      'own',
      () => new Authenticator({ authenticate: () => ({ allow: true, userId: storage.getStore() ?? 'none' }) }),
    )

    expect(await storage.run('foreign', () => authenticator.decide(PLAIN))).toMatchObject({ userId: 'own' })
  })

  test.each([{ authenticate: 1 }, { deadlineMs: 0 }, { deadlineMs: Number.NaN }, { maxUnderWay: 0 }])(
    'refuses %j',
    options => {
      expect(() => new Authenticator({ authenticate: () => true, ...options } as never)).toThrow(/^Cannot/)
    },
  )
})

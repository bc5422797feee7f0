import { createKeys, openSocket, secureServer, type CurveKeys, type ServerSecurity, type Sockets } from '@zera/core'
import { remoteTerms, type Endpoint, type RemoteSecurity, type RemoteTerms } from '@zera/core/internal'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import lodger from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { HandMadeSession } from '../fixtures/nodes/hand-made-session.js'
import { handshakeOf } from '../fixtures/nodes/handshake.js'
import { startSystem } from '../index.js'
import { FIRST_REMOTE_HOST } from '../platform/transport.js'
import { LentDoor } from './lender/lent-door.js'
import { NodeServer } from './lender/node-server.js'

expectNoLeaksAfterAll()

const [THREAD, LINK] = [FIRST_REMOTE_HOST + 1, 7]
const node = createKeys()
const system = createKeys()

// What answers for all keys of this process stays, since its place is not free at once when it goes.
let keeper: ServerSecurity
beforeAll(async () => {
  keeper = await secureServer('stay', [], { keys: node, clients: [] })
})
afterAll(() => keeper.release())

let security: ServerSecurity
let server: NodeServer
let lines: string[]
beforeEach(async () => {
  lines = []
  security = await secureServer('serve', ['tcp://127.0.0.1:*'], { keys: node, clients: [system.publicKey] })
  server = await NodeServer.start({
    endpoint: 'tcp://127.0.0.1:*',
    root: 'file:///',
    maxThreads: 2,
    security,
    log: line => lines.push(line),
  })
})
afterEach(async () => {
  await server.stop()
  await security.release()
})

const withKeys = ({ publicKey, secretKey }: CurveKeys, serverKey: string): RemoteSecurity => ({
  curvePublicKey: publicKey,
  curveSecretKey: secretKey,
  curveServerKey: serverKey,
})

/** A link to a thread of the node, as far as it has come. */
interface HandMadeLink {
  readonly session: HandMadeSession
  readonly terms: RemoteTerms
  readonly keys: CurveKeys
  /** How the key of the link gets in. */
  readonly security: RemoteSecurity
}

/** Has a thread started, and a key of ours admitted for a link with it. */
async function admitted(session: HandMadeSession): Promise<HandMadeLink> {
  const { endpoint, doorKey } = await session.startThread(THREAD)
  const [bind, terms] = remoteTerms('link', LINK, endpoint as Endpoint, doorKey)
  const keys = createKeys()
  session.say({ kind: 'signal', thread: THREAD, signal: 'linked', data: { peer: 0 }, terms: bind })
  session.say({ kind: 'admit', thread: THREAD, link: LINK, publicKey: keys.publicKey })
  await session.heard(({ reports }) => reports.some(report => report.kind === 'signal' && report.signal === 'admitted'))
  return { session, terms, keys, security: withKeys(keys, doorKey as string) }
}

const open = (): Promise<HandMadeSession> => HandMadeSession.open(server.endpoint, withKeys(system, node.publicKey))

async function plugIn({ terms, security: options }: HandMadeLink): Promise<Sockets['DEALER']> {
  const socket = await openSocket('DEALER', { ...options, linger: 0, routingId: terms.token })
  await socket.connect(terms.endpoint)
  return socket
}

describe('a key that is admitted for a link', () => {
  test('opens that link, and no session', async () => {
    await using session = await open()
    const link = await admitted(session)

    await using socket = await plugIn(link)
    await socket.send('[1,0,[],[]]')

    expect(String((await socket.receive())[0])).toMatch(/^\[\d+,1,/)
    expect(await handshakeOf(server.endpoint, withKeys(link.keys, node.publicKey), 'another session')).toBe('denied')
    expect(security.counts.denied).toBe(1)
  })

  test.each<[string, (session: HandMadeSession) => Promise<unknown>]>([
    [
      'the link has ended',
      async session => {
        session.say({ kind: 'dismiss', thread: THREAD, link: LINK })
        session.say({ kind: 'admit', thread: THREAD, link: LINK + 1, publicKey: createKeys().publicKey })
        await session.heard(
          ({ reports }) =>
            reports.filter(report => report.kind === 'signal' && report.signal === 'admitted').length === 2,
        )
      },
    ],
    [
      'the thread was killed',
      async session => {
        session.say({ kind: 'kill', thread: THREAD })
        await session.heard(({ reports }) => reports.some(({ kind }) => kind === 'down'))
      },
    ],
    [
      'the session was closed',
      async session => {
        session.say({ kind: 'close' })
        await session.heard(({ reports }) => reports.some(({ kind }) => kind === 'closed'))
      },
    ],
    ['another session has taken its place', async () => (await open())[Symbol.asyncDispose]()],
  ])('gets in nowhere when %s', async (_when, end) => {
    await using session = await open()
    const link = await admitted(session)
    expect(await handshakeOf(link.terms.endpoint, link.security, link.terms.token)).toBe('accepted')

    await end(session)

    // The door may have gone as well.
    expect(await handshakeOf(link.terms.endpoint, link.security, link.terms.token)).not.toBe('accepted')
    expect(await handshakeOf(server.endpoint, withKeys(link.keys, node.publicKey), 'another session')).toBe('denied')
  })
})

describe('the door of a thread', () => {
  test.each<[string, (link: HandMadeLink) => RemoteSecurity, 'denied' | 'ended']>([
    [
      'the key of the system, which is on the list of the node',
      link => withKeys(system, link.security.curveServerKey as string),
      'denied',
    ],
    ['the key of the node itself', link => withKeys(node, link.security.curveServerKey as string), 'denied'],
    [
      'a stranger with the token of a link',
      link => withKeys(createKeys(), link.security.curveServerKey as string),
      'denied',
    ],
    ['a side that takes it for the node', link => withKeys(link.keys, node.publicKey), 'ended'],
    ['a side that does not encrypt', () => ({}), 'ended'],
  ])('does not let in %s', async (_who, securityOf, outcome) => {
    await using session = await open()
    const link = await admitted(session)

    expect(await handshakeOf(link.terms.endpoint, securityOf(link), link.terms.token)).toBe(outcome)
    expect(await handshakeOf(link.terms.endpoint, link.security, link.terms.token)).toBe('accepted')
  })

  test('has a key of its own, and so has the next thread', async () => {
    await using session = await open()
    const keys = [await session.startThread(THREAD), await session.startThread(THREAD + 1)].map(
      ({ doorKey }) => doorKey,
    )

    expect(new Set([...keys, node.publicKey, undefined]).size).toBe(4)
  })
})

describe('what no link sends', () => {
  test('ends the session of the system that has sent it, counted and logged, and nothing else', async () => {
    await using session = await open()
    await using socket = await plugIn(await admitted(session))

    await socket.send('[1,0,[],[0,[1,2,3]]]')
    const { ended } = await session.heard(({ bares }) => bares.find(bare => bare.ended !== undefined))

    expect(ended).toContain('cannot be read')
    expect(server.counts).toMatchObject({ sessions: 1, faults: 1 })
    expect(lines).toHaveLength(1)
    await using next = await open()
    await using again = await plugIn(await admitted(next))
    await again.send('[1,0,[],[]]')
    expect(String((await again.receive())[0])).toMatch(/^\[\d+,1,/)
  })

  test('is dropped when a stranger sends it to a door without keys', async () => {
    await using plain = await openDoor()
    await using stranger = await openSocket('DEALER', { linger: 0, routingId: 'x'.repeat(200) })
    await stranger.connect(plain.endpoint)
    await using guest = await openSocket('DEALER', { linger: 0, routingId: plain.terms.token })
    await guest.connect(plain.endpoint)

    for (let sent = 0; sent < 100; sent++) await stranger.send(['[1,0,[],[]]', 'rhubarb'])
    await guest.send('[1,0,[],[]]')

    expect(String((await guest.receive())[0])).toMatch(/^\[\d+,1,/)
  })
})

/** A thread of a node without keys, which gets the order for a link. */
async function openDoor(): Promise<{ endpoint: string; terms: RemoteTerms } & AsyncDisposable> {
  const plain = await NodeServer.start({
    endpoint: 'tcp://127.0.0.1:*',
    root: 'file:///',
    maxThreads: 2,
    security: { socketOptions: {} },
  })
  const session = await HandMadeSession.open(plain.endpoint, {})
  const { endpoint, doorKey } = await session.startThread(THREAD)
  expect(doorKey).toBeUndefined()
  const [bind, terms] = remoteTerms('link', LINK, endpoint as Endpoint, doorKey)
  session.say({ kind: 'signal', thread: THREAD, signal: 'linked', data: { peer: 0 }, terms: bind })
  return {
    endpoint,
    terms,
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]()
      await plain.stop()
    },
  }
}

test('a system has each key that it had admitted dismissed when its link ends, whichever side ends', async () => {
  const [admit, dismiss, release] = [
    vi.spyOn(LentDoor.prototype, 'admit'),
    vi.spyOn(LentDoor.prototype, 'dismiss'),
    vi.spyOn(LentDoor.prototype, 'release'),
  ]
  const run = await startSystem({
    threads: 0,
    handleSignals: false,
    startMs: 60_000,
    root: 'file:///',
    nodes: [{ name: 'a', threads: 2, endpoint: server.endpoint, curve: { keys: system, serverKey: node.publicKey } }],
  })
  const [one, other] = [
    await run.spawn(lodger, { placement: 'any-node' }),
    await run.spawn(lodger, { placement: 'any-node' }),
  ]
  const local = await run.spawn(lodger, { placement: 'own-thread' })
  await one.ask.askOther(other)
  await local.ask.askOther(one)
  const links = admit.mock.calls.map(([link]) => link)

  await run.stop(local)
  await eventually(() => expect(dismiss).toHaveBeenCalledTimes(1))
  await run.stop()

  expect(new Set(links).size).toBe(4)
  expect(links).toContain(dismiss.mock.calls[0]?.[0])
  expect(new Set(release.mock.contexts)).toEqual(new Set(admit.mock.contexts))
  for (const spy of [admit, dismiss, release]) spy.mockRestore()
})

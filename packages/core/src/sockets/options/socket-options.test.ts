import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { AuthenticatorRequiredError, ClientListRequiredError, SocketError } from '../../base/errors/errors.js'
import { createKeys } from '../../curve/keys.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { SOCKET_TRAITS, type SocketType } from '../../native/socket-type.js'
import { plugged } from '../fixtures/plugged.js'
import { openSocket } from '../here/open-socket.js'
import type { Sockets } from '../socket.js'
import { checkOptions, type SocketOptions } from './socket-options.js'

expectNoLeaksAfterEach()

const EVERY_OPTION: Record<string, unknown> = {
  linger: 0,
  maxMessageSize: 1000,
  reconnectInterval: 10,
  reconnectMaxInterval: 100,
  connectTimeout: 1000,
  handshakeInterval: 1000,
  heartbeatInterval: 1000,
  heartbeatTimeout: 2000,
  backlog: 10,
  immediate: true,
  ipv6: true,
  tcpKeepalive: 1,
  curveServer: false,
  zapDomain: 'domain',
  zapEnforceDomain: true,
  sendHighWaterMark: 10,
  sendTimeout: 0,
  sendBufferSize: 1000,
  receiveHighWaterMark: 10,
  receiveTimeout: 0,
  receiveBufferSize: 1000,
  routingId: 'me',
  correlate: true,
  relaxed: true,
  mandatory: false,
  handover: true,
  conflate: true,
  noDrop: true,
  manual: true,
  welcomeMessage: Buffer.of(0, 255),
  notify: false,
  heartbeatTimeToLive: 3000,
  affinity: 1,
  tcpKeepaliveCount: 3,
  tcpKeepaliveIdle: 60,
  tcpKeepaliveInterval: 10,
  typeOfService: 8,
  tcpMaxRetransmitTimeout: 1000,
  plainServer: false,
  plainUsername: 'me',
  plainPassword: 'secret',
  probeRouter: false,
  invertMatching: true,
  verbosity: 'allSubs',
}

const SECRET = createKeys().secretKey

/** The options of a type, as its refusal of an unknown one names them. */
function optionsOf(type: SocketType): string[] {
  try {
    checkOptions(type, { none: 1 } as SocketOptions[SocketType])
  } catch (error) {
    return (error as Error).message.split('the options are ').at(-1)?.split(', ') ?? []
  }
  return []
}

describe('openSocket()', () => {
  test.each(Object.keys(SOCKET_TRAITS) as SocketType[])('opens a %s with each option that it has', async type => {
    const names = optionsOf(type).filter(name => name in EVERY_OPTION)

    await using socket = await openSocket(type, Object.fromEntries(names.map(name => [name, EVERY_OPTION[name]])))

    expect([socket.type, names.length > 10]).toEqual([type, true])
  })

  test('sets options before the socket is plugged in, so that they hold for its connections', async () => {
    await using pair = await plugged('ROUTER', 'DEALER', { connectedOptions: { routingId: 'by this name' } })

    await pair.right.send('hello')

    expect(String((await pair.left.receive())[0])).toBe('by this name')
  })
})

describe('binary routing ids', () => {
  const BYTES = Buffer.of(1, 0, 255)

  test('go out and come in as bytes, and a ROUTER may give its peer one', async () => {
    await using pair = await plugged('ROUTER', 'DEALER', { connectedOptions: { routingId: new Uint8Array(BYTES) } })
    await pair.right.send('hello')
    const [routingId] = await pair.left.receive()
    await pair.left.send([routingId as Buffer, 'back'])

    expect([routingId, String(await pair.right.receive())]).toEqual([BYTES, 'back'])

    await using dealer = await openSocket('DEALER')
    const endpoint = await dealer.bind('tcp://127.0.0.1:*')
    await using router = await openSocket('ROUTER', { linger: 0 })
    await router.connect(endpoint, { routingId: BYTES })
    await expect(router.connect(endpoint, { routingId: BYTES })).rejects.toBeInstanceOf(SocketError)
    await router.send([BYTES, 'named'])
    expect(String(await dealer.receive())).toBe('named')
    await dealer.send('answer')
    expect(await router.receive()).toEqual([BYTES, Buffer.from('answer')])
    await router.bind('tcp://127.0.0.1:*')
    await expect(router.connect(endpoint, { routingId: 'another' })).rejects.toBeInstanceOf(SocketError)
  })

  test('are refused where they are none', async () => {
    await using router = await openSocket('ROUTER')
    await using dealer = await openSocket('DEALER')
    const named: Sockets['ROUTER'] = dealer

    for (const routingId of ['', 'x'.repeat(256), Uint8Array.of(0, 1)])
      await expect(router.connect('tcp://127.0.0.1:9', { routingId })).rejects.toBeInstanceOf(RangeError)
    await expect(named.connect('tcp://127.0.0.1:9', { routingId: 'a' })).rejects.toBeInstanceOf(TypeError)
    for (const routingId of ['', Buffer.alloc(256, 1), Uint8Array.of(0)])
      expect(() => checkOptions('DEALER', { routingId })).toThrow(RangeError)
  })
})

/** Names of zeromq.js' options, of its own text: of the context, or of sockets. */
async function namesOfZeroMq(isOfContext: boolean): Promise<string[]> {
  const text = (await readFile(createRequire(import.meta.url).resolve('zeromq'), 'utf8')).replaceAll(
    /\/\*[\s\S]*?\*\//g,
    '',
  )
  const found = [...text.matchAll(/^ *defineOpt\((.+?), "(\w+)",/gm)].filter(
    ([, targets]) => (targets === '[native_2.Context]') === isOfContext,
  )
  return [...new Set(found.map(([, , name]) => name as string))]
}

test('each option of zeromq.js is offered, or left out for a reason that the README names', async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8')
  const [, section = ''] = /\n## Options of zeromq\.js\n([\s\S]*?)\n## /.exec(readme) ?? []
  const leftOut = section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(row => [...(row.split('|')[1] as string).matchAll(/`(\w+)`/g)].map(([, name]) => name as string))
  const offered = new Set((Object.keys(SOCKET_TRAITS) as SocketType[]).flatMap(optionsOf))
  const names = await namesOfZeroMq(false)

  expect(names.length).toBeGreaterThan(60)
  expect(names.filter(name => !offered.has(name)).toSorted()).toEqual(leftOut.toSorted())
  expect((await namesOfZeroMq(true)).filter(name => !section.includes(`\`${name}\``))).toEqual([])
})

describe('checkOptions()', () => {
  test.each<[string, object, abstract new (...args: never[]) => Error]>([
    ['an option that the type does not have', { sendTimeout: 1 }, TypeError],
    ['an option that no type has', { colour: 'red' }, TypeError],
    ['a name from the prototype of objects', { toString: 1 }, TypeError],
    ['text for a number', { linger: '1' }, TypeError],
    ['a fraction', { linger: 0.5 }, TypeError],
    ['NaN', { linger: Number.NaN }, TypeError],
    ['a number for a flag', { immediate: 1 }, TypeError],
    ['a number for text', { zapDomain: 1 }, TypeError],
    ['less than -1', { linger: -2 }, RangeError],
    ['more than 32 bits', { linger: 2 ** 31 }, RangeError],
    ['a CURVE server without an authenticator', { curveServer: true, curveSecretKey: SECRET }, ClientListRequiredError],
    [
      'one whose domain is empty',
      { curveServer: true, curveSecretKey: SECRET, zapDomain: '' },
      ClientListRequiredError,
    ],
    [
      'one that lets every client in while no authenticator answers',
      { curveServer: true, curveSecretKey: SECRET, zapDomain: 'domain', zapEnforceDomain: false },
      ClientListRequiredError,
    ],
    [
      'a domain without encryption that is not enforced',
      { zapDomain: 'domain', zapEnforceDomain: false },
      ClientListRequiredError,
    ],
    ['a PLAIN server without an authenticator', { plainServer: true }, AuthenticatorRequiredError],
    ['a name without a password', { plainUsername: 'me' }, TypeError],
    ['a password that is too long', { plainUsername: 'me', plainPassword: 'x'.repeat(256) }, RangeError],
    ['two mechanisms', { plainUsername: 'me', plainPassword: 'x', curveServerKey: 'k' }, TypeError],
    ['more than a byte', { typeOfService: 256 }, RangeError],
    ['a time that the operating system refuses', { tcpKeepaliveIdle: 0 }, RangeError],
    ['a domain that ZeroMQ cannot name', { zapDomain: 'x'.repeat(240) }, RangeError],
    ['a server of encryption without a secret key', { curveServer: true, zapDomain: 'domain' }, TypeError],
  ])('refuses %s', (_name, options, errorClass) => {
    expect(() => checkOptions('SUB', options)).toThrow(errorClass)
  })

  test('has a domain enforced', () => {
    expect(
      checkOptions('ROUTER', { curveServer: true, curveSecretKey: SECRET, zapDomain: 'domain' }).native,
    ).toMatchObject({ zapEnforceDomain: true })
  })

  test('takes an option that is undefined for one that was not given', () => {
    const { native } = checkOptions('PUSH', { linger: undefined })

    expect(native).toEqual({ linger: 1000 })
  })

  test('leaves the time-out of receives to the thread that receives', () => {
    const { native, receiveTimeoutMs } = checkOptions('PULL', { receiveTimeout: 50 })

    expect([native, receiveTimeoutMs]).toEqual([{ linger: 1000 }, 50])
  })

  test('makes ROUTER say when a peer is not there', () => {
    expect(checkOptions('ROUTER', {}).native).toMatchObject({ mandatory: true })
  })
})

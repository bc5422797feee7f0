import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rmdir } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { createKeys } from '../../../curve/keys.js'
import { curveClient } from '../../../curve/server-security.js'
import { expectNoLeaksAfterEach } from '../../../fixtures/leaks.js'
import { openSocket } from '../../here/open-socket.js'
import type { Sockets } from '../../socket.js'
import { Listener } from './fixtures/listener.js'
import { frameHeader, greeting, RawClient, zmtpFrame } from './fixtures/raw-client.js'

expectNoLeaksAfterEach()

const MIB = 1024 * 1024
/** What a process may grow by for other reasons than what is kept for clients. */
const SLACK_BYTES = 96 * MIB
const raws: RawClient[] = []

afterEach(() => {
  for (const client of raws.splice(0)) client.close()
})

function raw(endpoint: string): RawClient {
  const client = new RawClient(endpoint)
  raws.push(client)
  return client
}

async function friendOf(
  endpoint: string,
  options: Parameters<typeof openSocket<'DEALER'>>[1] = {},
): Promise<Sockets['DEALER']> {
  const friend = await openSocket('DEALER', { linger: 0, ...options })
  await friend.connect(endpoint)
  return friend
}

async function echo(friend: Sockets['DEALER'], text: string): Promise<string> {
  await friend.send(['', text])
  return String((await friend.receive())[1])
}

describe('without encryption', () => {
  test('a frame that declares more than it may ends its connection before it is read', async () => {
    await using listener = await Listener.start()
    await using friend = await friendOf(listener.endpoint)
    expect(await echo(friend, 'before')).toBe('before')

    const attackers = Array.from({ length: 20 }, () =>
      raw(listener.endpoint)
        .shakeHands()
        .say(frameHeader(0, 2 ** 40)),
    )
    await Promise.all(attackers.map(({ closed }) => closed))

    expect(await echo(friend, 'after')).toBe('after')
    expect(
      (await listener.until(({ connections }) => connections.accepted === 21 && connections.open === 1)).connections.cut
        .oversize,
    ).toBe(20)
  })

  test.each([
    ['small', 10],
    ['large', 100_000],
  ])('a message of %s frames without an end ends its connection, and leaves no memory', async (_name, bytes) => {
    await using listener = await Listener.start({ limits: { maxHeldBytes: 32 * MIB, maxMessageBytes: 16 * MIB } })
    await using friend = await friendOf(listener.endpoint)
    const { rssBytes } = await listener.ask()

    const frame = zmtpFrame(1, Buffer.alloc(bytes, 'x'))
    const flood = Buffer.concat(Array.from({ length: Math.ceil(MIB / bytes) }, () => frame))
    await Promise.all(Array.from({ length: 10 }, () => raw(listener.endpoint).shakeHands().sayForEver(flood)))

    expect(await echo(friend, 'after')).toBe('after')
    const after = await listener.until(({ connections }) => connections.accepted === 11 && connections.open === 1)
    // As many as are too much together are ended before their messages are too much; and ZeroMQ itself ends some that say so much before it has greeted.
    expect(after.connections.cut.oversize + after.connections.cut.unfinished + after.connections.cut.refused).toBe(10)
    expect(after.rssBytes - rssBytes).toBeLessThan(SLACK_BYTES + 64 * MIB)
  })

  test('messages that the server does not receive stop being read, and are all received later', async () => {
    await using listener = await Listener.start({
      isAsleep: true,
      limits: { maxHeldBytes: 8 * MIB, maxMessageBytes: MIB },
    })
    const { rssBytes } = await listener.ask()
    const attackers = Array.from({ length: 8 }, () => raw(listener.endpoint).shakeHands())
    const message = zmtpFrame(0, Buffer.alloc(MIB / 2, 'x'))
    for (const attacker of attackers) for (let i = 0; i < 40; i++) attacker.say(message)
    const full = await listener.untilQuiet()

    await listener.ask('wake')
    const after = await listener.until(({ received }) => received === 320)

    expect(full.rssBytes - rssBytes).toBeLessThan(SLACK_BYTES)
    expect(after.connections.cut.unfinished).toBe(0)
  })

  test('a client that says more than a message may have frames is not ended, while the server receives them', async () => {
    await using listener = await Listener.start({ receiveHighWaterMark: 4 })
    await using friend = await friendOf(listener.endpoint)

    await Promise.all(Array.from({ length: 5000 }, () => friend.send(['', 'x'])))

    expect((await listener.until(({ received }) => received === 5000)).connections.cut.unfinished).toBe(0)
  })

  test('many messages without an end are ended when all together are too much', async () => {
    await using listener = await Listener.start({ limits: { maxHeldBytes: 16 * MIB, maxMessageBytes: 8 * MIB } })
    await using friend = await friendOf(listener.endpoint)
    for (let i = 0; i < 10; i++)
      raw(listener.endpoint)
        .shakeHands()
        .say(Buffer.concat(Array.from({ length: 7 }, () => zmtpFrame(1, Buffer.alloc(MIB - 100)))))

    await listener.until(({ connections }) => connections.cut.unfinished > 0)

    expect(await echo(friend, 'after')).toBe('after')
  })

  test('a second connection of a routing id is another one, and does not hear what goes to the first', async () => {
    await using listener = await Listener.start()
    await using friend = await friendOf(listener.endpoint, { routingId: 'friend' })
    expect(await echo(friend, 'before')).toBe('before')

    await using other = await friendOf(listener.endpoint, { routingId: 'friend' })
    const answers = await Promise.all([echo(friend, '0'), echo(other, '1')])

    expect(answers).toEqual(['0', '1'])
    expect([await echo(other, 'there'), await echo(friend, 'after')]).toEqual(['there', 'after'])
    expect((await listener.ask()).connections.cut.duplicate).toBe(0)
  })

  test.each([
    // ZeroMQ makes up such ids for peers without one, and ends the process when one is taken.
    ['ZeroMQ may make up', '\0kDEF'],
    ['is too long', 'x'.repeat(256)],
  ])('a routing id that %s ends its connection', async (_name, Identity) => {
    await using listener = await Listener.start()

    await raw(listener.endpoint).shakeHands({ Identity }).closed
    await using friend = await friendOf(listener.endpoint)

    expect(await echo(friend, 'after')).toBe('after')
    expect((await listener.until(({ connections }) => connections.accepted === 2)).connections.cut.malformed).toBe(1)
  })

  test.each([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an older version', Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 0])],
    ['another mechanism', greeting('CURVE')],
  ])('%s ends its connection', async (_name, bytes) => {
    await using listener = await Listener.start()

    await raw(listener.endpoint).say(bytes).closed

    expect(
      (await listener.until(({ connections }) => connections.accepted === 1 && connections.open === 0)).connections.cut
        .malformed,
    ).toBe(1)
  })

  test('who greets byte by byte, or not at all, is ended in time', async () => {
    await using listener = await Listener.start({ limits: { handshakeMs: 300 } })
    const slow = raw(listener.endpoint)
    const dripping = setInterval(
      () => slow.say(greeting('NULL').subarray(slow.socket.bytesWritten, slow.socket.bytesWritten + 1)),
      20,
    )

    await Promise.all([slow.closed, raw(listener.endpoint).closed])
    clearInterval(dripping)

    expect(
      (await listener.until(({ connections }) => connections.accepted === 2 && connections.open === 0)).connections.cut
        .late,
    ).toBe(2)
  })

  test('what clients have not said to the end goes with them', async () => {
    await using listener = await Listener.start({ limits: { maxHeldBytes: 16 * MIB, maxMessageBytes: 8 * MIB } })
    await using friend = await friendOf(listener.endpoint)
    for (let i = 0; i < 20; i++) {
      const client = raw(listener.endpoint)
        .shakeHands()
        .say(zmtpFrame(1, Buffer.alloc(MIB - 100)))
      await listener.until(({ connections }) => connections.accepted > i + 1)
      client.close()
    }
    await listener.until(({ connections }) => connections.open === 1)

    expect(await echo(friend, 'after')).toBe('after')
    expect((await listener.ask()).connections.cut).toMatchObject({ unfinished: 0, oversize: 0 })
  })
})

describe('where there is no room', () => {
  test('connections that say nothing give way to clients', async () => {
    await using listener = await Listener.start({ limits: { maxConnections: 20 } })
    for (let i = 0; i < 200; i++) raw(listener.endpoint)
    await listener.until(({ connections }) => connections.accepted === 200)
    await using friend = await friendOf(listener.endpoint)

    expect(await echo(friend, 'in')).toBe('in')
    const { connections } = await listener.until(({ connections: { accepted } }) => accepted === 201)
    expect([connections.open <= 20, connections.cut.crowded >= 181]).toEqual([true, true])
  })

  test.each([
    ['that say nothing', false],
    ['that greet', true],
  ])(
    'a process without descriptors left for connections %s goes on, without turning in circles, and lets a listed client in',
    async (_name, greets) => {
      const [keys, mine] = [createKeys(), createKeys()]
      await using listener = await Listener.start(
        { curve: { keys, clients: [mine.publicKey] }, limits: { maxConnections: 100_000, handshakeMs: 60_000 } },
        128,
      )
      const [before] = [await listener.ask()]
      for (let i = 0; i < 400; i++) {
        const attacker = raw(listener.endpoint)
        if (greets) attacker.say(greeting('CURVE'))
      }
      await listener.until(({ connections }) => connections.cut.crowded > 0)
      await using friend = await friendOf(listener.endpoint, curveClient({ keys: mine, serverKey: keys.publicKey }))

      expect(await echo(friend, 'in')).toBe('in')
      const [busy, startedAt] = [await listener.ask(), performance.now()]
      while (performance.now() < startedAt + 300) expect(await echo(friend, 'on')).toBe('on')
      const idle = await listener.ask()
      expect(idle.cpuMs - busy.cpuMs).toBeLessThan(1.6 * (performance.now() - startedAt))
      expect(idle.rssBytes - before.rssBytes).toBeLessThan(SLACK_BYTES)
    },
  )

  test('thousands that begin to greet leave no memory', async () => {
    await using listener = await Listener.start({ limits: { maxConnections: 200 } })
    await using friend = await friendOf(listener.endpoint)
    expect(await echo(friend, 'before')).toBe('before')
    const { rssBytes } = await listener.ask()

    for (let i = 0; i < 3000; i++) {
      raw(listener.endpoint).say(greeting('NULL').subarray(0, 20))
      if (i % 200 === 199) await listener.until(({ connections }) => connections.accepted > i - 200)
    }

    expect(await echo(friend, 'after')).toBe('after')
    const after = await listener.ask()
    expect([after.connections.open <= 200, after.rssBytes - rssBytes < SLACK_BYTES]).toEqual([true, true])
  })
})

describe('with CURVE', () => {
  test('a client that is taken off the list is cut off at once, and another one notices nothing', async () => {
    const [keys, kept, removed] = [createKeys(), createKeys(), createKeys()]
    await using listener = await Listener.start({ curve: { keys, clients: [kept.publicKey, removed.publicKey] } })
    // Each of several connections is told apart by its key, also when they come together.
    const friends = await Promise.all(
      [kept, removed, kept, removed, kept].map(mine =>
        friendOf(listener.endpoint, curveClient({ keys: mine, serverKey: keys.publicKey })),
      ),
    )
    expect(await Promise.all(friends.map(friend => echo(friend, 'before')))).toHaveLength(5)

    await listener.ask('clients', [kept.publicKey])

    const { connections } = await listener.until(({ connections: { open } }) => open === 3)
    expect(connections).toMatchObject({ accepted: 5, cut: { dismissed: 2 } })
    const [one, , two, , three] = friends as [
      Sockets['DEALER'],
      Sockets['DEALER'],
      Sockets['DEALER'],
      Sockets['DEALER'],
      Sockets['DEALER'],
    ]
    expect(await Promise.all([one, two, three].map(friend => echo(friend, 'after')))).toEqual([
      'after',
      'after',
      'after',
    ])
    // Those that were cut off come back, and are refused.
    await listener.until(({ denied }) => denied === 2)
    await Promise.all(friends.map(friend => friend.close()))
    await listener.ask('clients', [removed.publicKey])
    await using back = await friendOf(listener.endpoint, curveClient({ keys: removed, serverKey: keys.publicKey }))
    expect(await echo(back, 'back')).toBe('back')
  })

  test('a message without an end, that only the server can see to be one, ends its connection, and no other', async () => {
    const [keys, mine, foe] = [createKeys(), createKeys(), createKeys()]
    await using listener = await Listener.start({
      curve: { keys, clients: [mine.publicKey, foe.publicKey] },
      limits: { maxHeldBytes: 16 * MIB, maxMessageBytes: 4 * MIB },
    })
    await using friend = await friendOf(listener.endpoint, curveClient({ keys: mine, serverKey: keys.publicKey }))
    expect(await echo(friend, 'before')).toBe('before')
    const { rssBytes } = await listener.ask()

    const end = sendParts(listener.endpoint, { keys: foe, serverKey: keys.publicKey }, 100_000, 1000)
    const cut = await listener.until(({ connections }) => connections.cut.unfinished >= 2)
    end()

    expect(await echo(friend, 'after')).toBe('after')
    expect([
      cut.connections.accepted - cut.connections.cut.unfinished <= 2,
      cut.rssBytes - rssBytes < SLACK_BYTES,
    ]).toEqual([true, true])
  })

  test('a client that says much in small messages is not ended, while the server receives them', async () => {
    const [keys, friendKeys] = [createKeys(), createKeys()]
    await using listener = await Listener.start({
      curve: { keys, clients: [friendKeys.publicKey] },
      receiveHighWaterMark: 4,
    })
    await using friend = await friendOf(listener.endpoint, curveClient({ keys: friendKeys, serverKey: keys.publicKey }))

    await Promise.all(Array.from({ length: 5000 }, () => friend.send(['x', 'y', 'z'])))

    expect((await listener.until(({ received }) => received === 5000)).connections.cut.unfinished).toBe(0)
  })

  test('parts of the size of a ping are no pings', async () => {
    const [keys, mine, foe] = [createKeys(), createKeys(), createKeys()]
    await using listener = await Listener.start({
      curve: { keys, clients: [mine.publicKey, foe.publicKey] },
      limits: { maxHeldBytes: 4 * MIB, maxMessageBytes: MIB },
    })
    await using friend = await friendOf(listener.endpoint, curveClient({ keys: mine, serverKey: keys.publicKey }))
    expect(await echo(friend, 'before')).toBe('before')

    const end = sendParts(listener.endpoint, { keys: foe, serverKey: keys.publicKey }, 200_000, 7)
    await listener.until(({ connections }) => connections.cut.unfinished > 0)
    end()

    expect(await echo(friend, 'after')).toBe('after')
  })

  test('heartbeats count for nothing', async () => {
    const [keys, mine] = [createKeys(), createKeys()]
    await using listener = await Listener.start({
      curve: { keys, clients: [mine.publicKey] },
      limits: { maxFrames: 4 },
    })
    const counting = await countingPings(listener.endpoint)
    await using friend = await friendOf(counting.endpoint, {
      ...curveClient({ keys: mine, serverKey: keys.publicKey }),
      heartbeatInterval: 10,
      heartbeatTimeout: 60_000,
    })
    expect(await echo(friend, 'before')).toBe('before')

    await listener.until(() => counting.pings() > 40)

    expect(await echo(friend, 'after')).toBe('after')
    expect((await listener.ask()).connections).toMatchObject({ accepted: 1, open: 1 })
    await friend.close()
    counting.close()
  })

  test('a stranger who breaks its handshake off, at any byte, holds up no other', async () => {
    const [keys, mine] = [createKeys(), createKeys()]
    await using listener = await Listener.start({ curve: { keys, clients: [mine.publicKey] } })
    const bad = Buffer.concat([
      greeting('CURVE'),
      zmtpFrame(4, Buffer.concat([Buffer.from('\x05HELLO'), Buffer.alloc(194, 3)])),
      zmtpFrame(4, Buffer.concat([Buffer.from('\x08INITIATE'), Buffer.alloc(300, 9)])),
    ])
    for (let bytes = 0; bytes <= bad.length; bytes += 7) raw(listener.endpoint).say(bad.subarray(0, bytes))

    await using friend = await friendOf(listener.endpoint, curveClient({ keys: mine, serverKey: keys.publicKey }))

    expect(await echo(friend, 'in')).toBe('in')
    expect((await listener.ask()).denied).toBe(0)
  })

  test('strangers are refused, and keep nothing', async () => {
    const [keys, mine, stranger] = [createKeys(), createKeys(), createKeys()]
    await using listener = await Listener.start({ curve: { keys, clients: [mine.publicKey] } })
    const strangers = await Promise.all(
      Array.from({ length: 10 }, () =>
        friendOf(listener.endpoint, curveClient({ keys: stranger, serverKey: keys.publicKey })),
      ),
    )
    await using friend = await friendOf(listener.endpoint, curveClient({ keys: mine, serverKey: keys.publicKey }))

    expect(await echo(friend, 'in')).toBe('in')
    await listener.until(({ denied, connections }) => denied === 10 && connections.open === 1)
    await Promise.all(strangers.map(strange => strange.close()))
    expect((await listener.ask()).authenticated).toBe(1)
    await friend.close()
    expect(await listener.stop()).toEqual({ code: 0, signal: null })
  })
})

describe('clients that leave', () => {
  /** Is let in, says something, and leaves as soon as it may. */
  async function sayAndLeave(endpoint: string, what: Buffer): Promise<void> {
    const client = raw(endpoint).shakeHands()
    await client.hears('READY')
    client.socket.end(what)
    await client.closed
  }

  const MESSAGES = 6
  const message = Buffer.concat([
    ...Array.from({ length: 49 }, () => zmtpFrame(1, Buffer.from('x'))),
    zmtpFrame(0, Buffer.from('y')),
  ])
  const messages = Buffer.concat(Array.from({ length: MESSAGES }, () => message))

  test.each([false, true])('have all that they said received, with handover: %s', async handover => {
    await using listener = await Listener.start({ handover })

    for (let round = 0; round < 60; round++)
      await Promise.all(Array.from({ length: 16 }, () => sayAndLeave(listener.endpoint, messages)))

    const { connections } = await listener.until(({ received }) => received === 60 * 16 * MESSAGES)
    expect(connections.accepted).toBe(60 * 16)
    expect(await listener.stop()).toEqual({ code: 0, signal: null })
  })

  test('have all that they said received by a server that begins later', async () => {
    await using listener = await Listener.start({ isAsleep: true })
    await Promise.all(Array.from({ length: 50 }, () => sayAndLeave(listener.endpoint, messages)))
    await listener.until(({ connections }) => connections.open === 0)

    await listener.ask('wake')

    await listener.until(({ received }) => received === 50 * MESSAGES)
  })

  test('make room for others, though the server receives nothing', async () => {
    await using listener = await Listener.start({ isAsleep: true, limits: { maxConnections: 4 } })

    for (let client = 0; client < 20; client++) await sayAndLeave(listener.endpoint, Buffer.alloc(0))

    expect((await listener.ask()).connections.cut.crowded).toBe(0)
  })

  test('while they read nothing of what is there for them are let go of', async () => {
    await using listener = await Listener.start({ maxMessageSize: 32 * MIB })
    const client = raw(listener.endpoint).shakeHands()
    await client.hears('READY')
    client.socket.pause()
    for (let sent = 0; sent < 8; sent++) client.say(zmtpFrame(0, Buffer.alloc(MIB)))
    await listener.until(({ received }) => received === 8)

    client.close()

    await listener.until(({ connections }) => connections.open === 0)
  })

  test('by falling silent, though they said that they would not, are let go of', async () => {
    await using listener = await Listener.start()
    const client = raw(listener.endpoint).shakeHands()
    await client.hears('READY')
    // A ping: without another one in a tenth of a second the connection is to end.
    client.say(messages).say(zmtpFrame(4, Buffer.from('\x04PING\x00\x01', 'latin1')))

    await client.closed

    await listener.until(({ received, connections }) => received === MESSAGES && connections.open === 0)
  })
})

describe.runIf(process.platform === 'linux')('a server that is killed', () => {
  test.each([false, true])('leaves nothing among the temporary files, with handover: %s', async handover => {
    const folder = await mkdtemp(join(tmpdir(), 'zera-'))
    const listener = await Listener.start({ handover }, undefined, folder)
    await using friend = await friendOf(listener.endpoint)
    expect(await echo(friend, 'before')).toBe('before')

    await listener[Symbol.asyncDispose]()

    expect(await readdir(folder)).toEqual([])
    await rmdir(folder)
  })
})

/** A listed client that sends messages of many parts. What is returned ends it. */
function sendParts(endpoint: string, curve: object, parts: number, bytes: number): () => void {
  const program = fileURLToPath(new URL('fixtures/main-sends-parts.js', import.meta.url))
  const child = spawn(process.execPath, [program, JSON.stringify([endpoint, curve, parts, bytes])], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  return () => child.kill('SIGKILL')
}

/** Counts what looks like pings on the way to an endpoint. */
async function countingPings(endpoint: string): Promise<{ readonly endpoint: string; pings(): number; close(): void }> {
  let count = 0
  const sockets: Socket[] = []
  const server = createServer(client => {
    const behind = connect(Number(endpoint.slice(endpoint.lastIndexOf(':') + 1)), '127.0.0.1')
    sockets.push(client, behind)
    for (const socket of [client, behind]) socket.on('error', () => undefined)
    client.on('data', chunk => (count += chunk.length === 42 ? 1 : 0))
    client.pipe(behind).pipe(client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pings: () => count,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

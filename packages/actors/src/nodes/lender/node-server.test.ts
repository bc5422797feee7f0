import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSocket, type Sockets } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { NODE_PROTOCOL, type Bare, type OpenRequest } from '../control/control.js'
import { NodeServer } from './node-server.js'

expectNoLeaksAfterEach()

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-server-'))
})
afterEach(() => rm(directory, { recursive: true }))

const REQUEST: OpenRequest = {
  protocol: NODE_PROTOCOL,
  system: '1'.repeat(32),
  root: undefined,
  threads: 1,
  heartbeatMs: 10_000,
  deadlineMs: 60_000,
}

const lines: string[] = []
beforeEach(() => void lines.splice(0))

const serve = (): Promise<NodeServer> =>
  NodeServer.start({
    endpoint: `ipc://${directory}/node`,
    root: 'file:///',
    maxThreads: 1,
    security: { socketOptions: {} },
    log: line => lines.push(line),
  })

/** Routing ids of systems. */
const [FIRST, SECOND] = ['1'.repeat(32), '2'.repeat(32)]

/** One session, as a system's side of it. */
async function connect(server: NodeServer, routingId: string): Promise<Sockets['DEALER']> {
  const socket = await openSocket('DEALER', { linger: 0, routingId })
  await socket.connect(server.endpoint)
  return socket
}

/** The next thing that a node says outside of the sequence and that is no heartbeat. */
async function answer(socket: Sockets['DEALER']): Promise<Bare> {
  for (;;) {
    const text = String((await socket.receive())[0])
    if (text.startsWith('{') && !text.startsWith('{"beat"')) return JSON.parse(text) as Bare
  }
}

const ask = (socket: Sockets['DEALER'], request: Partial<OpenRequest> = {}): Promise<void> =>
  socket.send(JSON.stringify({ open: { ...REQUEST, ...request } }))

describe('NodeServer', () => {
  test('refuses another protocol, more threads than it lends, and a second system', async () => {
    const server = await serve()
    await using first = await connect(server, FIRST)
    await using second = await connect(server, SECOND)

    // What is no request is not answered.
    for (const nothing of [
      '{"open":null}',
      '{"open":{}}',
      `{"open":{"protocol":${NODE_PROTOCOL},"threads":1}}`,
      '{',
      '{}',
    ])
      await first.send(nothing)
    await ask(first, { protocol: NODE_PROTOCOL + 1 })
    const protocol = await answer(first)
    await ask(first, { threads: 2 })
    const threads = await answer(first)
    await ask(first)
    const opened = await answer(first)
    await ask(second, { system: '2'.repeat(32) })
    const busy = await answer(second)

    expect([protocol, threads, opened, busy]).toEqual([
      { refused: { why: 'protocol', protocol: NODE_PROTOCOL } },
      { refused: { why: 'threads', maxThreads: 1 } },
      { opened: true },
      { refused: { why: 'busy' } },
    ])
    await server.stop()
  })

  test('gives a new session of the same system the place of its old one, which is heard no more', async () => {
    const server = await serve()
    await using old = await connect(server, FIRST)
    await using next = await connect(server, SECOND)
    await ask(old)
    await answer(old)

    await ask(next)
    const ended = await answer(old)
    await ask(next)
    const opened = await answer(next)
    // An order of the old one, and something that is nothing.
    await old.send('[1,0,[],[[{"kind":"close"}]]]')
    await old.send('rhubarb')
    await ask(next)

    expect(ended).toMatchObject({ ended: expect.any(String) })
    expect([opened, await answer(next)]).toEqual([{ opened: true }, { opened: true }])
    await server.stop()
    expect(await answer(next)).toMatchObject({ ended: expect.any(String) })
  })

  test('ends a session that says what cannot be read, counts it and writes a line, and has the next', async () => {
    const server = await serve()
    await using socket = await connect(server, FIRST)

    for (const nonsense of [
      'rhubarb',
      ['{}', '{}'],
      Buffer.from([0xff]),
      '{"echo":99}',
      '[1,0,[],[[{"kind":"start","thread":1}]]]',
      JSON.stringify({ open: { ...REQUEST, threads: 1, deadlineMs: 1000 } }),
    ]) {
      await ask(socket)
      expect(await answer(socket)).toEqual({ opened: true })
      await socket.send(nonsense)
      expect(await answer(socket)).toEqual({ ended: expect.any(String) })
    }

    expect(server.counts).toEqual({ sessions: 6, faults: 6, strays: 0 })
    expect(lines).toHaveLength(6)
    expect(lines[0]).toBe('session of system 11111111 ended: a text is no JSON')
    await server.stop()
  })

  test('counts what it cannot read of peers without a session, answers none of it, and ends nothing', async () => {
    const server = await serve()
    await using tenant = await connect(server, FIRST)
    await using stranger = await connect(server, SECOND)
    await using oddlyCalled = await connect(server, '/../escape')
    await ask(tenant)
    await answer(tenant)

    for (const nonsense of [
      'rhubarb',
      '[[[',
      JSON.stringify({ open: { ...REQUEST, system: 'x' } }),
      ' '.repeat(20_000),
      ['a', 'b'],
      '',
    ])
      await stranger.send(nonsense)
    // What is left of a session is none of it.
    for (const left of ['{"beat":1,"echo":1}', '[0,0,0]']) await stranger.send(left)
    await ask(oddlyCalled)
    await ask(stranger, { system: '2'.repeat(32) })

    expect(await answer(stranger)).toEqual({ refused: { why: 'busy' } })
    await ask(tenant)
    expect(await answer(tenant)).toEqual({ opened: true })
    expect(server.counts).toEqual({ sessions: 1, faults: 0, strays: 7 })
    expect(lines.at(-1)).toBe('messages without a session that could not be read: 4')
    await server.stop()
    expect(lines.at(-1)).toBe(
      'since the start, 0 of 1 sessions were ended because of invalid messages, and 7 messages without a session could not be read',
    )
  })
})

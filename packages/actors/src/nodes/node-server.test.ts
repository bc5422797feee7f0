import { openSocket, type Sockets } from '@zera/core'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { NODE_PROTOCOL, readBare, type Bare, type OpenRequest } from './control.js'
import { NodeServer } from './node-server.js'

expectNoLeaksAfterEach()

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-server-'))
})
afterEach(() => rm(directory, { recursive: true }))

const REQUEST: OpenRequest = { protocol: NODE_PROTOCOL, system: 'one', root: undefined, threads: 1, heartbeatMs: 10_000, deadlineMs: 60_000 }

const serve = (): Promise<NodeServer> =>
  NodeServer.start({ endpoint: `ipc://${directory}/node`, root: 'file:///', maxThreads: 1, security: { socketOptions: {}, admit: () => () => undefined } })

/** One session, as a system's side of it. */
async function connect(server: NodeServer, routingId: string): Promise<Sockets['DEALER']> {
  const socket = await openSocket('DEALER', { linger: 0, routingId })
  await socket.connect(server.endpoint)
  return socket
}

/** The next thing that a node says beside the sequence and that is no heartbeat. */
async function answer(socket: Sockets['DEALER']): Promise<Bare> {
  for (;;) {
    const bare = readBare(String((await socket.receive())[0]))
    if (bare !== undefined && bare.beat === undefined) return bare
  }
}

const ask = (socket: Sockets['DEALER'], request: Partial<OpenRequest> = {}): Promise<void> => socket.send(JSON.stringify({ open: { ...REQUEST, ...request } }))

describe('NodeServer', () => {
  test('refuses another protocol, more threads than it lends, and a second system', async () => {
    const server = await serve()
    await using first = await connect(server, 'first')
    await using second = await connect(server, 'second')

    // What is no request is not answered.
    for (const nothing of ['{"open":null}', '{"open":{}}', '{"open":{"protocol":1,"threads":1}}', '{', '{}']) await first.send(nothing)
    await ask(first, { protocol: NODE_PROTOCOL + 1 })
    const protocol = await answer(first)
    await ask(first, { threads: 2 })
    const threads = await answer(first)
    await ask(first)
    const opened = await answer(first)
    await ask(second, { system: 'two' })
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
    await using old = await connect(server, 'old')
    await using next = await connect(server, 'next')
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
})

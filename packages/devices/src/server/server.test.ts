import { openSocket, ThreadStartError, type Frames, type Sockets } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { DeviceEndedError } from '../base/errors.js'
import { readErrorReply } from '../broker/protocol/error-reply.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import { startServer, type Server } from './server.js'

expectNoLeaksAfterEach()

const OBEYS = new URL('../fixtures/obeys.js', import.meta.url)
const ANY = 'tcp://127.0.0.1:*'

describe('startServer()', () => {
  test('answers requests with what the handler returns', async () => {
    await using server = await startServer(OBEYS, { frontend: ANY, threads: 1, data: { city: 'Rome' } })
    await using client = await clientOf(server)

    expect(await ask(client, 'say', 'Hello')).toEqual(['you said', 'Hello'])
    expect(await ask(client, 'who')).toEqual(['server-1'])
    expect(await ask(client, 'data')).toEqual(['{"city":"Rome"}'])
  })

  test('holds no request up behind a slow one while a thread is free', async () => {
    await using server = await startServer(OBEYS, { frontend: ANY, threads: 2 })
    await using slow = await clientOf(server)
    await using quick = await clientOf(server)
    await slow.send(['work', '60000'])
    await untilAsync('a thread has it', async () => (await server.statistics()).awaitedReplies === 1)

    for (let request = 0; request < 20; request++)
      expect(await ask(quick, 'say', `${request}`)).toEqual(['you said', `${request}`])

    await server.stop({ timeoutMs: 0 })
  })

  test('answers with the error failed when the handler throws', async () => {
    await using server = await startServer(OBEYS, { frontend: ANY, threads: 1 })
    await using client = await clientOf(server)

    await client.send('rhubarb')

    expect(readErrorReply(await client.receive())).toEqual({
      fault: 'failed',
      text: expect.stringMatching(/incident [\w-]+$/),
    })
  })

  test('answers with the error worker-lost when the thread dies, and starts it again', async () => {
    await using server = await startServer(OBEYS, { frontend: ANY, threads: 1 })
    await using client = await clientOf(server)

    await client.send('exit')

    expect(readErrorReply(await client.receive())?.fault).toBe('worker-lost')
    expect(await ask(client, 'say', 'again')).toEqual(['you said', 'again'])
    await untilAsync('it is counted', async () => (await server.statistics()).threads.restarts === 1)
    expect((await server.statistics()).threads).toEqual({ running: 1, restarts: 1, lostRequests: 1 })
  })

  test('answers each request once while its threads die again and again', { timeout: 60_000 }, async () => {
    await using server = await startServer(OBEYS, { frontend: ANY, threads: 2 })
    const clients = await Promise.all(Array.from({ length: 4 }, () => clientOf(server)))
    const outcomes = { replies: 0, lost: 0 }

    await Promise.all(
      clients.map(async (client, number) => {
        for (let request = 0; request < 50; request++) {
          await client.send(request % 10 === number ? 'exit' : ['say', `${number} ${request}`])
          const reply = await client.receive()
          if (readErrorReply(reply)?.fault === 'worker-lost') outcomes.lost += 1
          else if (String(reply[1]) === `${number} ${request}`) outcomes.replies += 1
        }
        await client.close()
      }),
    )

    expect(outcomes.replies + outcomes.lost).toBe(200)
    expect((await server.statistics()).threads.lostRequests).toBe(outcomes.lost)
    expect(outcomes.lost).toBeGreaterThanOrEqual(20)
  })

  test('finishes what it has when it is stopped', async () => {
    const server = await startServer(OBEYS, { frontend: ANY, threads: 1 })
    await using client = await clientOf(server)
    await client.send(['work', '50'])
    await untilAsync('the thread has it', async () => (await server.statistics()).awaitedReplies === 1)

    await server.stop()

    expect((await client.receive()).length).toBe(1)
    expect(await server.ended).toBeUndefined()
    await expect(server.statistics()).rejects.toBeInstanceOf(DeviceEndedError)
  })

  test('is stopped within its deadline while a handler spins', async () => {
    const server = await startServer(OBEYS, { frontend: ANY, threads: 1 })
    await using client = await clientOf(server)
    await client.send('spin')
    await untilAsync('the thread has it', async () => (await server.statistics()).awaitedReplies === 1)

    await server.stop({ timeoutMs: 10 })

    expect(await server.ended).toBeUndefined()
  })

  test('rejects and leaves nothing behind when the module has no handler', async () => {
    await expect(
      startServer(new URL('../base/numbers.js', import.meta.url), { frontend: ANY, threads: 2 }),
    ).rejects.toBeInstanceOf(ThreadStartError)
  })

  test.each([0, -1, 1.5])('refuses %d threads', async threads => {
    await expect(startServer(OBEYS, { frontend: ANY, threads })).rejects.toThrow(RangeError)
  })
})

async function clientOf(server: Server): Promise<Sockets['REQ']> {
  const client = await openSocket('REQ', { linger: 0 })
  await client.connect(server.endpoints.frontend[0])
  return client
}

async function ask(client: Sockets['REQ'], ...request: string[]): Promise<string[]> {
  await client.send(request)
  const reply: Frames = await client.receive()
  return reply.map(String)
}

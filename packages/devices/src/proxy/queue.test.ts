import { openSocket, type Frames, type Sockets } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import { startQueue } from './queue.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const LARGE = Buffer.alloc(64 * 1024)

describe('startQueue()', () => {
  test('lets replies through while its workers are full of requests', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: { bind: ANY, options: { sendHighWaterMark: 1 } } })
    await using worker = await openSocket('DEALER', { receiveHighWaterMark: 1 })
    await worker.connect(queue.endpoints.backend[0])
    await using client = await openSocket('DEALER', { linger: 0 })
    await client.connect(queue.endpoints.frontend[0])
    for (let request = 0; request < 1000; request++) client.send(['', LARGE]).catch(() => undefined)
    await untilAsync('requests wait', async () => (await queue.statistics()).toBackend.waiting === 1)

    const [identity, empty] = await worker.receive()
    await worker.send([identity as Buffer, empty as Buffer, 'a reply'])

    expect(texts(await client.receive())).toEqual(['', 'a reply'])
    await queue.stop({ timeoutMs: 0 })
  })

  test('drops the reply for a client that has gone, and counts it', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY })
    await using worker = await openSocket('REP')
    await worker.connect(queue.endpoints.backend[0])
    {
      await using client = await openSocket('REQ')
      await client.connect(queue.endpoints.frontend[0])
      await client.send('Hello')
      await worker.receive()
    }
    await untilAsync('the client has gone', async () => (await queue.statistics()).peers.frontend === 0)

    await worker.send('World')

    await untilAsync('the reply is dropped', async () => (await queue.statistics()).toFrontend.dropped === 1)
  })

  test('holds up no other client while one is full of replies', async () => {
    await using queue = await startQueue({ frontend: { bind: ANY, options: { sendHighWaterMark: 1 } }, backend: ANY })
    await using worker = await openSocket('DEALER')
    await worker.connect(queue.endpoints.backend[0])
    await using full = await openSocket('DEALER', { receiveHighWaterMark: 1 })
    await full.connect(queue.endpoints.frontend[0])
    await using other = await openSocket('REQ')
    await other.connect(queue.endpoints.frontend[0])
    await full.send(['', 'much'])
    const [identity] = await worker.receive()

    for (let reply = 0; reply < 500; reply++) await worker.send([identity as Buffer, '', LARGE])
    await other.send('Hello')
    const request = await worker.receive()
    await worker.send([...request.slice(0, 2), 'World'])

    expect(texts(await other.receive())).toEqual(['World'])
    expect((await queue.statistics()).toFrontend.dropped).toBeGreaterThan(0)
  })

  test('waits for the replies that are due when it is drained, and for no longer than its deadline', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY })
    await using worker = await openSocket('REP')
    await worker.connect(queue.endpoints.backend[0])
    await using client = await openSocket('REQ')
    await client.connect(queue.endpoints.frontend[0])
    await client.send('Hello')
    await worker.receive()

    const tooSoon = await queue.drain({ timeoutMs: 1 })
    const drained = queue.drain()
    await worker.send('World')

    expect(tooSoon).toBe(false)
    expect(await drained).toBe(true)
    expect(texts(await client.receive())).toEqual(['World'])
  })

  test('refuses a route that there is not', async () => {
    await expect(startQueue({ frontend: ANY, backend: ANY, route: 'fastest' as 'least-busy' })).rejects.toThrow(
      TypeError,
    )
  })

  test('refuses a side without an endpoint', async () => {
    await expect(startQueue({ frontend: ANY, backend: [] })).rejects.toThrow(TypeError)
  })
})

describe('startQueue() with the route least-busy', () => {
  test('gives no request to a worker that is busy', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY, route: 'least-busy' })
    const endpoint = queue.endpoints.backend[0]
    await using slow = await readyWorker(endpoint)
    await using client = await openSocket('DEALER')
    await client.connect(queue.endpoints.frontend[0])
    await client.send(['', 'for the slow one'])
    await slow.receive()
    await using quick = await readyWorker(endpoint)

    for (let request = 1; request <= 20; request++) await client.send(['', `request ${request}`])

    for (let request = 1; request <= 20; request++) {
      const asked = await quick.receive()
      await quick.send([...asked.slice(0, -1), `done: ${String(asked.at(-1))}`])
      expect(texts(await client.receive())).toEqual(['', `done: request ${request}`])
    }
  })

  test('serves REQ workers as in the guide', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY, route: 'least-busy' })
    await using worker = await openSocket('REQ')
    await worker.connect(queue.endpoints.backend[0])
    await worker.send('READY')
    await using client = await openSocket('REQ')
    await client.connect(queue.endpoints.frontend[0])

    for (let request = 1; request <= 3; request++) {
      await client.send(`Hello ${request}`)
      const [identity, empty, text] = await worker.receive()
      expect(String(text)).toBe(`Hello ${request}`)
      await worker.send([identity as Buffer, empty as Buffer, 'World'])
      expect(texts(await client.receive())).toEqual(['World'])
    }
  })

  test('passes over a worker that has gone since it was ready', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY, route: 'least-busy' })
    const endpoint = queue.endpoints.backend[0]
    const gone = await readyWorker(endpoint)
    await untilAsync('it is there', async () => (await queue.statistics()).peers.backend === 1)
    await using worker = await readyWorker(endpoint)
    await untilAsync('both are there', async () => (await queue.statistics()).peers.backend === 2)
    await gone.close()
    await untilAsync('it has gone', async () => (await queue.statistics()).peers.backend === 1)
    await using client = await openSocket('REQ')
    await client.connect(queue.endpoints.frontend[0])

    await client.send('Hello')
    const request = await worker.receive()
    await worker.send([...request.slice(0, -1), 'World'])

    expect(texts(await client.receive())).toEqual(['World'])
  })

  test('drops what a worker says against the protocol, and counts it', async () => {
    await using queue = await startQueue({ frontend: ANY, backend: ANY, route: 'least-busy' })
    await using worker = await openSocket('DEALER')
    await worker.connect(queue.endpoints.backend[0])

    for (const nonsense of [[''], ['READY'], ['no empty frame', 'READY']]) await worker.send(nonsense)

    await untilAsync('all are dropped', async () => (await queue.statistics()).toFrontend.dropped === 3)
  })
})

async function readyWorker(endpoint: string): Promise<Sockets['DEALER']> {
  const worker = await openSocket('DEALER')
  await worker.connect(endpoint)
  await worker.send(['', 'READY'])
  return worker
}

function texts(frames: Frames): string[] {
  return frames.map(String)
}

import { createKeys, type Frames, openSocket, type Service } from '@zera/core'
import { ManualClock } from '@zera/core/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { BrokerReplyError, BrokerTimeoutError, DeviceEndedError } from '../base/errors.js'
import { Deferred } from '../fixtures/deferred.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import type { BrokerOptions } from './broker-options.js'
import { startBroker, type Broker } from './broker.js'
import { startBrokerClient } from './peers/broker-client.js'
import { startBrokerWorker } from './peers/broker-worker.js'
import type { BrokerWorkerOptions, WorkerHandler } from './peers/worker-options.js'
import type { MdpVersion } from './protocol/mdp.js'

expectNoLeaksAfterEach()
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop()
})

const workers: Service[] = []
const shout: WorkerHandler = ([text]) => [String(text).toUpperCase()]

async function started(options: Partial<BrokerOptions> = {}): Promise<Broker & { readonly endpoint: string }> {
  const broker = await startBroker({ bind: 'tcp://127.0.0.1:*', ...options })
  return Object.assign(broker, { endpoint: broker.endpoints[0] })
}

const ANY = 'tcp://127.0.0.1:*'
const KEYS = createKeys()

/** Starts a worker, which is stopped after the test. */
async function addWorker(broker: Broker, options: Partial<BrokerWorkerOptions> = {}): Promise<void> {
  const before = (await broker.statistics()).workersRegistered
  workers.push(
    await startBrokerWorker({
      broker: broker.workerEndpoints[0],
      service: 'shout',
      handle: shout,
      ...options,
    }),
  )
  await untilAsync('the worker has registered', async () => (await broker.statistics()).workersRegistered > before)
}

function texts(frames: Frames): string[] {
  return frames.map(String)
}

describe('startBroker()', () => {
  test.each([
    ['0.1', '0.1'],
    ['0.1', '0.2'],
    ['0.2', '0.1'],
    ['0.2', '0.2'],
  ] as const)('lets a client of version %s ask a worker of version %s', async (version, workerVersion) => {
    await using broker = await started()
    await addWorker(broker, { version: workerVersion })
    await using client = await startBrokerClient({ broker: broker.endpoint, version })

    const replies = await Promise.all(['a', 'b', 'c'].map(text => client.request('shout', [text])))

    expect(replies.map(texts)).toEqual([['A'], ['B'], ['C']])
    expect(await broker.statistics()).toMatchObject({
      requests: 3,
      replies: 3,
      errors: 0,
      waiting: 0,
      inFlight: 0,
      workers: 1,
    })
  })

  test('answers a REQ, whose requests have an envelope of their own when it correlates', async () => {
    await using broker = await started()
    await addWorker(broker)
    await using client = await openSocket('REQ', { correlate: true })
    await client.connect(broker.endpoint)

    await client.send(['MDPC01', 'shout', 'hello'])

    expect(texts(await client.receive())).toEqual(['MDPC01', 'shout', 'HELLO'])
  })

  test('hands partial replies on one by one, and as one to a client that knows none', async () => {
    await using broker = await started()
    await addWorker(broker, {
      async *handle() {
        yield 'a'
        yield ['b', 'c']
        return 'd'
      },
    })
    await using streaming = await startBrokerClient({ broker: broker.endpoint })
    await using plain = await startBrokerClient({ broker: broker.endpoint, version: '0.1' })

    const parts: string[][] = []
    for await (const part of streaming.stream('shout', [''])) parts.push(texts(part))

    expect(parts).toEqual([['a'], ['b', 'c'], ['d']])
    expect(texts(await plain.request('shout', ['']))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('gives a request whose worker has gone to another one', async () => {
    await using broker = await started({ heartbeatMs: 20, liveness: 500 })
    const asked = new Deferred()
    const dying = await openSocket('DEALER', { linger: 0 })
    await dying.connect(broker.endpoint)
    await dying.send(['', 'MDPW01', '\u0001', 'shout'])
    await using client = await startBrokerClient({ broker: broker.endpoint })

    const reply = client.request('shout', ['hello'])
    void dying.receive().then(() => asked.resolve())
    await asked.promise
    await dying.close()
    await addWorker(broker, { heartbeatMs: 20, liveness: 500 })

    expect(texts(await reply)).toEqual(['HELLO'])
    expect(await broker.statistics()).toMatchObject({ retries: 1, workersLost: { unreachable: 1 }, replies: 1 })
  })

  test('gives up a worker that is silent for as long as its clock says, and takes it back when it registers anew', async () => {
    const clock = new ManualClock()
    await using broker = await started({ heartbeatMs: 1000, liveness: 3, clock })
    await addWorker(broker, { heartbeatMs: 1_000_000, reconnectMs: 1 })

    clock.advance(2999)
    expect((await broker.statistics()).workers).toBe(1)
    clock.advance(1)

    expect(await broker.statistics()).toMatchObject({ workers: 0, workersLost: { silent: 1 } })
    await untilAsync('it has registered anew', async () => (await broker.statistics()).workersRegistered === 2)
  })

  test('is followed by the next one at the same endpoint, where workers register by themselves', async () => {
    const first = await started()
    const { endpoint } = first
    await addWorker(first, { heartbeatMs: 20, liveness: 1000, reconnectMs: 1 })
    await first.stop()
    await using second = await startBroker({ bind: endpoint })
    await using client = await startBrokerClient({ broker: endpoint, timeoutMs: 20_000 })

    const reply = await client.request('shout', ['still here'])

    expect(texts(reply)).toEqual(['STILL HERE'])
    expect((await second.statistics()).workersRegistered).toBe(1)
  })

  test.each<[string, WorkerHandler, MdpVersion]>([
    ['returns what is none', () => 7 as never, '0.2'],
    ['returns a frame that is none', () => [{}] as never, '0.2'],
    ['returns more frames than fit into a message', () => Array.from({ length: 2000 }, () => 'x'), '0.2'],
    [
      'throws in a stream',
      async function* () {
        yield 'part'
        throw new Error('no')
      },
      '0.2',
    ],
    [
      'streams in a version that has no partial replies',
      async function* () {
        yield 'part'
      },
      '0.1',
    ],
  ])('says so when a handler %s, and the worker goes on', async (_name, handle, version) => {
    await using broker = await started()
    let calls = 0
    await addWorker(broker, {
      version,
      handle: (body, call) => ((calls += 1), calls === 1 ? handle(body, call) : body),
    })
    await using client = await startBrokerClient({ broker: broker.endpoint })

    await expect(client.request('shout', ['x'])).rejects.toMatchObject({ fault: 'failed' })
    expect(texts(await client.request('shout', ['x']))).toEqual(['x'])
    expect(await broker.statistics()).toMatchObject({ workers: 1, replies: 2 })
  })

  test('carries empty bodies, of which a request has at least one', async () => {
    await using broker = await started()
    await addWorker(broker, { handle: () => [] })
    await using client = await startBrokerClient({ broker: broker.endpoint })

    expect(texts(await client.request('shout', ['']))).toEqual([''])
    await expect(client.request('shout', [])).rejects.toBeInstanceOf(RangeError)
  })

  test('gives an error for a reply when a handler fails, when no worker is there in time, and when too many wait', async () => {
    await using broker = await started({ requestTimeoutMs: 40, maxQueued: 1 })
    await addWorker(broker, {
      service: 'fail',
      handle: () => {
        throw new RangeError('no')
      },
    })
    await using client = await startBrokerClient({ broker: broker.endpoint })
    const faultOf = (service: string): Promise<unknown> =>
      client
        .request(service, ['x'])
        .catch((error: unknown) => (error instanceof BrokerReplyError ? error.fault : error))

    expect(await faultOf('fail')).toBe('failed')
    expect(await Promise.all([faultOf('nobody'), faultOf('nobody')])).toEqual(
      expect.arrayContaining(['no-worker', 'queue-full']),
    )
    expect(await broker.statistics()).toMatchObject({
      requests: 3,
      replies: 1,
      errors: 2,
      errorsByFault: { 'no-worker': 1, 'queue-full': 1 },
    })
  })

  test('pause() keeps requests until resume(), and drain() finishes them', async () => {
    await using broker = await started()
    await addWorker(broker)
    await using client = await startBrokerClient({ broker: broker.endpoint })

    await broker.pause()
    const reply = client.request('shout', ['a'])
    await untilAsync('the request waits', async () => (await broker.statistics()).waiting === 1)
    await broker.resume()
    expect(texts(await reply)).toEqual(['A'])

    expect(await broker.drain()).toBe(true)
    await expect(client.request('shout', ['b'])).rejects.toMatchObject({ fault: 'stopping' })
    await broker.resume()
    expect(texts(await client.request('shout', ['c']))).toEqual(['C'])
  })

  test('stop() finishes what it has within its deadline, and answers the rest with an error', async () => {
    const broker = await started()
    const release = new Deferred()
    await addWorker(broker, { handle: async ([text]) => (await release.promise, text as Buffer) })
    await using client = await startBrokerClient({ broker: broker.endpoint })
    const first = client.request('shout', ['first'])
    const second = client.request('shout', ['second']).catch((error: unknown) => error)
    await untilAsync('one is in flight and one waits', async () => (await broker.statistics()).waiting === 1)

    const stopped = broker.stop({ timeoutMs: Infinity })
    release.resolve()

    expect(texts(await first)).toEqual(['first'])
    expect(texts((await second) as Frames)).toEqual(['second'])
    await stopped
    expect(await broker.ended).toBe(undefined)
    for (const call of [() => broker.pause(), () => broker.resume(), () => broker.drain(), () => broker.statistics()])
      await expect(call()).rejects.toBeInstanceOf(DeviceEndedError)
  })

  test('drain() says when its deadline was too short', async () => {
    await using broker = await started({ requestTimeoutMs: 200 })
    await using client = await startBrokerClient({ broker: broker.endpoint })
    const reply = client.request('nobody', ['x']).catch((error: unknown) => error)
    await untilAsync('the request waits', async () => (await broker.statistics()).waiting === 1)

    expect(await broker.drain({ timeoutMs: 1 })).toBe(false)
    expect(await reply).toMatchObject({ fault: 'no-worker' })
  })

  test('stop() with a deadline of 0 finishes nothing, and says so', async () => {
    const broker = await started()
    await addWorker(broker, { handle: () => new Promise<never>(() => undefined) })
    await using client = await startBrokerClient({ broker: broker.endpoint })
    const replies = ['a', 'b'].map(text =>
      client.request('shout', [text]).catch((error: unknown) => (error as BrokerReplyError).fault),
    )
    await untilAsync('one is in flight and one waits', async () => (await broker.statistics()).waiting === 1)

    await broker.stop({ timeoutMs: 0 })

    expect(await Promise.all(replies)).toEqual(['stopping', 'stopping'])
  })

  test('lets in only those whose key is on its list, when it encrypts', async () => {
    const [keys, friend, helper] = [createKeys(), createKeys(), createKeys()]
    await using broker = await started({
      bindWorkers: ANY,
      curve: { keys, clients: [friend.publicKey], workers: [helper.publicKey] },
    })
    const curve = { keys: friend, serverKey: keys.publicKey }
    await addWorker(broker, { curve: { keys: helper, serverKey: keys.publicKey } })
    await using client = await startBrokerClient({ broker: broker.endpoint, curve })
    await using stranger = await startBrokerClient({
      broker: broker.endpoint,
      curve: { keys: createKeys(), serverKey: keys.publicKey },
      timeoutMs: 300,
    })

    for (let attempt = 0; attempt < 2; attempt++)
      await expect(stranger.request('shout', ['let me in'])).rejects.toBeInstanceOf(BrokerTimeoutError)

    expect(texts(await client.request('shout', ['hello']))).toEqual(['HELLO'])
    expect(await broker.statistics()).toMatchObject({ requests: 1, denied: expect.any(Number) })
    expect((await broker.statistics()).denied).toBeGreaterThan(1)
  })

  test.each<[string, Partial<BrokerOptions>, string]>([
    ['that other machines can reach, for clients', { bind: 'tcp://0.0.0.0:*' }, 'ZERA_CURVE_REQUIRED'],
    ['that other machines can reach, for workers', { bindWorkers: 'tcp://*:*' }, 'ZERA_CURVE_REQUIRED'],
    ['of both with keys', { curve: { keys: KEYS, clients: [], workers: [] } }, 'ZERA_BROKER_ROLES'],
    [
      'of workers that are not listed',
      { bindWorkers: ANY, curve: { keys: KEYS, clients: [] } as never },
      'ZERA_BROKER_ROLES',
    ],
    [
      'of any workers',
      { bindWorkers: ANY, curve: { keys: KEYS, clients: [], workers: 'any' as never } },
      'ZERA_BROKER_ROLES',
    ],
  ])('refuses an endpoint %s', async (_name, options, code) => {
    await expect(started(options)).rejects.toMatchObject({ code })
  })

  test('binds where other machines can reach it when its options say so', async () => {
    await using broker = await started({ bind: 'tcp://0.0.0.0:*', bindWorkers: 'tcp://0.0.0.0:*', curve: 'none' })

    expect([...broker.endpoints, ...broker.workerEndpoints]).toHaveLength(2)
  })

  test('takes 10,000 requests that a client sends at once, and answers them in order', async () => {
    await using broker = await started()
    await using client = await openSocket('DEALER', { linger: 0 })
    await client.connect(broker.endpoint)
    const requests = 10_000

    await Promise.all(Array.from({ length: requests }, (_, at) => client.send(['', 'MDPC01', 'shout', `n${at}`])))
    await untilAsync('all wait', async () => (await broker.statistics()).waiting === requests)
    await addWorker(broker)
    const answers: string[][] = []
    for (let at = 0; at < 500; at++) answers.push(texts(await client.receive()))

    expect(answers).toEqual(Array.from(answers, (_, at) => ['', 'MDPC01', 'shout', `N${at}`]))
    expect(await broker.statistics()).toMatchObject({ requests, errors: 0 })
  })

  test('is not held up by a client that does not read, and counts what it could not give it', async () => {
    await using broker = await started({ maxQueued: 50 })
    await addWorker(broker)
    await using stuck = await openSocket('DEALER', { receiveHighWaterMark: 1, linger: 0 })
    await stuck.connect(broker.endpoint)
    await using client = await startBrokerClient({ broker: broker.endpoint, timeoutMs: 20_000 })
    const large = 'x'.repeat(100_000)

    await untilAsync('there is no room for its replies', async () => {
      await stuck.send(['', 'MDPC01', 'shout', large])
      expect(texts(await client.request('shout', ['hello']))).toEqual(['HELLO'])
      return (await broker.statistics()).undeliverable > 0
    })

    expect(await broker.drain()).toBe(true)
  })

  test('gives a client that reads too slowly the first parts of a stream, and then an error', async () => {
    await using broker = await started({ maxHeldBytes: 2_000_000 })
    await addWorker(broker, {
      service: 'count',
      async *handle() {
        for (let part = 0; part < 3000; part++) yield [String(part), 'x'.repeat(10_000)]
      },
    })
    await using client = await openSocket('DEALER', { receiveHighWaterMark: 1, linger: 0 })
    await client.connect(broker.endpoint)

    await client.send(['MDPC02', '\u0001', 'count', 'x'])
    await untilAsync('too much waits', async () => (await broker.statistics()).errorsByFault['queue-full'] === 1)
    const parts: string[] = []
    for (let reply = texts(await client.receive()); ; reply = texts(await client.receive())) {
      if (reply[1] === '\u0003') {
        expect(reply.slice(3, 5)).toEqual(['ZERA-ERROR', 'queue-full'])
        break
      }
      parts.push(reply[3] as string)
    }

    expect(parts.length).toBeLessThan(3000)
    expect(parts).toEqual(Array.from(parts, (_, at) => String(at)))
  })

  test('has no limits where its options say so', async () => {
    await using broker = await started({
      requestTimeoutMs: Infinity,
      maxQueued: Infinity,
      maxHeldBytes: Infinity,
      maxServices: Infinity,
      maxWorkers: Infinity,
      maxMessageBytes: Infinity,
    })
    await addWorker(broker, { maxMessageBytes: Infinity })
    await using client = await startBrokerClient({ broker: broker.endpoint, timeoutMs: Infinity })

    expect(texts(await client.request('shout', ['x'.repeat(2_000_000)]))).toEqual(['X'.repeat(2_000_000)])
  })

  test.each([
    { bind: [] },
    { heartbeatMs: 0 },
    { requestTimeoutMs: Number.NaN },
    { maxAttempts: -1 },
    { bind: 'nonsense' },
  ])('refuses %j', async options => {
    await expect(started(options)).rejects.toThrow(/^Cannot/)
  })
})

describe('BrokerClient.request()', () => {
  test('rejects when no worker answers in time, and drops what comes late', async () => {
    await using broker = await started()
    const release = new Deferred()
    await addWorker(broker, { handle: async ([text]) => (await release.promise, text as Buffer) })
    await using client = await startBrokerClient({ broker: broker.endpoint, maxConnections: 1 })

    await expect(client.request('shout', ['early'], { timeoutMs: 20 })).rejects.toBeInstanceOf(BrokerTimeoutError)
    release.resolve()

    expect(texts(await client.request('shout', ['later']))).toEqual(['later'])
  })

  test('rejects with what is wrong with a body that cannot be sent', async () => {
    await using broker = await started()
    await using client = await startBrokerClient({ broker: broker.endpoint })

    await expect(client.request('shout', [7 as never])).rejects.toBeInstanceOf(TypeError)
    await expect(
      client.request(
        'shout',
        Array.from({ length: 2000 }, () => 'x'),
      ),
    ).rejects.toBeInstanceOf(RangeError)
  })

  test('rejects with the reason of its signal, and when the client is closed', async () => {
    await using broker = await started({ requestTimeoutMs: 100 })
    const client = await startBrokerClient({ broker: broker.endpoint })
    const reason = new Error('not wanted any more')
    const controller = new AbortController()

    const given = client.request('nobody', ['x'], { signal: controller.signal })
    const open = client.request('nobody', ['x'])
    controller.abort(reason)
    await expect(given).rejects.toBe(reason)
    void client[Symbol.asyncDispose]()

    await expect(open).rejects.toThrow('closed')
  })
})

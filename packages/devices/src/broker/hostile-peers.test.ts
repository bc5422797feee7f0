/* oxlint-disable unicorn/no-thenable -- It is about such objects. */
import { openSocket, type Frame, type Sockets } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { BrokerProtocolError, BrokerReplyError } from '../base/errors.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { startBroker } from './broker.js'
import { startBrokerClient, type BrokerClientOptions } from './peers/broker-client.js'
import { startBrokerWorker } from './peers/broker-worker.js'
import type { WorkerFailure } from './peers/worker-failure.js'
import type { WorkerHandler } from './peers/worker-options.js'
import type { MdpVersion } from './protocol/mdp.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'
const fail = (): never => {
  throw new RangeError('the password is hunter2')
}
const endless = { then: (resolve: (value: unknown) => void) => resolve(endless) }
const lying = (key: string, get: () => unknown): Uint8Array => Object.defineProperty(new Uint8Array(3), key, { get })

/** An object that streams, and is no generator. */
function streams(parts: object): never {
  return { [Symbol.asyncIterator]: fail, ...parts } as never
}

describe('a handler of a worker', () => {
  test.each<[string, WorkerHandler, string]>([
    ['throws', fail, 'failed'],
    ['resolves with itself for ever', () => endless as never, 'failed'],
    ['streams with a next that throws', () => streams({ next: fail, return: fail }), 'failed'],
    ['streams, without a next', () => streams({}), 'failed'],
    ['streams what is nothing', () => streams({ next: () => undefined }), 'failed'],
    [
      'streams steps that cannot be read',
      () => streams({ next: () => Object.defineProperty({}, 'done', { get: fail }) }),
      'failed',
    ],
    ['streams thenables without end', () => streams({ next: () => endless, return: () => endless }), 'failed'],
    [
      'streams what is no reply, and cannot be ended',
      () => streams({ next: () => ({ done: false, value: 7 }), return: fail }),
      'failed',
    ],
    ['streams a Proxy', () => streams({ next: () => ({ done: true, value: new Proxy([], { get: fail }) }) }), 'failed'],
    ['cannot be asked whether it streams', () => new Proxy({}, { has: fail }) as never, 'failed'],
    ['replies with an array that says it is endless', () => new Proxy([], { get: () => Infinity }), 'failed'],
    [
      'replies with an endless iterable',
      () =>
        ({
          *[Symbol.iterator]() {
            for (;;) yield 'x'
          },
        }) as never,
      'failed',
    ],
    [
      'replies with a frame that cannot be read',
      () => [new Proxy(new Uint8Array(1), { get: fail, getPrototypeOf: fail })],
      'failed',
    ],
    ['replies with what is too large', () => 'x'.repeat(100_001), 'too-large'],
    [
      'streams what is too large',
      () => streams({ next: () => ({ done: false, value: ['x'.repeat(50_000), 'x'.repeat(50_001)] }) }),
      'too-large',
    ],
  ])('that %s fails its request alone, which its operator learns and not its client', async (_name, handle, fault) => {
    await using broker = await startBroker({ bind: ANY })
    const [endpoint] = broker.endpoints
    const failures: WorkerFailure[] = []
    await using worker = await startBrokerWorker({
      broker: endpoint,
      service: 'odd',
      handle: (body, call) => (String(body[0]) === 'odd' ? handle(body, call) : body),
      maxMessageBytes: 100_000,
      onFailure: failure => failures.push(failure),
      log: () => undefined,
    })
    await using client = await startBrokerClient({ broker: endpoint, timeoutMs: 20_000 })

    const refusal = await client.request('odd', ['odd']).catch((error: unknown) => error)

    expect(refusal).toMatchObject({ fault })
    expect(String(refusal)).not.toContain('hunter2')
    expect(failures.map(({ service }) => service)).toEqual(fault === 'failed' ? ['odd'] : [])
    for (const { incident, error } of failures) {
      expect(String(refusal)).toContain(incident)
      expect(typeof error.message).toBe('string')
    }
    expect((await client.request('odd', ['well'])).map(String)).toEqual(['well'])
    expect(await broker.statistics()).toMatchObject({ workersRegistered: 1, workers: 1 })
    await worker.stop()
  })

  test.each([
    lying('byteLength', () => 1e9),
    lying('length', fail),
    lying('buffer', () => new ArrayBuffer(1)),
    Object.assign(new Uint8Array(3), { then: 5 }),
  ])('that lies about its bytes is taken by what they are', async frame => {
    await using broker = await startBroker({ bind: ANY })
    const [endpoint] = broker.endpoints
    await using worker = await startBrokerWorker({ broker: endpoint, service: 'odd', handle: () => frame })
    await using client = await startBrokerClient({ broker: endpoint, timeoutMs: 20_000 })

    expect(await client.request('odd', ['x'])).toEqual([Buffer.from([0, 0, 0])])
    await worker.stop()
  })

  test('shows its client the texts of errors that say so, whatever becomes of the log', async () => {
    await using broker = await startBroker({ bind: ANY })
    const [endpoint] = broker.endpoints
    await using worker = await startBrokerWorker({
      broker: endpoint,
      service: 'odd',
      onFailure: fail,
      log: fail,
      handle: ([how]) => {
        throw Object.assign(new Error(`no such order`), { expose: String(how) === 'shown' })
      },
    })
    await using client = await startBrokerClient({ broker: endpoint, timeoutMs: 20_000 })

    await expect(client.request('odd', ['shown'])).rejects.toMatchObject({ fault: 'failed', message: 'no such order' })
    await expect(client.request('odd', ['hidden'])).rejects.toMatchObject({
      fault: 'failed',
      message: expect.stringContaining('incident'),
    })
    await worker.stop()
  })
})

describe('BrokerClient', () => {
  /** A broker that answers each request with the same frames. */
  async function answering(frames: readonly Frame[]): Promise<Sockets['ROUTER'] & { readonly endpoint: string }> {
    const router = await openSocket('ROUTER', { linger: 0, mandatory: false })
    const endpoint = await router.bind(ANY)
    void (async () => {
      for await (const [address] of router) await router.send([address as Buffer, ...frames])
    })().catch(() => undefined)
    return Object.assign(router, { endpoint })
  }

  test.each<[MdpVersion, Frame[]]>([
    ['0.2', ['nonsense']],
    ['0.2', ['']],
    ['0.2', ['', 'MDPC01', 'shout', 'x']],
    ['0.2', ['MDPC02', '\u0004', 'shout', 'x']],
    ['0.2', ['MDPC02', '\u0003', 'another', 'x']],
    ['0.2', ['MDPC02', '\u0003', Buffer.alloc(1_000_000), 'x']],
    ['0.2', ['MDPW02', '\u0002', 'client', '', 'x']],
    ['0.1', ['MDPC01', 'shout', 'x']],
    ['0.1', ['', 'MDPC02', 'shout', 'x']],
  ])('of version %s rejects a request that is answered with %j, and goes on', async (version, frames) => {
    await using hostile = await answering(frames)
    await using client = await startBrokerClient({
      broker: hostile.endpoint,
      version,
      timeoutMs: 20_000,
      maxConnections: 1,
    })

    for (let request = 0; request < 3; request++)
      await expect(client.request('shout', ['x'])).rejects.toBeInstanceOf(BrokerProtocolError)
  })

  test.each<[string, Frame[], Partial<BrokerClientOptions>, new (...args: never[]) => Error]>([
    [
      'an endless text',
      ['MDPC02', '\u0003', 'shout', 'ZERA-ERROR', 'failed', 'x'.repeat(1_000_000)],
      {},
      BrokerReplyError,
    ],
    [
      'parts without end',
      ['MDPC02', '\u0002', 'shout', 'x'.repeat(1000)],
      { maxReplyBytes: 5000 },
      BrokerProtocolError,
    ],
  ])('keeps no more than it may of %s', async (_name, frames, options, error) => {
    await using hostile = await openSocket('ROUTER', { linger: 0, mandatory: false })
    await using client = await startBrokerClient({ broker: await hostile.bind(ANY), timeoutMs: 20_000, ...options })

    const refusal = client.request('shout', ['x']).catch((reason: unknown) => reason)
    const [address] = await hostile.receive()
    for (let part = 0; part < 20; part++) await hostile.send([address as Buffer, ...frames])

    expect(await refusal).toBeInstanceOf(error)
    expect(String(await refusal).length).toBeLessThan(10_000)
  })

  test('gives up a request whose reply has a frame of more than it takes', async () => {
    await using hostile = await answering(['MDPC02', '\u0003', 'shout', Buffer.alloc(100_000)])
    await using client = await startBrokerClient({ broker: hostile.endpoint, timeoutMs: 300, maxReplyBytes: 50_000 })

    await expect(client.request('shout', ['x'])).rejects.toMatchObject({ code: 'ZERA_BROKER_TIMEOUT' })
  })
})

import { MessageChannel } from 'node:worker_threads'
import { createKeys, curveClient, type CurveKeys, openSocket, type Sockets } from '@zera/core'
import { CurveRequiredError, isError, NoClientListError, parseJson } from '@zera/core/internal'
import { ManualClock } from '@zera/core/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { DeviceEndedError, GatewayError } from '../base/errors.js'
import { Deferred } from '../fixtures/deferred.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { until, untilAsync } from '../fixtures/until.js'
import type { GatewayFailure } from './calls/gateway-failure.js'
import type { GatewayCall, GatewayOptions } from './gateway-options.js'
import { startGateway, type Gateway } from './gateway.js'

expectNoLeaksAfterEach()
afterEach(async () => {
  for (const opened of open.splice(0).toReversed()) await opened[Symbol.asyncDispose]()
})

const open: AsyncDisposable[] = []

/** Starts a gateway with a counter, which is stopped after the test. */
async function started(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  let count = 0
  const targets = {
    counter: { methods: ['add'], call: (_method: string, [by]: readonly unknown[]) => (count += Number(by)) },
  }
  const gateway = await startGateway({ bind: 'tcp://127.0.0.1:*', targets, ...options })
  open.push(gateway)
  return gateway
}

/** A client that is closed after the test. */
async function connected(gateway: Gateway, options = {}): Promise<Sockets['DEALER']> {
  const client = await openSocket('DEALER', { linger: 0, ...options })
  open.push(client)
  await client.connect(gateway.endpoints[0])
  return client
}

async function ask(client: Sockets['DEALER'], request: unknown): Promise<unknown> {
  await client.send(['', JSON.stringify(request)])
  return reply(client)
}

async function reply(client: Sockets['DEALER']): Promise<unknown> {
  const [empty, text, ...more] = await client.receive()
  expect([empty?.length, more]).toEqual([0, []])
  return parseJson(String(text))
}

function refusal(code: string, id: unknown = null): unknown {
  return {
    id,
    error: expect.objectContaining({ code, message: expect.stringContaining('Cannot') as string }) as unknown,
  }
}

/** A refusal that does not say why, but by which number the log does. */
function masked(code: string): unknown {
  return {
    id: null,
    error: { code, message: expect.stringContaining('Cannot') as string, incident: expect.any(String) as string },
  }
}

describe('startGateway()', () => {
  test('calls what is listed, for a REQ and for a DEALER', async () => {
    const gateway = await started()
    await using req = await openSocket('REQ')
    await req.connect(gateway.endpoints[0])

    await req.send('{"actor":"counter","method":"add","args":[2]}')
    expect(String((await req.receive())[0])).toBe('{"id":null,"value":2}')
    expect(await ask(await connected(gateway), { actor: 'counter', method: 'add', args: [3], id: 'mine' })).toEqual({
      id: 'mine',
      value: 5,
    })

    expect(await gateway.statistics()).toMatchObject({ requests: 2, values: 2, errors: 0, inFlight: 0, unanswered: 0 })
  })

  test.each([
    ['counter', 'remove'],
    ['clock', 'add'],
    ['counter', 'constructor'],
    ['counter', '__proto__'],
    ['__proto__', 'add'],
    ['constructor', 'call'],
    ['toString', 'call'],
    ['counter', ''],
  ])('does not call %s.%s, which is not listed', async (actor, method) => {
    const gateway = await started()

    expect(await ask(await connected(gateway), { actor, method, id: 1 })).toEqual(refusal('not-allowed', 1))
    expect(await gateway.statistics()).toMatchObject({ errors: 1, errorsByFault: { 'not-allowed': 1 } })
  })

  test('takes and returns objects with any keys', async () => {
    const client = await connected(
      await started({ targets: { echo: { methods: ['echo'], call: (_method, [value]) => value } } }),
    )
    const values = [{ b: [1], '\\': [1] }, { b: [1], '"': [2] }, { b: [1], '\n': [3] }, { '\\n': 1 }, { '\nX': 2 }]

    for (const value of values)
      expect(await ask(client, { actor: 'echo', method: 'echo', args: [value] })).toEqual({ id: null, value })
  })

  test('answers with the error of a call that fails, and one whose result is not JSON or too large', async () => {
    const results: Record<string, () => unknown> = {
      throws: () => {
        throw new GatewayError('no such order')
      },
      rejects: () => Promise.reject(new Error('not now')),
      bigint: () => 1n,
      function: () => () => 1,
      cycle: () => {
        const cycle: unknown[] = []
        cycle.push(cycle)
        return cycle
      },
      large: () => 'x'.repeat(101),
      // oxlint-disable-next-line require-yield -- No value of it is read.
      generator: async function* () {
        begun.push('generator')
      },
      nothing: () => undefined,
    }
    const begun: string[] = []
    const failures: GatewayFailure[] = []
    const onFailure = (failure: GatewayFailure): void => void failures.push(failure)
    const gateway = await started({
      onFailure,
      maxReplyBytes: 100,
      targets: { all: { methods: Object.keys(results), call: method => results[method]?.() } },
    })
    const client = await connected(gateway)

    expect(await ask(client, { actor: 'all', method: 'throws' })).toEqual({
      id: null,
      error: { code: 'failed', message: 'Cannot answer the request: no such order' },
    })
    expect(await ask(client, { actor: 'all', method: 'rejects' })).toEqual(masked('failed'))
    for (const method of ['bigint', 'function', 'cycle', 'large', 'generator'])
      expect(await ask(client, { actor: 'all', method })).toEqual(masked('bad-result'))
    expect(failures.map(({ incident, method, error }) => [incident.length, method, isError(error)])).toEqual(
      ['rejects', 'bigint', 'function', 'cycle', 'large', 'generator'].map(method => [36, method, true]),
    )
    expect(begun).toEqual([])
    expect(await ask(client, { actor: 'all', method: 'nothing' })).toEqual({ id: null, value: null })
  })

  test('answers a call whose result was there in time, when its thread was busy beyond the deadline', async () => {
    const { port1, port2 } = new MessageChannel()
    const call = (): Promise<unknown> => {
      const result = new Promise(resolve => port1.once('message', resolve))
      port2.postMessage('in time')
      for (const begun = performance.now(); performance.now() - begun < 60;);
      return result
    }
    const gateway = await started({ requestTimeoutMs: 20, targets: { slow: { methods: ['wait'], call } } })
    const client = await connected(gateway)

    expect(await ask(client, { id: 1, actor: 'slow', method: 'wait', args: [] })).toEqual({ id: 1, value: 'in time' })
    port1.close()
  })

  test('gives a call up at its deadline, the gateway’s or the client’s, and counts what comes late', async () => {
    const clock = new ManualClock()
    const calls: { readonly signal: AbortSignal; readonly finish: () => void }[] = []
    const call = (_method: string, _args: readonly unknown[], { signal }: GatewayCall): Promise<void> =>
      new Promise(resolve => void calls.push({ signal, finish: resolve }))
    const gateway = await started({
      clock,
      onFailure: () => undefined,
      requestTimeoutMs: 100,
      targets: { slow: { methods: ['wait'], call } },
    })
    const client = await connected(gateway)
    await client.send(['', '{"actor":"slow","method":"wait","id":1}'])
    await client.send(['', '{"actor":"slow","method":"wait","id":2,"timeoutMs":10}'])
    await until('both are under way', () => calls.length === 2)

    clock.advance(10)
    expect(await reply(client)).toEqual(refusal('deadline', 2))
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true])
    clock.advance(90)
    expect(await reply(client)).toEqual(refusal('deadline', 1))

    expect(await gateway.statistics()).toMatchObject({ unanswered: 0, inFlight: 2, late: 0 })
    for (const { finish } of calls) finish()
    await untilAsync('both have settled', async () => (await gateway.statistics()).inFlight === 0)
    expect(await gateway.statistics()).toMatchObject({ late: 2, errorsByFault: { deadline: 2 } })
  })

  test('limits how often a client may ask, and how many calls are under way', async () => {
    const clock = new ManualClock()
    const release = new Deferred()
    const gateway = await started({
      clock,
      rate: { perSecond: 10, burst: 4 },
      maxInFlight: 3,
      maxInFlightPerClient: 2,
      targets: { slow: { methods: ['wait'], call: () => release.promise } },
    })
    const [one, other] = [await connected(gateway), await connected(gateway)]
    const request = { actor: 'slow', method: 'wait' }

    await one.send(['', JSON.stringify(request)])
    await one.send(['', JSON.stringify(request)])
    expect(await ask(one, request)).toEqual(refusal('too-busy'))
    await other.send(['', JSON.stringify(request)])
    expect(await ask(other, request)).toEqual(refusal('too-busy'))
    expect(await ask(one, request)).toEqual(refusal('too-busy'))
    expect(await ask(one, { ...request, id: 9 })).toEqual({
      id: 9,
      error: { code: 'rate-limited', message: expect.any(String) as string, retryMs: 100 },
    })
    clock.advance(100)
    expect(await ask(one, request)).toEqual(refusal('too-busy'))

    release.resolve()
    expect([await reply(one), await reply(one), await reply(other)]).toEqual(
      [1, 2, 3].map(() => ({ id: null, value: null })),
    )
    expect(await gateway.statistics()).toMatchObject({
      requests: 8,
      values: 3,
      errors: 5,
      errorsByFault: { 'too-busy': 4, 'rate-limited': 1 },
    })
  })

  test('pause() leaves requests where they are until resume(), and drain() refuses new ones', async () => {
    const gateway = await started()
    const client = await connected(gateway)
    await ask(client, { actor: 'counter', method: 'add', args: [1] })

    await gateway.pause()
    await client.send(['', '{"actor":"counter","method":"add","args":[1]}'])
    await client.send(['', '{"actor":"counter","method":"add","args":[1]}'])
    await expect(client.receive({ signal: AbortSignal.timeout(100) })).rejects.toThrow(/time/)
    expect((await gateway.statistics()).requests).toBe(1)
    await gateway.resume()
    expect([await reply(client), await reply(client)]).toEqual([2, 3].map(value => ({ id: null, value })))

    expect(await gateway.drain()).toBe(true)
    expect(await ask(client, { actor: 'counter', method: 'add', args: [1] })).toEqual(refusal('stopping'))
    await gateway.resume()
    expect(await ask(client, { actor: 'counter', method: 'add', args: [1] })).toEqual({ id: null, value: 4 })
  })

  test('can be started again in the same place by who supervises it, and its clients go on', async () => {
    const keys = createKeys()
    const friend = createKeys()
    const startAgain = (bind: string | readonly string[]): Promise<Gateway> =>
      started({ bind, curve: { keys, clients: [friend.publicKey] } })
    let gateway = await startAgain('tcp://127.0.0.1:*')
    const client = await connected(gateway, {
      ...curveClient({ keys: friend, serverKey: keys.publicKey }),
      reconnectInterval: 10,
    })

    for (let life = 1; life <= 3; life++) {
      expect(await ask(client, { actor: 'counter', method: 'add', args: [life] })).toEqual({ id: null, value: life })
      await gateway.stop({ timeoutMs: 0 })
      expect(await gateway.ended).toBe(undefined)
      gateway = await startAgain(gateway.endpoints)
    }
  })

  test('stop() finishes calls within its deadline, and answers the others with an error', async () => {
    const release = new Deferred()
    const call = (method: string): unknown => (method === 'wait' ? release.promise : new Promise(() => undefined))
    const gateway = await started({ targets: { slow: { methods: ['wait', 'never'], call } } })
    const client = await connected(gateway)
    await client.send(['', '{"actor":"slow","method":"wait","id":1}'])
    await client.send(['', '{"actor":"slow","method":"never","id":2}'])
    await untilAsync('both are under way', async () => (await gateway.statistics()).inFlight === 2)

    const stopped = gateway.stop({ timeoutMs: 50 })
    release.resolve()

    expect([await reply(client), await reply(client)]).toEqual([{ id: 1, value: null }, refusal('stopping', 2)])
    await stopped
    expect(await gateway.ended).toBe(undefined)
    for (const refused of [
      () => gateway.pause(),
      () => gateway.resume(),
      () => gateway.drain(),
      () => gateway.statistics(),
    ])
      await expect(refused()).rejects.toBeInstanceOf(DeviceEndedError)
  })

  test('counts answers whose client has gone', async () => {
    const calls: (() => void)[] = []
    const gateway = await started({
      targets: { slow: { methods: ['wait'], call: () => new Promise<void>(resolve => void calls.push(resolve)) } },
    })
    const client = await connected(gateway)
    for (let call = 0; call < 100; call++) await client.send(['', '{"actor":"slow","method":"wait"}'])
    await until('all are under way', () => calls.length === 100)

    await client.close()
    // ZeroMQ takes replies until it has seen that the connection is gone.
    await untilAsync('an answer has come back', async () => {
      calls.shift()?.()
      return (await gateway.statistics()).undeliverable > 0
    })
    for (const finish of calls) finish()
    await gateway.drain()

    expect(await gateway.statistics()).toMatchObject({ values: 100, unanswered: 0, inFlight: 0 })
  })

  test('is not held up by a client that does not read, and counts what it could not give it', async () => {
    const gateway = await started({
      maxInFlightPerClient: 10,
      targets: { large: { methods: ['get'], call: () => 'x'.repeat(100_000) } },
    })
    const [stuck, client] = [await connected(gateway, { receiveHighWaterMark: 1 }), await connected(gateway)]

    await untilAsync('there is no room for its replies', async () => {
      await stuck.send(['', '{"actor":"large","method":"get"}'])
      expect(await ask(client, { actor: 'none', method: 'none' })).toEqual(refusal('not-allowed'))
      return (await gateway.statistics()).undeliverable > 0
    })

    expect(await gateway.drain()).toBe(true)
  })

  test('has no limits where its options say so', async () => {
    const gateway = await started({
      maxRequestBytes: Infinity,
      maxReplyBytes: Infinity,
      maxInFlight: Infinity,
      maxInFlightPerClient: Infinity,
      requestTimeoutMs: Infinity,
      rate: { perSecond: Infinity, burst: Infinity },
    })

    expect(
      await ask(await connected(gateway), { actor: 'counter', method: 'add', args: [2, 'x'.repeat(2_000_000)] }),
    ).toEqual({ id: null, value: 2 })
  })

  test('throws what a list of methods throws, and leaves nothing open', async () => {
    const error = new Error('no list')
    const target = {
      call: () => 1,
      get methods(): string[] {
        throw error
      },
    }

    await expect(started({ targets: { target } })).rejects.toBe(error)
  })

  test('ends a stream that a call gives, before it has begun', async () => {
    const asked: string[] = []
    const stream = {
      next: () => asked.push('next'),
      return: () => asked.push('return'),
      [Symbol.asyncIterator]: () => stream,
    }
    const client = await connected(
      await started({ onFailure: () => undefined, targets: { bad: { methods: ['be'], call: () => stream } } }),
    )

    expect(await ask(client, { actor: 'bad', method: 'be' })).toEqual(masked('bad-result'))
    expect(asked).toEqual(['return'])
  })

  test('refuses a request for a stream, and names the fields that there are', async () => {
    const client = await connected(await started())

    expect(await ask(client, { actor: 'counter', method: 'add', args: [1], stream: true })).toEqual(
      refusal('bad-request'),
    )
    expect(await ask(client, { actor: 'counter', method: 'add', args: [1] })).toEqual({ id: null, value: 1 })
  })

  test('goes on when onFailure throws', async () => {
    const onFailure = (): never => {
      throw new Error('no log')
    }
    const client = await connected(await started({ onFailure, targets: { bad: { methods: ['be'], call: () => 1n } } }))

    for (let asked = 0; asked < 2; asked++)
      expect(await ask(client, { actor: 'bad', method: 'be' })).toEqual(masked('bad-result'))
  })

  test.each<[string, Partial<GatewayOptions>]>([
    ['no endpoint', { bind: [] }],
    ['a deadline of 0', { requestTimeoutMs: 0 }],
    ['a burst of nothing', { rate: { perSecond: 1, burst: 0.5 } }],
    ['no room for what one client may not have read', { maxReplyBytes: 1000, maxUnreadBytes: 8999 }],
    ['a method that is no name', { targets: { counter: { methods: [7 as never], call: () => 1 } } }],
    ['an onFailure that is no function', { onFailure: 'log' as never }],
    ['a target without a function', { targets: { counter: { methods: ['add'] } as never } }],
  ])('refuses %s', async (_name, options) => {
    await expect(started(options)).rejects.toThrow(/^Cannot start the gateway/)
  })
})

describe('startGateway() with CURVE', () => {
  const server = createKeys()
  const friend = createKeys()

  test.each(['tcp://0.0.0.0:*', 'tcp://*:*', 'tcp://[::]:*', 'tcp://eth0:*', 'tcp://localhost.example.org:*'])(
    'refuses to bind to %s without keys',
    async endpoint => {
      await expect(started({ bind: ['tcp://127.0.0.1:*', endpoint] })).rejects.toBeInstanceOf(CurveRequiredError)
    },
  )

  test('binds to everything unencrypted only when its options say so', async () => {
    const gateway = await started({ bind: 'tcp://0.0.0.0:*', curve: 'none' })

    expect(gateway.endpoints).toHaveLength(1)
  })

  test('lets clients in whose key is on the list, and counts those whose key is not', async () => {
    const gateway = await started({ bind: 'tcp://0.0.0.0:*', curve: { keys: server, clients: [friend.publicKey] } })
    const client = await connected(gateway, curveClient({ keys: friend, serverKey: server.publicKey }))
    const stranger = await connected(gateway, curveClient({ keys: createKeys(), serverKey: server.publicKey }))
    const plain = await connected(gateway)
    const mistaken = await connected(gateway, curveClient({ keys: friend, serverKey: createKeys().publicKey }))
    // A socket that was refused has no peer to send to, so its send may wait until it is closed.
    for (const refused of [stranger, plain, mistaken])
      refused.send(['', '{"actor":"counter","method":"add","args":[1000]}']).catch(() => undefined)

    expect(await ask(client, { actor: 'counter', method: 'add', args: [1] })).toEqual({ id: null, value: 1 })
    await untilAsync('the stranger was refused', async () => (await gateway.statistics()).denied > 0)
    expect(await ask(client, { actor: 'counter', method: 'add', args: [1] })).toEqual({ id: null, value: 2 })
    expect(await gateway.statistics()).toMatchObject({ requests: 2, authenticated: 1 })
  })

  test('setClients() is refused without keys', async () => {
    const gateway = await started()

    await expect(gateway.setClients([createKeys().publicKey])).rejects.toBeInstanceOf(NoClientListError)
  })

  test('setClients() lets others in than before; a key that is none leaves the list as it was', async () => {
    const other = createKeys()
    const gateway = await started({ curve: { keys: server, clients: [friend.publicKey] } })
    const add = async (keys: CurveKeys): Promise<unknown> => {
      await using client = await openSocket('DEALER', {
        linger: 0,
        ...curveClient({ keys, serverKey: server.publicKey }),
      })
      await client.connect(gateway.endpoints[0])
      client.send(['', '{"actor":"counter","method":"add","args":[1]}']).catch(() => undefined)
      const { denied } = await gateway.statistics()
      const refused = untilAsync('it is refused', async () => (await gateway.statistics()).denied > denied).then(
        () => 'refused',
      )
      return await Promise.race([reply(client).catch(() => 'closed'), refused])
    }

    await expect(gateway.setClients(['no key'])).rejects.toBeInstanceOf(RangeError)
    expect([await add(friend), await add(other)]).toEqual([{ id: null, value: 1 }, 'refused'])
    await gateway.setClients([other.publicKey])
    expect([await add(friend), await add(other)]).toEqual(['refused', { id: null, value: 2 }])
    await gateway.setClients('any')
    expect(await add(friend)).toEqual({ id: null, value: 3 })
  })

  test('keeps the lists of two gateways apart, and starts again after both have stopped', async () => {
    const other = createKeys()
    const one = await started({ curve: { keys: server, clients: [friend.publicKey] } })
    const two = await started({ curve: { keys: other, clients: 'any' } })

    const stranger = createKeys()
    expect(
      await ask(await connected(two, curveClient({ keys: stranger, serverKey: other.publicKey })), {
        actor: 'counter',
        method: 'add',
        args: [7],
      }),
    ).toEqual({ id: null, value: 7 })
    await connected(one, curveClient({ keys: stranger, serverKey: server.publicKey }))
    await untilAsync('the stranger was refused', async () => (await one.statistics()).denied > 0)
    await one.stop()
    await two.stop()

    const three = await started({ curve: { keys: server, clients: [friend.publicKey] } })
    expect(
      await ask(await connected(three, curveClient({ keys: friend, serverKey: server.publicKey })), {
        actor: 'counter',
        method: 'add',
        args: [1],
      }),
    ).toEqual({ id: null, value: 1 })
  })

  test.each([
    [
      'keys that do not belong together',
      { keys: { publicKey: friend.publicKey, secretKey: server.secretKey }, clients: 'any' as const },
    ],
    ['a client’s key that is none', { keys: server, clients: ['secret'] }],
  ])('refuses %s', async (_name, curve) => {
    await expect(started({ curve })).rejects.toBeInstanceOf(RangeError)
  })
})

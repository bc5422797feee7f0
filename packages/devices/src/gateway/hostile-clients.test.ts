import { createKeys, curveClient, openSocket, type Frame, type Sockets } from '@zera/core'
import { afterEach, describe, expect, test } from 'vitest'
import { GatewayChild } from '../fixtures/gateway-child.js'
import { deepValue, ODD_NUMBERS, ODD_RESULTS } from '../fixtures/hostile-targets.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'

expectNoLeaksAfterEach()
afterEach(async () => {
  for (const opened of open.splice(0).toReversed()) await opened[Symbol.asyncDispose]()
})

const MIB = 1024 * 1024
const server = createKeys()
const listed = createKeys()
const open: AsyncDisposable[] = []
const ECHO = JSON.stringify({ actor: 'echo', method: 'echo', args: ['hello'] })

async function started(options: Parameters<typeof GatewayChild.start>[0] = {}): Promise<GatewayChild> {
  const child = await GatewayChild.start({ curve: { keys: server, clients: [listed.publicKey] }, ...options })
  open.push(child)
  return child
}

/** A client whose key is on the list. */
async function connected({ endpoint }: GatewayChild, options: object = {}): Promise<Sockets['DEALER']> {
  const client = await openSocket('DEALER', {
    linger: 0,
    ...curveClient({ keys: listed, serverKey: server.publicKey }),
    ...options,
  })
  open.push(client)
  await client.connect(endpoint)
  return client
}

async function ask(
  client: Sockets['DEALER'],
  ...frames: readonly Frame[]
): Promise<{ readonly value?: unknown; readonly error?: { readonly code: string; readonly message: string } }> {
  await client.send(['', ...frames])
  return JSON.parse(String((await client.receive({ signal: AbortSignal.timeout(20_000) })).at(-1))) as object
}

/** Asks as an honest client does, again and again, until something is done. */
async function askMeanwhile(child: GatewayChild, attack: () => Promise<void>): Promise<void> {
  const honest = await connected(child)
  const over = new AbortController()
  const attacked = attack().finally(() => over.abort())
  // Looked at when the loop has ended.
  attacked.catch(() => undefined)
  while (!over.signal.aborted) {
    expect(await ask(honest, ECHO)).toEqual({ id: null, value: 'hello' })
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  await attacked
}

function flood(client: Sockets['DEALER'], messages: number, frames: readonly Frame[]): Promise<unknown> {
  return Promise.all(Array.from({ length: messages }, () => client.send(frames).catch(() => undefined)))
}

function isDeepWritten(): boolean {
  try {
    JSON.stringify(deepValue())
    return true
  } catch {
    return false
  }
}

describe('startGateway() with hostile clients', () => {
  test('is not ended by anything that a call throws, or returns, and answers each once', async () => {
    const child = await started({ requestTimeoutMs: 2000 })
    const client = await connected(child)
    const odd = (method: string, arg: unknown): string => JSON.stringify({ actor: 'odd', method, args: [arg] })

    for (const [method, times] of Object.entries(ODD_NUMBERS)) {
      for (let at = 0; at < times; at++)
        expect([method, at, (await ask(client, odd(method, at))).error]).toMatchObject([
          method,
          at,
          { code: 'failed', message: expect.not.stringContaining('odd') as string },
        ])
    }
    for (const result of ODD_RESULTS)
      expect([result, (await ask(client, odd('result', result))).error?.code]).toEqual([
        result,
        result === 'liar' ? 'failed' : result === 'deep' && isDeepWritten() ? undefined : 'bad-result',
      ])
    for (const [actor, method] of [
      ['never', 'wait'],
      ['late', 'throw'],
    ])
      expect((await ask(client, JSON.stringify({ actor, method, timeoutMs: 20 }))).error?.code).toBe('deadline')
    expect(await ask(client, ECHO)).toEqual({ id: null, value: 'hello' })

    const { statistics } = await child.state()
    const asked = ODD_NUMBERS.throw + ODD_NUMBERS.rejects + ODD_NUMBERS.return + ODD_RESULTS.length
    expect(statistics).toMatchObject({
      requests: asked + 3,
      errors: asked + 2 - (isDeepWritten() ? 1 : 0),
      values: 1 + (isDeepWritten() ? 1 : 0),
      unanswered: 0,
      inFlight: 1,
      late: 1,
    })
    expect(child.stderr).toContain('incident')
    expect(await child.stop()).toBe('0')
  })

  test('keeps no more of what clients do not read than it may, in ever so many connections', async () => {
    const child = await started({ maxUnreadBytes: 16 * MIB })
    const { rssBytes } = await child.state()
    const clients = await Promise.all(Array.from({ length: 12 }, () => connected(child, { receiveHighWaterMark: 1 })))

    await askMeanwhile(child, async () => {
      for (const client of clients) void flood(client, 60, ['', '{"actor":"large","method":"get"}'])
      await untilAsync(
        'many values were refused',
        async () => (await child.state()).statistics.errorsByFault['too-busy'] > 100,
      )
    })

    const { statistics, peakBytes } = await child.state()
    expect(statistics.unreadBytes).toBeLessThan(17 * MIB)
    // What it may keep is copied on its way, and there is what is collected later.
    expect(peakBytes - rssBytes).toBeLessThan(180 * MIB)
  })

  test('keeps no more of the arguments of calls than it may, as they were parsed', async () => {
    const child = await started({ maxHeldBytes: 16 * MIB })
    const { rssBytes } = await child.state()
    const clients = await Promise.all(Array.from({ length: 4 }, () => connected(child)))
    const text = `{"actor":"never","method":"wait","args":[${'[[[[[[[[[[]]]]]]]]]],'.repeat(3000)}0]}`

    await askMeanwhile(child, async () => {
      for (const client of clients) void flood(client, 60, ['', text])
      await untilAsync(
        'many calls were refused',
        async () => (await child.state()).statistics.errorsByFault['too-busy'] > 200,
      )
    })

    const { statistics, peakBytes } = await child.state()
    expect([statistics.heldBytes <= 16 * MIB, statistics.inFlight > 2]).toEqual([true, true])
    // Without the limit it would be 400 MiB.
    expect(peakBytes - rssBytes).toBeLessThan(120 * MIB)
  })

  test('gives back what calls held when they have settled', async () => {
    const child = await started()
    const client = await connected(child)
    const wide = `{"actor":"echo","method":"echo","args":[[${'[],'.repeat(20_000)}0]]}`

    for (let asked = 0; asked < 20; asked++) expect((await ask(client, wide)).value).toHaveLength(20_001)

    expect((await child.state()).statistics).toMatchObject({ values: 20, heldBytes: 0, inFlight: 0 })
  })

  test('keeps nothing of envelopes that are too large, and answers each with an error', async () => {
    const child = await started()
    const { rssBytes } = await child.state()
    const clients = await Promise.all(Array.from({ length: 4 }, () => connected(child)))
    const hops = Array.from({ length: 15 }, () => 'x'.repeat(120_000))
    const never = '{"actor":"never","method":"wait"}'

    await askMeanwhile(child, async () => {
      for (const client of clients) void flood(client, 25, [...hops, '', never])
      for (const client of clients) void flood(client, 5, ['', ...Array.from({ length: 250 }, () => 'x'), never])
      await untilAsync(
        'all are answered',
        async () => (await child.state()).statistics.errorsByFault['bad-envelope'] === 120,
      )
    })

    const { statistics, peakBytes } = await child.state()
    expect(statistics).toMatchObject({ inFlight: 0, heldBytes: 0, errorsByFault: { 'bad-envelope': 120 } })
    expect(peakBytes - rssBytes).toBeLessThan(150 * MIB)
  })

  test.each([
    ['no JSON', 2000, ['', 'x']],
    ['no envelope', 2000, ['x', 'y', 'z']],
    ['what is too large', 200, ['', ' '.repeat(70_000)]],
    ['what is not listed', 2000, ['', '{"actor":"none","method":"none"}']],
  ])('answers no more of %s than a client’s rate allows, and a few', async (_name, messages, frames) => {
    const child = await started({ rate: { perSecond: 10, burst: 20 } })
    const client = await connected(child)
    const startMs = performance.now()

    await flood(client, messages, frames)
    await untilAsync('all have arrived', async () => (await child.state()).statistics.requests === messages)

    const seconds = (performance.now() - startMs) / 1000
    const { statistics } = await child.state()
    expect(statistics.errors).toBeLessThanOrEqual(20 + 16 + 11 * (seconds + 1))
    expect(statistics.ignored).toBe(messages - statistics.errors)
    expect(await ask(await connected(child), ECHO)).toEqual({ id: null, value: 'hello' })
  })

  test('gives a client that comes with another’s routing id nothing of that one’s', async () => {
    const child = await started()
    const first = await connected(child, { routingId: 'mine' })
    expect(await ask(first, ECHO)).toEqual({ id: null, value: 'hello' })
    const second = await connected(child, { routingId: 'mine' })

    for (let asked = 0; asked < 20; asked++) {
      const own = (id: number): string => JSON.stringify({ actor: 'echo', method: 'echo', args: [id], id })
      expect(await Promise.all([ask(first, own(1)), ask(second, own(2))])).toEqual([
        { id: 1, value: 1 },
        { id: 2, value: 2 },
      ])
    }

    expect((await child.state()).statistics.requests).toBe(41)
  })

  test('keeps nothing for strangers, and serves those on its list meanwhile', async () => {
    const child = await started()
    const { rssBytes } = await child.state()

    await askMeanwhile(child, async () => {
      for (let round = 0; round < 5; round++) {
        const strangers = await Promise.all(
          Array.from({ length: 20 }, async () => {
            const stranger = await openSocket('DEALER', {
              linger: 0,
              ...curveClient({ keys: createKeys(), serverKey: server.publicKey }),
            })
            await stranger.connect(child.endpoint)
            void flood(stranger, 20, ['', 'x'.repeat(60_000)])
            return stranger
          }),
        )
        await untilAsync('they are denied', async () => (await child.state()).statistics.denied >= 20 * (round + 1))
        await Promise.all(strangers.map(stranger => stranger.close()))
      }
    })

    const { statistics, peakBytes } = await child.state()
    expect(statistics.requests).toBe(statistics.values)
    expect(peakBytes - rssBytes).toBeLessThan(100 * MIB)
  })
})

import { openSocket, type Frame } from '@zera/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { untilAsync } from '../fixtures/until.js'
import { startBroker } from './broker.js'
import { startBrokerClient } from './peers/broker-client.js'
import { startBrokerWorker } from './peers/broker-worker.js'
import type { Malformation } from './protocol/mdp.js'

expectNoLeaksAfterEach()

const MESSAGES = 10_000

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map(frame => Buffer.from(frame))
const junk = fc.array(bytes, { maxLength: 5 })
const client = fc.constantFrom<Frame[]>(['', 'MDPC01'], ['MDPC02', '\x01'])
const worker = fc.constantFrom<Frame[]>(['', 'MDPW01'], ['MDPW02'])
const badName = fc.oneof(
  fc.constantFrom<Frame>(
    '',
    '\0',
    'line\nbreak',
    'x'.repeat(256),
    'x'.repeat(60_000),
    Buffer.from([0xc3, 0x28]),
    Buffer.from([0xed, 0xa0, 0x80]),
  ),
  bytes.map(tail => Buffer.concat([Buffer.from([0xff]), tail])),
)

function of(
  problem: Malformation,
  frames: fc.Arbitrary<Frame[]>,
): fc.Arbitrary<{ readonly problem: Malformation; readonly frames: Frame[] }> {
  return frames.map(made => ({ problem, frames: made }))
}

/** What is none of the protocol, in each way that there is. */
const malformed = fc.oneof(
  of(
    'header',
    fc.tuple(bytes, junk).map(([first, rest]) => [first, ...rest]),
  ),
  of(
    'header',
    fc.tuple(bytes, junk).map(([header, rest]) => ['', header, ...rest]),
  ),
  of(
    'header',
    junk.map(rest => ['', '', 'MDPC01', 'echo', ...rest]),
  ),
  of(
    'header',
    fc.constantFrom('__proto__', 'constructor', 'toString', 'MDPC0\u0661').map(header => ['', header, 'echo', 'x']),
  ),
  of(
    'header',
    fc
      .integer({ min: 17, max: 900 })
      .map(hops => [...Array.from({ length: hops }, () => 'hop'), '', 'MDPC01', 'echo', 'x']),
  ),
  of(
    'frame-count',
    client.map(head => [...head, 'echo']),
  ),
  of(
    'frame-count',
    worker.map(head => [...head, '\x01']),
  ),
  of(
    'frame-count',
    fc
      .tuple(worker, fc.integer({ min: 1, max: 900 }))
      .map(([head, more]) => [...head, '\x01', 'echo', ...Array.from({ length: more }, () => 'more')]),
  ),
  of(
    'command',
    fc
      .tuple(worker, fc.integer({ min: 7, max: 255 }), junk)
      .map(([head, code, rest]) => [...head, Buffer.from([code]), ...rest]),
  ),
  of(
    'command',
    fc.tuple(worker, junk).map(([head, rest]) => [...head, '\x02', 'client', '', ...rest]),
  ),
  of(
    'command',
    fc
      .tuple(fc.constantFrom('', '\x02', '\x03', '\x01\x01'), junk)
      .map(([code, rest]) => ['MDPC02', code, 'echo', ...rest]),
  ),
  of(
    'service-name',
    fc.tuple(client, badName, bytes).map(([head, name, body]) => [...head, name, body]),
  ),
  of(
    'service-name',
    fc.tuple(worker, badName).map(([head, name]) => [...head, '\x01', name]),
  ),
  of(
    'client-address',
    fc.tuple(bytes, bytes).map(([address, noEmpty]) => ['', 'MDPW01', '\x03', address, noEmpty, 'x']),
  ),
  of(
    'client-address',
    bytes.map(body => ['MDPW02', '\x04', '', '', body]),
  ),
)

test('startBroker() goes on serving through 10,000 malformed messages, and counts each once', async () => {
  const lines: string[] = []
  await using broker = await startBroker({ bind: 'tcp://127.0.0.1:*', log: line => lines.push(line) })
  const [endpoint] = broker.endpoints
  await using echo = await startBrokerWorker({ broker: endpoint, service: 'echo', handle: body => body })
  await using asking = await startBrokerClient({ broker: endpoint, timeoutMs: 20_000 })
  await using attacker = await openSocket('DEALER')
  await attacker.connect(endpoint)
  const messages = fc.sample(malformed, MESSAGES)
  const expected: Record<Malformation, number> = {
    'frame-count': 0,
    header: 0,
    command: 0,
    'service-name': 0,
    'client-address': 0,
  }
  for (const { problem } of messages) expected[problem] += 1

  for (const [at, { frames }] of messages.entries()) {
    const sent = attacker.send(frames)
    if (at % 100 !== 0) continue
    await sent
    expect((await asking.request('echo', [`${at}`])).map(String)).toEqual([`${at}`])
  }
  await untilAsync(
    'all have arrived',
    async () => Object.values((await broker.statistics()).malformed).reduce((sum, count) => sum + count) === MESSAGES,
  )

  expect(await broker.statistics()).toMatchObject({
    malformed: expected,
    requests: MESSAGES / 100,
    replies: MESSAGES / 100,
    errors: 0,
    workers: 1,
    undeliverable: 0,
  })
  expect(lines).toHaveLength(MESSAGES)
  await echo.stop()
})

test('startBroker() takes services with names of prototypes for services like any other', async () => {
  await using broker = await startBroker({ bind: 'tcp://127.0.0.1:*', requestTimeoutMs: 50 })
  const [endpoint] = broker.endpoints
  await using asking = await startBrokerClient({ broker: endpoint })
  await using echo = await startBrokerWorker({ broker: endpoint, service: '__proto__', handle: body => body })
  await untilAsync('it has registered', async () => (await broker.statistics()).workers === 1)

  expect(String((await asking.request('__proto__', ['x']))[0])).toBe('x')
  for (const name of ['constructor', 'toString', 'hasOwnProperty'])
    await expect(asking.request(name, ['x'])).rejects.toMatchObject({ fault: 'no-worker' })
  await echo.stop()
})

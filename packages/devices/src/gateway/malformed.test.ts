import { openSocket, type Frame } from '@zera/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import type { GatewayFault } from './calls/gateway-fault.js'
import { startGateway } from './gateway.js'

expectNoLeaksAfterEach()

const MESSAGES = 10_000
const MAX_REQUEST_BYTES = 2000

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map(frame => Buffer.from(frame))
const request = { actor: 'echo', method: 'echo' }

function of(
  fault: GatewayFault,
  frames: fc.Arbitrary<Frame[]>,
): fc.Arbitrary<{ readonly fault: GatewayFault; readonly frames: Frame[] }> {
  return frames.map(made => ({ fault, frames: made }))
}

function json(fault: GatewayFault, text: fc.Arbitrary<Frame>): ReturnType<typeof of> {
  return of(
    fault,
    text.map(frame => ['', frame]),
  )
}

function nested(depth: number): string {
  return `{"actor":"echo","method":"echo","args":${'['.repeat(depth)}${']'.repeat(depth)}}`
}

/** What no call comes of, in each way that there is. */
const malformed = fc.oneof(
  of('bad-envelope', fc.array(bytes, { minLength: 1, maxLength: 5 })),
  of(
    'bad-envelope',
    fc.array(bytes, { minLength: 2, maxLength: 900 }).map(frames => ['', ...frames]),
  ),
  of('bad-envelope', fc.constantFrom<Frame[]>([''], ['{"actor":"echo","method":"echo"}'])),
  json(
    'too-large',
    fc.integer({ min: 1, max: 60_000 }).map(more => Buffer.alloc(MAX_REQUEST_BYTES + more, ' ')),
  ),
  json('too-large', fc.constant(JSON.stringify({ ...request, args: ['x'.repeat(MAX_REQUEST_BYTES)] }))),
  json(
    'bad-json',
    bytes.map(frame => Buffer.concat([frame, Buffer.from([0xff])])),
  ),
  json(
    'bad-json',
    fc.integer({ min: 1, max: 30 }).map(length => JSON.stringify({ ...request, args: ['é'] }).slice(0, length)),
  ),
  json(
    'bad-json',
    fc.constantFrom('', '{', 'NaN', '{"actor":"echo",}', "{'actor':'echo'}", '\ufeff{}').filter(text => text !== ''),
  ),
  json('bad-json', fc.integer({ min: 65, max: 900 }).map(nested)),
  json(
    'bad-request',
    fc
      .jsonValue({ maxDepth: 3 })
      .filter(value => typeof value !== 'object' || value === null || Array.isArray(value))
      .map(value => JSON.stringify(value)),
  ),
  json(
    'bad-request',
    fc
      .constantFrom(
        { actor: 'echo' },
        { method: 'echo' },
        { actor: 7, method: 'echo' },
        { actor: null, method: null },
        { ...request, args: { length: 1 } },
        { ...request, args: 'x' },
        { ...request, timeoutMs: -1 },
        { ...request, id: [] },
        { ...request, id: 'x'.repeat(300) },
        { ...request, more: 1 },
        { ...request, constructor: 1 },
        { ...request, toString: 'x' },
      )
      .map(value => JSON.stringify(value)),
  ),
  json(
    'forbidden-key',
    fc.constantFrom(
      '{"__proto__":{"isAdmin":true},"actor":"echo","method":"echo"}',
      '{"actor":"echo","method":"echo","args":[{"__proto__":{"isAdmin":true}}]}',
      '{"actor":"echo","method":"echo","args":[{"a":{"\\u005f\\u005fproto__":[]}}]}',
      '{"actor":"echo","method":"echo","args":[{"constructor":{"prototype":{"isAdmin":true}}}]}',
    ),
  ),
  json(
    'not-allowed',
    fc
      .tuple(
        fc.constantFrom('echo', '__proto__', 'constructor', 'toString', 'valueOf', 'hidden'),
        fc.constantFrom('__proto__', 'constructor', 'toString', 'call', 'hidden', ''),
      )
      .map(([actor, method]) => JSON.stringify({ actor, method, args: ['return process'] })),
  ),
)

test('startGateway() goes on serving through 10,000 malformed requests, and answers and counts each once', async () => {
  const echoed: unknown[] = []
  const target = {
    methods: ['echo'],
    call: (_method: string, args: readonly unknown[]) => (echoed.push(args[0]), args[0]),
    hidden: () => 'secret',
  }
  await using gateway = await startGateway({
    bind: 'tcp://127.0.0.1:*',
    targets: { echo: target },
    maxRequestBytes: MAX_REQUEST_BYTES,
    rate: { perSecond: 1e9, burst: 1e9 },
  })
  const [endpoint] = gateway.endpoints
  await using friend = await openSocket('DEALER')
  await friend.connect(endpoint)
  await using attacker = await openSocket('DEALER')
  await attacker.connect(endpoint)
  const messages = fc.sample(malformed, MESSAGES)
  const expected: Partial<Record<GatewayFault, number>> = {}
  for (const { fault } of messages) expected[fault] = (expected[fault] ?? 0) + 1

  for (const [at, { fault, frames }] of messages.entries()) {
    void attacker.send(frames)
    const [, text] = await attacker.receive()
    expect(JSON.parse(String(text))).toMatchObject({ error: { code: fault } })
    if (at % 100 !== 0) continue
    await friend.send(['', JSON.stringify({ ...request, args: [at] })])
    expect(String((await friend.receive())[1])).toBe(`{"id":null,"value":${at}}`)
  }

  expect(await gateway.statistics()).toMatchObject({
    requests: MESSAGES + MESSAGES / 100,
    values: MESSAGES / 100,
    errors: MESSAGES,
    errorsByFault: expected,
    unanswered: 0,
    undeliverable: 0,
  })
  expect(echoed).toHaveLength(MESSAGES / 100)
  expect(({} as { isAdmin?: boolean }).isAdmin).toBe(undefined)
})

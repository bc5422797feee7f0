import { decodeValues, encodeValues } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { BLACK_BOX_BYTES } from '../../../model/events/layout.js'
import type { HostSignalDown } from '../../../platform/host-signals.js'
import { NODE_PROTOCOL, type Bare, type Order, type Report, type StartOptions } from '../control.js'
import { bare } from './bare.js'
import { order } from './order.js'
import { report } from './report.js'
import { read, type Reading, type Shape } from './shape.js'

const KEY = 'a'.repeat(40)
const options: StartOptions = {
  isSpare: false,
  modules: ['file:///a.js'],
  name: 'zera/1.1',
  incarnation: 1,
  startMs: Infinity,
  maxHeapMb: 20,
  container: 'file:///b.js',
  log: { level: 'warn', sink: 'file:///c.js' },
}
const terms = {
  name: '1-2',
  incarnation: 3,
  token: 'f'.repeat(32),
  role: 'bind' as const,
  endpoint: 'tcp://127.0.0.1:7000' as const,
  doorKey: KEY,
}
const account = { accepted: -1, received: 2, unbegun: [0], begun: [32_767], refused: [1] }
const receipt = {
  thread: 'zera/1.1',
  incarnation: 1,
  startedAtMs: 1,
  stoppedAtMs: 2,
  durationMs: 1,
  exitCode: 0,
  outcome: 'clean' as const,
  reason: 'stopped' as const,
  left: { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 1 },
}
const down = { thread: 'zera/1.1', incarnation: 1, reason: 'threw' as const, exitCode: 1, error: new RangeError('no') }
const refusal = { problem: 'no room', open: 7, limit: 8 }
const signal = (name: HostSignalDown['signal'], data: unknown, handedOver?: typeof terms): Order => ({
  kind: 'signal',
  thread: 1,
  signal: name,
  data,
  terms: handedOver,
})

const ORDERS: readonly Order[] = [
  { kind: 'start', thread: 1, options },
  { kind: 'start', thread: 1, options: { ...options, log: false } },
  { kind: 'stop', thread: 1, timeoutMs: Infinity },
  { kind: 'kill', thread: 1 },
  { kind: 'admit', thread: 1, link: 3, publicKey: KEY },
  { kind: 'dismiss', thread: 1, link: 3 },
  { kind: 'close' },
  signal('assume', 7),
  signal('preload', { url: 'file:///a.js' }),
  signal('linked', { peer: 2 }, terms),
  signal('admitted', { peer: 2, link: 3 }),
  signal('severed', { peer: 2, link: 3, refusal }),
  signal('down', { peer: 2, reason: 'killed', redelivery: { actors: [[7, Infinity]], keepsUnbegun: true }, account }),
  signal('gone', { peer: 2 }),
]

const REPORTS: readonly Report[] = [
  { kind: 'started', thread: 1, endpoint: 'tcp://127.0.0.1:7000', doorKey: KEY },
  { kind: 'failed', thread: 1, error: new RangeError('no') },
  { kind: 'signal', thread: 1, signal: 'introduce', data: { peer: 2 } },
  { kind: 'signal', thread: 1, signal: 'keyed', data: { link: 3, publicKey: KEY } },
  { kind: 'signal', thread: 1, signal: 'admitted', data: { link: 3 } },
  { kind: 'signal', thread: 1, signal: 'faulted', data: { peer: 2, link: 3, problem: 'odd' } },
  { kind: 'signal', thread: 1, signal: 'sever', data: { peer: 2, link: 3, refusal } },
  {
    kind: 'down',
    thread: 1,
    down: { down, receipt, lost: 0, accounts: [[3, account]], blackBox: new Uint8Array(BLACK_BOX_BYTES) },
  },
  { kind: 'closed' },
]

const BARES: readonly Bare[] = [
  {
    open: {
      protocol: NODE_PROTOCOL,
      system: 'f'.repeat(32),
      root: 'file:///a/',
      threads: 1,
      heartbeatMs: 10,
      deadlineMs: 20,
    },
  },
  { open: { protocol: NODE_PROTOCOL + 1 } },
  { opened: true },
  { refused: { why: 'protocol', protocol: 2 } },
  { refused: { why: 'busy' } },
  { refused: { why: 'threads', maxThreads: 2 } },
  { beat: 1, echo: 0, rssBytes: 0 },
  { ended: 'over' },
]

/** A message as it arrives. */
const travel = (message: unknown): unknown => decodeValues(JSON.parse(encodeValues([message])))[0]

describe.each<[string, Shape<object>, readonly object[]]>([
  ['order', order, ORDERS],
  ['report', report, REPORTS],
  ['bare', bare, BARES],
])('%s', (_name, shape, messages) => {
  const reading = (message: unknown): Reading<object> => read(shape, message, 'message')

  test('reads each message that there is', () => {
    for (const message of messages) expect(reading(travel(message))).toEqual({ value: message })
  })

  test('refuses each that has one part of another kind', () => {
    for (const message of messages) {
      const taken = spoilt(message)
        .map(reading)
        .filter(one => 'value' in one)
      expect(taken).toEqual([])
    }
  })

  test.each([
    undefined,
    null,
    7,
    'x',
    [],
    [[]],
    {},
    new Map(),
    Object.create(null) as object,
    { kind: '__proto__' },
    { kind: 'toString' },
    JSON.parse('{"__proto__":{"kind":"close"}}'),
  ])('refuses %j', nonsense => {
    expect(reading(nonsense)).toEqual({ reason: expect.any(String) as string })
  })
})

test('an error whose parts are no texts is read as one that says so', () => {
  const odd = Object.assign(new Error('no'), { message: { x: 1 }, stack: 7 })

  const reading = read(report, { kind: 'failed', thread: 1, error: odd }, 'message') as {
    readonly value: { readonly error: Error }
  }

  expect(reading.value.error.message).toContain('cannot be read')
})

/** A message in each of the ways in which one part of it is what it is nowhere, but for what is inside of errors. */
function spoilt(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null || node instanceof Error || node instanceof Uint8Array) return []
  return Object.entries(node).flatMap(([key, value]) => {
    const withPart = (part: unknown): unknown =>
      Array.isArray(node) ? node.with(Number(key), part) : { ...node, [key]: part }
    return [
      ...[{ rhubarb: true }, NaN, null, [null], ''].filter(part => !isAlike(part, value)).map(withPart),
      ...spoilt(value).map(withPart),
    ]
  })
}

/** Whether a text is another text: some may be empty. */
function isAlike(part: unknown, value: unknown): boolean {
  return typeof part === 'string' && typeof value === 'string'
}

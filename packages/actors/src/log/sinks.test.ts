import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN } from '../../../core/dist/fixtures/odd-values.js'
import { LogSinkError, startSystem } from '../index.js'
import type { LogData, LogLine } from '../model/log.js'
import { defaultSink, type RequirePino } from './default-sink.js'

const line: LogLine = {
  level: 'warn',
  timeMs: 1_700_000_000_000,
  text: 'low',
  host: 2,
  actor: '/till',
  data: { left: 3 },
}
const withPino: RequirePino = () => createRequire(import.meta.url)('pino') as typeof Pino
const withoutPino: RequirePino = () => undefined

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'zera-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** What a sink writes. */
function write(requirePino: RequirePino | undefined, ...lines: readonly LogLine[]): Record<string, unknown>[] {
  const file = join(folder, 'log')
  const descriptor = openSync(file, 'w')
  const sink = defaultSink(requirePino, descriptor)
  for (const each of lines) sink(each)
  closeSync(descriptor)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(text => JSON.parse(text) as Record<string, unknown>)
}

describe.each([
  ['with pino', withPino],
  ['without pino', withoutPino],
])('defaultSink() %s', (_name, requirePino) => {
  test('writes a line as JSON before it returns', () => {
    const written = write(requirePino, line, { ...line, level: 'info', actor: undefined, data: undefined })

    const origin = { pid: process.pid, hostname: expect.any(String) as unknown, time: 1_700_000_000_000, host: 2 }
    expect(written).toEqual([
      { ...origin, level: 40, actor: '/till', left: 3, msg: 'low' },
      { ...origin, level: 30, msg: 'low' },
    ])
  })

  test.each<[string, LogLine['data']]>([
    [
      'a field that throws',
      {
        get left(): never {
          throw new Error('no')
        },
        right: 1,
      },
    ],
    [
      'a field deep inside that throws',
      {
        left: {
          get deep(): never {
            throw new Error('no')
          },
        },
        right: 1,
      },
    ],
    ['a BigInt', { left: 2n ** 70n, right: 1 }],
    [
      'a toJSON that throws',
      {
        left: {
          toJSON(): never {
            throw new Error('no')
          },
        },
        right: 1,
      },
    ],
    ['a toJSON of its own', { toJSON: () => undefined, right: 1 }],
    ['a revoked proxy in a field', { left: revoked(), right: 1 }],
    [
      'what says itself how it is shown, and throws',
      {
        left: {
          self: goesRound(),
          [Symbol.for('nodejs.util.inspect.custom')](): never {
            throw new Error('no')
          },
        },
        right: 1,
      },
    ],
    ['a function and a symbol', { left: () => undefined, middle: Symbol('no'), right: 1 }],
  ])('writes a line with %s', (_what, data) => {
    expect(write(requirePino, { ...line, data })).toMatchObject([{ msg: 'low', level: 40, host: 2, right: 1 }])
  })

  test('writes a line whose data is a revoked proxy', () => {
    expect(write(requirePino, { ...line, data: revoked() as never })).toMatchObject([
      { msg: 'low', level: 40, host: 2 },
    ])
  })

  test('writes errors with what they are, and what goes in circles', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle

    const [first, second] = write(
      requirePino,
      { ...line, data: { err: Object.assign(new TypeError('no'), { code: 'E_NO' }) } },
      { ...line, data: { circle } },
    )

    expect(first).toMatchObject({ err: { type: 'TypeError', message: 'no', code: 'E_NO' } })
    expect(second).toMatchObject({ msg: 'low', circle: expect.anything() as unknown })
  })
})

describe.each([
  ['with pino', withPino],
  ['without pino', withoutPino],
])('defaultSink() %s', (_name, requirePino) => {
  test.each([...ODD_THROWN, ...ODD_THENABLES])('writes a line about $name', ({ make }) => {
    const written = write(
      requirePino,
      { ...line, data: { err: make() } },
      { ...line, data: { inner: { odd: make() } } },
      { ...line, data: make() as LogData },
    )

    expect(written).toMatchObject([{ msg: 'low', host: 2 }, { msg: 'low' }, { msg: 'low' }])
  })
})

describe('defaultSink()', () => {
  test('takes pino where it is installed', () => {
    let asked = 0

    write(
      () => {
        asked += 1
        return withPino()
      },
      line,
      line,
    )

    expect(asked).toBe(1)
    expect(write(undefined, line)).toMatchObject([{ level: 40 }])
  })
})

describe('defaultSink() where pino is broken', () => {
  test('writes lines by itself', () => {
    const broken = (): never => {
      throw Object.assign(new Error('it has no files'), { code: 'ERR_INTERNAL_ASSERTION' })
    }

    expect(write(broken, line)).toMatchObject([{ msg: 'low', level: 40 }])
  })
})

describe('LogOptions.sink', () => {
  test('names a module that cannot be used', async () => {
    const sink = new URL('./fixtures/nowhere.js', import.meta.url)

    await expect(startSystem({ threads: 0, log: { sink } })).rejects.toSatisfy(
      (error: unknown) => error instanceof LogSinkError && error.url === sink.href,
    )
    await expect(startSystem({ threads: 0, log: { sink: './log.js' } })).rejects.toBeInstanceOf(TypeError)
    await expect(startSystem({ threads: 0, log: { level: 'loud' as never } })).rejects.toBeInstanceOf(RangeError)
  })
})

function goesRound(): object {
  const self: Record<string, unknown> = {}
  self['self'] = self
  return self
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

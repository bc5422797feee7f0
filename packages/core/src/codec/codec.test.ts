import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { NotCloneableError } from '../base/errors/errors.js'
import { cloneInSilence } from '../fixtures/clone-in-silence.js'
import { decodeValues, encodeValues } from './codec.js'
import type { CodecExtension } from './extension.js'
import { MalformedMessageError } from './malformed-message-error.js'
import { INTEGERS, LIST, NO_REPEATS, NULL, SHAPE, TEXTS } from './parts.js'

function roundTrip<T>(value: T, extension?: CodecExtension): T {
  return decodeValues(JSON.parse(encodeValues([value], extension)), extension)[0] as T
}

function refusalOf(value: unknown): unknown {
  try {
    return encodeValues([value])
  } catch (error) {
    return error
  }
}

const LONG_LIST = Array.from({ length: 500 }, (_, i) => i)

describe('encodeValues()', () => {
  it('writes the keys of records that are alike once', () => {
    const record = (id: number): object => ({ id, name: `n${id}`, tags: ['x'], gone: null })

    expect(encodeValues([[record(1), record(2)]])).toBe(
      JSON.stringify([
        [NO_REPEATS, 1, LIST, 2, SHAPE, LIST, 1, TEXTS, 1, NULL, SHAPE, LIST, 1, TEXTS, 1, NULL],
        [1, 2],
        ['n1', 'x', 'n2', 'x'],
        ['["ntvc","id","name","tags","gone"]'],
      ]),
    )
  })

  it('writes a long list of numbers as a binary', () => {
    const integers = Array.from({ length: 100 }, (_, i) => i - 50)
    const [codes, , , , binaries] = JSON.parse(encodeValues([integers])) as unknown[][]

    expect(codes).toEqual([NO_REPEATS, 1, INTEGERS, 100])
    expect(binaries).toEqual([Buffer.from(Int32Array.from(integers).buffer).toString('base64')])
  })

  it('writes instances of classes as plain data', () => {
    class Point {
      x = 1
      readonly #y = 2
      get y(): number {
        return this.#y
      }
    }

    const point = roundTrip(new Point())

    expect(point).toEqual({ x: 1 })
    expect(Object.getPrototypeOf(point)).toBe(Object.prototype)
  })

  it('reads each getter once', () => {
    let reads = 0
    const value = {
      get count() {
        return ++reads
      },
      at: new Date(0),
      big: [
        {
          get more() {
            return [++reads]
          },
        },
      ],
    }

    expect(roundTrip(value)).toEqual({ count: 1, at: new Date(0), big: [{ more: [2] }] })
  })

  it('calls no toJSON', () => {
    const value = Object.defineProperty({ a: 1 }, 'toJSON', { value: () => 'lost' })

    expect(roundTrip([value, [value]])).toEqual([{ a: 1 }, [{ a: 1 }]])
  })

  it('does not send what a prototype shares', () => {
    const value: object = Object.assign(Object.create({ inherited: 1 }) as object, { own: 2 })

    expect(roundTrip(value)).toEqual({ own: 2 })
  })

  it.each<[what: string, value: unknown, path: string]>([
    ['a function', { orders: [0, 1, 2, { callback: () => 1 }] }, '[0].orders[3].callback'],
    ['a symbol', [{ 'due date': Symbol() }], '[0][0]["due date"]'],
    ['a boxed symbol', Object(Symbol()), '[0]'],
    ['a Promise', { p: Promise.resolve() }, '[0].p'],
    ['a WeakMap', new Map([['k', new WeakMap()]]), '[0][1]'],
    ['a WeakRef', new WeakRef({}), '[0]'],
    ['a Proxy', { proxy: new Proxy({}, {}) }, '[0].proxy'],
    ['a Proxy of an array', [new Proxy([], {})], '[0][0]'],
    ['a generator', (function* () {})(), '[0]'],
    ['an iterator', [].values(), '[0]'],
    ['a formatter', new Intl.NumberFormat('en'), '[0]'],
    ['a MessagePort', { port: portOf() }, '[0].port'],
    ['a SharedArrayBuffer', new SharedArrayBuffer(4), '[0]'],
    ['a view of a SharedArrayBuffer', new Uint8Array(new SharedArrayBuffer(4)), '[0]'],
    ['a detached ArrayBuffer', detached(), '[0]'],
    ['a view of a detached ArrayBuffer', detachedView(), '[0].buffer'],
    ['a BroadcastChannel', { channel: channelOf() }, '[0].channel'],
    ['a cause', new Error('x', { cause: { f: () => 1 } }), '[0].cause.f'],
  ])('refuses %s, and says where', (_what, value, path) => {
    const refusal = refusalOf(value)

    expect(refusal).toBeInstanceOf(NotCloneableError)
    expect(refusal).toMatchObject({ path })
  })

  it.each<[text: string, value: object]>([
    ['send its href', new URL('http://localhost/')],
    ['send [...params]', new URLSearchParams('a=1')],
    ['send [...headers]', new Headers({ a: '1' })],
    ['send [...data]', new FormData()],
    ['send its method', new Request('http://localhost/')],
    ['send its method', new (class extends Request {})('http://localhost/')],
    ['send its status', new Response('text')],
    ['give it to the call', new AbortController().signal],
    ['give its signal', new AbortController()],
    ['send its type', new Event('x')],
    ['plain data', new EventTarget()],
    ['make one', new TextEncoder()],
    ['make one', new TextDecoder()],
    ['each thread has', performance],
  ])('refuses an object of the platform of which nothing would arrive, and says %s', (text, value) => {
    const refusal = refusalOf({ value }) as NotCloneableError

    expect([{}, undefined]).toContainEqual(cloneInSilence(value))
    expect(refusal).toBeInstanceOf(NotCloneableError)
    expect(refusal.path).toBe('[0].value')
    expect(refusal.message).toContain(`of type ${Object.prototype.toString.call(value).slice(8, -1)} `)
    expect(refusal.message).toContain(text)
  })

  it('takes what extends a class of the platform as any instance of a class', () => {
    class Store extends EventTarget {
      items = [1]
    }
    class Silent extends EventTarget {
      readonly #held = 1
      get held(): number {
        return this.#held
      }
    }
    class Page extends URL {
      title = 'home'
    }

    expect(roundTrip([new Store(), new Silent(), new Page('http://localhost/')])).toEqual([
      { items: [1] },
      {},
      { title: 'home' },
    ])
  })

  it('says where, however deep', () => {
    let value: unknown = Symbol()
    for (let i = 0; i < 1000; i++) value = { in: value }

    expect(refusalOf(value)).toMatchObject({ path: `[0]${'.in'.repeat(1000)}` })
  })

  it('passes on what a getter throws', () => {
    const failure = new Error('not now')

    expect(
      refusalOf({
        get a() {
          throw failure
        },
      }),
    ).toBe(failure)
  })
})

describe('decodeValues()', () => {
  it('keeps identity and cycles', () => {
    const shared = { at: new Map<unknown, unknown>() }
    shared.at.set(shared, shared.at)

    const [a, b] = roundTrip([shared, shared])

    expect(a).toBe(b)
    expect(a?.at.get(a)).toBe(a?.at)
  })

  it('keeps __proto__ a key like any other', () => {
    const value: unknown = JSON.parse('{"__proto__":{"polluted":1},"list":[{"__proto__":null}]}')
    const withDate = Object.defineProperty({ at: new Date(0) }, '__proto__', { value: new Date(1), enumerable: true })

    expect(Object.keys(roundTrip(value) as object)).toEqual(['__proto__', 'list'])
    expect(Object.getPrototypeOf(roundTrip(withDate))).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptor(roundTrip(withDate), '__proto__')?.value).toEqual(new Date(1))
    expect('polluted' in {}).toBe(false)
  })

  it.each([
    ['runs of numbers and texts', [1, 2, 'a', 'b', null, 3, 'c', undefined, 4]],
    ['odd numbers', [NaN, -0, Infinity, -Infinity, 0, 1e-320]],
    ['long lists of numbers', [LONG_LIST, LONG_LIST.map(i => -i), LONG_LIST.map(i => i / 3)]],
    [
      'long lists with numbers that are none',
      [
        [...LONG_LIST, NaN, -0],
        [...LONG_LIST, 'x'],
        [...LONG_LIST, 2 ** 40],
      ],
    ],
    ['records of many keys', Object.fromEntries(LONG_LIST.map(i => [`key ${i}`, i % 3 === 0 ? [i] : i]))],
    ['records that are all different', LONG_LIST.map(i => ({ [`key ${i}`]: i, [`other ${i}`]: null }))],
    ['bigints', [0n, -1n, 2n ** 200n, -(2n ** 63n)]],
  ])('delivers %s', (_what, value) => {
    expect(roundTrip(value)).toEqual(value)
  })

  it('delivers a thousand records of one shape', () => {
    const value = Array.from({ length: 1000 }, (_, i) => ({
      i,
      name: `n${i}`,
      inside: { at: new Date(i), ok: i % 2 === 0 },
      '__proto__ of it': [i],
      none: undefined,
    }))

    expect(roundTrip(value)).toEqual(value)
  })

  it('keeps the named properties of long arrays', () => {
    const value = Object.assign(
      Array.from({ length: 1000 }, (_, i) => i),
      { total: 5 },
    )

    expect(roundTrip(value)).toEqual(value)
    expect(roundTrip(value)).toHaveProperty('total', 5)
  })

  it('keeps a sparse array sparse', () => {
    const value: unknown[] = []
    value[4e9] = 'far'

    const arrived = roundTrip(value)

    expect(arrived.length).toBe(4e9 + 1)
    expect(Object.keys(arrived)).toEqual(['4000000000'])
  })

  it.each<[depth: number, what: string, wrap: (inner: unknown) => unknown]>([
    [100_000, 'arrays', inner => [inner]],
    [100_000, 'objects', inner => ({ inner })],
    [100_000, 'Maps', inner => new Map([['inner', inner]])],
    [10_000, 'binaries', inner => [new Uint8Array(1), inner, new ArrayBuffer(1)]],
    [1000, 'errors', inner => new Error('', { cause: inner })],
  ])('delivers %i nested %s', (depth, _what, wrap) => {
    let value: unknown = 'core'
    for (let i = 0; i < depth; i++) value = wrap(value)

    let arrived = roundTrip(value)

    let found = 0
    for (; arrived !== 'core'; found++) arrived = insideOf(arrived)
    expect(found).toBe(depth)
  })
})

describe('encodeValues() and decodeValues(), for errors', () => {
  class OrderError extends RangeError {
    override readonly name = 'OrderError'
    readonly code = 'ORDER_LATE'
    readonly order = { id: 7, at: new Date(0) }
    readonly retry = (): void => {}
    readonly errors = ['late', 'wrong']
  }

  it('keep name, message, code, cause, stack and data', () => {
    const error = new OrderError('too late', { cause: new TypeError('why') })

    const arrived = roundTrip(error)

    expect(arrived).toBeInstanceOf(RangeError)
    expect(arrived).toMatchObject({
      name: 'OrderError',
      message: 'too late',
      code: 'ORDER_LATE',
      stack: error.stack,
      order: error.order,
      errors: error.errors,
    })
    expect(arrived.cause).toBeInstanceOf(TypeError)
    expect(new Set(Object.keys(arrived))).toEqual(new Set(['code', 'errors', 'order']))
  })

  it('leave out data that cannot travel, and what it brought', () => {
    const shared = { id: 1 }
    const error = Object.assign(new Error('x'), {
      request: [shared, new Uint8Array(4), () => 1],
      shared,
      bytes: new Uint8Array([7]),
    })

    const arrived = roundTrip(error)

    expect(Object.keys(arrived)).toEqual(['shared', 'bytes'])
    expect(arrived).toMatchObject({ shared: { id: 1 }, bytes: new Uint8Array([7]) })
  })

  it('leave out data that cannot be read', () => {
    const error = Object.defineProperty(new Error('x'), 'data', {
      enumerable: true,
      get: () => {
        throw new Error('y')
      },
    })

    expect(Object.keys(roundTrip(error))).toEqual([])
  })

  it('name an error after its class when it has no better name', () => {
    class Missing extends Error {}

    expect(roundTrip(new Missing('x')).name).toBe('Missing')
    expect(roundTrip(new TypeError('x')).name).toBe('TypeError')
    expect(Object.hasOwn(roundTrip(new TypeError('x')), 'name')).toBe(false)
  })

  it('keep the errors of an AggregateError', () => {
    const arrived = roundTrip(new AggregateError([new Error('a'), 5], 'both'))

    expect(arrived).toBeInstanceOf(AggregateError)
    expect(arrived.errors).toMatchObject([{ message: 'a' }, 5])
    expect(Object.keys(arrived)).toEqual([])
  })

  it('keep an error inside its own cause', () => {
    const error = new Error('loop')
    error.cause = { error }

    const arrived = roundTrip(error)

    expect(arrived.cause).toEqual({ error: arrived })
  })

  it('keep the name and code of a DOMException', () => {
    const arrived = roundTrip(new DOMException('gone', 'AbortError'))

    expect(arrived).toBeInstanceOf(Error)
    expect(arrived).toMatchObject({ name: 'AbortError', message: 'gone', code: 20 })
  })

  it('keep errors of another realm, and errors without a prototype', () => {
    const foreign: unknown = runInNewContext('class Odd extends TypeError {}; new Odd("there")')
    const bare: unknown = Object.setPrototypeOf(new Error('bare'), Object.create(null) as object)

    expect(roundTrip(foreign)).toMatchObject({ name: 'Odd', message: 'there' })
    expect(roundTrip(foreign)).toBeInstanceOf(TypeError)
    expect(roundTrip(bare)).toMatchObject({ name: 'Error', message: 'bare' })
  })

  it('make errors that can be sent on', () => {
    const error = new OrderError('too late')

    expect(roundTrip(roundTrip(error))).toMatchObject({ name: 'OrderError', code: 'ORDER_LATE', stack: error.stack })
  })
})

describe('encodeValues() and decodeValues(), for binaries', () => {
  it('keep views on one buffer together', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => i)

    const [all, part, view, buffer] = roundTrip([
      bytes,
      bytes.subarray(8, 16),
      new DataView(bytes.buffer, 4),
      bytes.buffer,
    ] as const)

    expect(all).toEqual(bytes)
    expect(part).toEqual(bytes.subarray(8, 16))
    expect([part.buffer, view.buffer, buffer]).toEqual([all.buffer, all.buffer, all.buffer])
    expect(part.buffer === all.buffer && view.buffer === all.buffer && buffer === all.buffer).toBe(true)
  })

  it('send a Buffer as its own bytes without the pool', () => {
    const buffer = Buffer.from('hello')

    const [arrived, again] = roundTrip([buffer, buffer] as const)

    expect(buffer.buffer.byteLength).toBeGreaterThan(5)
    expect(Buffer.isBuffer(arrived)).toBe(true)
    expect(arrived.buffer.byteLength).toBe(5)
    expect(arrived.toString('hex')).toBe('68656c6c6f')
    expect(again).toBe(arrived)
  })

  it('keep Buffers, at any depth, on memory that others look at too', () => {
    class Bytes extends Uint8Array {}
    const memory = new ArrayBuffer(8)
    const whole = Buffer.from(memory)
    const deep = { whole, list: [new Map([['empty', Buffer.alloc(0)]])], bytes: new Uint8Array(memory, 2, 3) }

    const [arrived, part, other] = roundTrip([deep, new Float64Array(memory), new Bytes(2)] as const)

    expect([arrived.whole, arrived.list[0]?.get('empty')].map(each => Buffer.isBuffer(each))).toEqual([true, true])
    expect([arrived.bytes, part, other].map(each => Buffer.isBuffer(each))).toEqual([false, false, false])
    expect(arrived.whole.buffer === arrived.bytes.buffer && arrived.bytes.buffer === part.buffer).toBe(true)
    expect(Object.getPrototypeOf(other)).toBe(Uint8Array.prototype)
  })

  it('keep a resizable buffer resizable', () => {
    const Resizable = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer

    const arrived = roundTrip(new Resizable(4, { maxByteLength: 16 }))

    expect(arrived).toMatchObject({ byteLength: 4, maxByteLength: 16, resizable: true })
  })
})

describe('CodecExtension', () => {
  class Ref {
    constructor(
      readonly id: number,
      readonly call: () => void = () => {},
    ) {}
  }
  const refs: CodecExtension = {
    encode: value => (value instanceof Ref ? { ref: value.id } : undefined),
    decode: data => new Ref((data as { ref: number }).ref),
  }

  it('sends data instead of an object, once', () => {
    const ref = new Ref(7)

    const [arrived, again] = roundTrip([ref, ref], refs)

    expect(arrived).toBeInstanceOf(Ref)
    expect(arrived?.id).toBe(7)
    expect(again).toBe(arrived)
  })

  it('is offered functions and proxies too', () => {
    const offered: object[] = []
    const target = new Proxy(() => {}, {})
    const plain = new Proxy({}, {})
    const extension: CodecExtension = { encode: value => offered.push(value), decode: data => data }

    expect(roundTrip([target, plain, { a: [] }], extension)).toEqual([1, 2, { a: [] }])
    expect(offered).toEqual([target, plain])
  })

  it('is needed by the reader of what it wrote', () => {
    const text = encodeValues([new Ref(7)], refs)

    expect(() => decodeValues(JSON.parse(text))).toThrow(MalformedMessageError)
  })
})

function channelOf(): object {
  const channel = new BroadcastChannel('x')
  channel.close()
  return channel
}

function portOf(): object {
  const { port1 } = new MessageChannel()
  port1.close()
  return port1
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

function detachedView(): Uint8Array {
  const view = new Uint8Array(8)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

function insideOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? value[0] : value[1]
  if (value instanceof Map) return value.get('inner')
  return value instanceof Error ? value.cause : (value as { inner: unknown }).inner
}

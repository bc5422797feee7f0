import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeValues } from '../../codec/codec.js'
import { ODD_THENABLES, ODD_THROWN } from '../../fixtures/odd-values.js'
import { describeThrown, describeValue, isError, messageOf, toError } from './thrown.js'

/** Reads every part of an error that code may read. */
function expectReadable(error: Error): void {
  expect(isError(error)).toBe(true)
  const { name, message, stack, cause } = error
  expect(typeof (error as { then?: unknown }).then).not.toBe('function')
  const { code } = error as NodeJS.ErrnoException
  expect([typeof name, typeof message]).toEqual(['string', 'string'])
  expect(['string', 'undefined']).toContain(typeof stack)
  expect(['string', 'number', 'undefined', 'bigint', 'boolean']).toContain(code === null ? 'undefined' : typeof code)
  inspect(cause)
  if (isError(cause) && cause !== error) expectReadable(cause)
}

function expectTotal(value: unknown): void {
  for (const text of [describeThrown(value), messageOf(value), describeValue(value)]) {
    expect(typeof text).toBe('string')
    expect(text.length).toBeLessThan(20_000)
  }
  expectReadable(toError(value))
}

describe('toError() and describeThrown()', () => {
  test.each([...ODD_THROWN, ...ODD_THENABLES])('can read $name', ({ make }) => {
    expectTotal(make())
  })

  test.each([
    new TypeError('wrong'),
    new DOMException('late', 'TimeoutError'),
    Object.assign(new Error('x'), { code: 7 }),
    new Error('x', { cause: { a: 1 } }),
    new AggregateError([1]),
    runInNewContext('new Error("far")') as Error,
  ])('leave an error that can be read as it is', error => {
    expect(toError(error)).toBe(error)
  })

  test('keep what can be read of an error, and say what cannot', () => {
    const odd = Object.defineProperty(Object.assign(new RangeError('too much'), { code: 'E_MUCH' }), 'cause', {
      get: () => expect.fail(),
    })
    const error = toError(odd)

    expect(error).toMatchObject({ name: 'RangeError', code: 'E_MUCH', stack: odd.stack })
    expect(error.message).toContain('too much')
    expect(error.message).toContain('its cause throws')
  })

  test('keep what was thrown as the cause, when it can be read', () => {
    expect(toError({ a: 1 }).cause).toEqual({ a: 1 })
    expect(toError('text').cause).toBe('text')
    expect(Object.hasOwn(toError(Proxy.revocable({}, {}).proxy), 'cause')).toBe(false)
  })

  test('say of an error what its own text says', () => {
    expect(describeThrown(new TypeError('wrong'))).toBe('TypeError: wrong')
    expect(describeThrown(new RangeError())).toBe('RangeError')
    expect(describeThrown({ a: 1 })).toBe('{ a: 1 }')
    expect(messageOf(new TypeError('wrong'))).toBe('wrong')
  })

  test('are total', () => {
    const value = fc.anything({
      withNullPrototype: true,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withBoxedValues: true,
    })
    const key = fc.constantFrom<string | symbol>(
      'message',
      'name',
      'stack',
      'code',
      'cause',
      'then',
      'constructor',
      'toString',
      Symbol.toStringTag,
      Symbol.toPrimitive,
      inspect.custom,
    )
    const property = fc.record({ key, value, how: fc.constantFrom('value', 'throws', 'returns') })
    const shell = fc.constantFrom('plain', 'error', 'proxy', 'revoked', 'function')

    fc.assert(
      fc.property(shell, fc.array(property, { maxLength: 4 }), value, (kind, properties, inner) => {
        const bare: object =
          kind === 'error' ? new TypeError('odd', { cause: inner }) : kind === 'function' ? () => inner : { inner }
        // V8 makes the trace of an error when it is first wanted, of what the error says then.
        if (kind === 'error') void (bare as Error).stack
        for (const each of properties) {
          const descriptor =
            each.how === 'value'
              ? { value: each.value }
              : { get: () => (each.how === 'throws' ? throwIt(each.value) : each.value) }
          Object.defineProperty(bare, each.key, { ...descriptor, configurable: true })
        }
        const { proxy, revoke } = Proxy.revocable(bare, {})
        if (kind === 'revoked') revoke()
        expectTotal(kind === 'proxy' || kind === 'revoked' ? proxy : bare)
      }),
      { numRuns: 2000 },
    )
  })
})

function throwIt(value: unknown): never {
  throw value
}

describe('encodeValues()', () => {
  test.each(ODD_THROWN)('throws what can be read where an accessor throws $name', ({ make }) => {
    let thrown: unknown
    try {
      encodeValues([
        {
          get odd() {
            return throwIt(make())
          },
        },
      ])
    } catch (error) {
      thrown = error
    }

    expectReadable(thrown as Error)
  })

  test.each(ODD_THROWN)('writes $name or refuses it by an error that can be read', ({ make }) => {
    for (const value of [make(), { inner: make() }]) {
      try {
        expect(typeof encodeValues([value])).toBe('string')
      } catch (error) {
        expectReadable(error as Error)
      }
    }
  })
})

import { describe, expect, test } from 'vitest'
import { readState, writeState, type Durable } from './kept-state.js'

class Plain {
  text = 'ä'
  numbers = [1.5, -0, Infinity]
  map = new Map<unknown, unknown>([['a', new Set([1n])]])
  at: Date | undefined = new Date(0)
  bytes = new Uint8Array([1, 2])
  handler = (): number => 1
}

const SPEC = { state: true, mailbox: false, version: 1, migrate: undefined, transient: new Set<string>() }

const copyOf = <A extends Durable>(actor: A, next: A): A => {
  readState(next, writeState(actor, 'one', SPEC), 'one', SPEC)
  return next
}

describe('the state of an actor', () => {
  test('is all that its fields hold, but functions', () => {
    const actor = Object.assign(new Plain(), { text: 'other', at: undefined })

    const copy = copyOf(actor, new Plain())

    expect(copy).toStrictEqual(Object.assign(actor, { handler: copy.handler }))
    expect(copy.handler()).toBe(1)
  })

  test('has no transient fields', () => {
    const actor = { total: 1, cache: () => 1, workers: new Plain() }
    const text = writeState(actor, 'one', { ...SPEC, transient: new Set(['workers']) })
    const next = { total: 0, workers: 'new' }

    readState(next, text, 'one', SPEC)

    expect(next).toEqual({ total: 1, workers: 'new' })
  })

  test('leaves fields that it does not know', () => {
    expect(copyOf<{ a: number; b?: number }>({ a: 1 }, { a: 0, b: 2 })).toEqual({ a: 1, b: 2 })
  })

  test('keeps what two fields share, and cycles', () => {
    const shared: { self?: unknown } = {}
    shared.self = shared

    const copy = copyOf({ one: shared, other: shared }, { one: {}, other: {} })

    expect(copy.one).toBe(copy.other)
    expect(copy.one.self).toBe(copy.one)
  })

  test('is what onSave returns, if the actor has that', () => {
    const saved = { onSave: () => [1, 2], onLoad: (state: number[]) => state.push(3) } as const
    let loaded: unknown
    copyOf(saved as never, { onSave: () => 0, onLoad: (state: unknown) => void (loaded = state) } as never)

    expect(loaded).toEqual([1, 2])
  })

  /** Databases have it. A codec that writes otherwise has to read this all the same. */
  test('is the same text in each version', () => {
    const text = writeState(Object.assign({}, { name: 'ä', at: new Date(5), list: [{ a: 1 }, { a: 2 }] }), 'one', SPEC)

    expect(text).toBe(KEPT)
  })

  test.each([
    ['.callback', 'a function', { callback: [() => 1] }, '.callback[0]'],
    ['.symbol', 'a symbol', { symbol: Symbol('s') }, '.symbol'],
    ['.plain', 'an instance of Plain', { plain: { deep: [new Plain()] } }, '.plain.deep[0]'],
    ['.map', 'an instance of Plain', { map: new Map([['a', new Plain()]]) }, '.map.values()[0]'],
  ])('has nothing in %s that does not outlive the process: %s', (_field, what, actor, path) => {
    expect(() => writeState(actor, 'one', SPEC)).toThrow(`Cannot keep the state of one: ${what} at ${path} `)
    expect(() => writeState(actor, 'one', SPEC)).toThrow(expect.objectContaining({ name: 'StateNotKeptError', path }))
  })

  test('of an earlier version is what migrate makes of it', () => {
    const text = writeState(Object.assign({}, { name: 'a b' }), 'one', SPEC)
    const next = { first: '', last: '' }

    readState(next, text, 'one', {
      ...SPEC,
      version: 3,
      migrate: ({ name }: { name: string }, from) => ({
        first: name.split(' ')[0],
        last: `${name.split(' ')[1]}${from}`,
      }),
    })

    expect(next).toEqual({ first: 'a', last: 'b1' })
  })

  test.each([
    [1, 2, 'what is kept of it is of version 1, and its definition of version 2; give the definition a migrate'],
    [3, 2, 'what is kept of it is of version 3, and its definition of version 2; run the newer code'],
  ])('of version %i is refused by version %i', (from, version, problem) => {
    const text = writeState({}, 'one', { ...SPEC, version: from })

    expect(() => readState({}, text, 'one', { ...SPEC, version })).toThrow(problem)
  })

  test('is not read from what is none', () => {
    expect(() => readState({}, '[]', 'one', SPEC)).toThrow(expect.objectContaining({ name: 'MalformedMessageError' }))
  })
})

const KEPT =
  '[[0,2,33,14,7,2,32,32,0],[5,1,2,1],["ä"],["[\\"n\\",\\"a\\"]","[\\"tvv\\",\\"name\\",\\"at\\",\\"list\\"]"]]'

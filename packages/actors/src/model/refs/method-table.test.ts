import { describe, expect, test, vi } from 'vitest'
import { methodTable } from './method-table.js'

describe('methodTable()', () => {
  test('makes each method when it is first used, once', () => {
    const make = vi.fn<(method: string) => () => string>(method => () => `${method}!`)
    const table = methodTable({}, make)

    expect([table['add']?.(), table['add']?.(), table['get']?.()]).toEqual(['add!', 'add!', 'get!'])
    expect(make.mock.calls).toEqual([['add'], ['get']])
  })

  test('does not look like a promise, nor answer to symbols', async () => {
    const table = methodTable({}, method => method)

    expect(table['then']).toBeUndefined()
    expect(await Promise.resolve(table)).toBe(table)
    expect(Object.prototype.toString.call(table)).toBe('[object Object]')
  })

  test('leaves a function callable, and every name to the methods', () => {
    const table = methodTable(
      (value: number) => value + 1,
      method => method,
    )

    expect((table as unknown as (value: number) => number)(1)).toBe(2)
    const names = ['name', 'length', 'apply', 'call', 'bind', 'arguments', 'caller', 'prototype']
    expect(names.map(name => table[name])).toEqual(names)
  })

  test('has what every object has, and no method of such a name', () => {
    const table = methodTable({}, method => method)

    expect((table['toString'] as unknown as () => string).call(table)).toBe('[object Object]')
    expect([table['constructor'], table['valueOf'], table['__proto__']]).toEqual([
      Object,
      Reflect.get(Object.prototype, 'valueOf'),
      null,
    ])
  })

  test('keeps no method whose making throws', () => {
    let isReady = false
    const table = methodTable({}, method => {
      if (!isReady) throw new TypeError(method)
      return method
    })

    expect(() => table['add']).toThrow(TypeError)
    isReady = true
    expect(table['add']).toBe('add')
  })
})

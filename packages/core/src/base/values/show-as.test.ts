import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { showAs } from './show-as.js'

class Door {
  readonly secret = 'secret'
  #isOpen = true
  readonly #inner: unknown

  static {
    showAs(this.prototype, door => ({
      title: 'Door(front)',
      parts: { isOpen: door.#isOpen, ...(door.#inner === undefined ? {} : { inner: door.#inner }) },
    }))
  }

  constructor(inner?: unknown) {
    this.#inner = inner
  }
}

describe('showAs()', () => {
  test('shows the title and the parts, and nothing else', () => {
    expect(inspect(new Door())).toBe('Door(front) { isOpen: true }')
  })

  test('shows the title alone when there are no parts', () => {
    expect(inspect(showAs({ name: 'x' }, ({ name }) => ({ title: `Ref(${name})` })))).toBe('Ref(x)')
  })

  test('shows only the title deeper than is wanted', () => {
    expect(inspect({ a: { b: { c: new Door() } } }, { depth: 2 })).toContain('c: [Door(front)]')
    expect(inspect({ a: new Door({ b: { c: {} } }) }, { depth: 2 })).toContain('b: [Object]')
    expect(inspect({ a: new Door({ b: { c: {} } }) }, { depth: null })).toContain('c: {}')
    expect(inspect([new Door(new Door())], { depth: 1 })).toContain('[Door(front)]')
  })

  test('shows colours', () => {
    const plain = inspect(new Door())
    const coloured = inspect(new Door(), { colors: true })

    expect(coloured).not.toBe(plain)
    // oxlint-disable-next-line no-control-regex -- Colours are control characters.
    expect(coloured.replaceAll(/\u001b\[\d+m/gu, '')).toBe(plain)
  })

  test('changes no keys, and leaves the prototype to Node', () => {
    expect(inspect(Door.prototype)).toBe('{}')
    expect(Object.keys(new Door())).toEqual(['secret'])
  })
})

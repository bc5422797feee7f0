import { describe, expect, test } from 'vitest'
import { functionText } from './function-text.js'

const table = {
  method(this: void, n: number): number {
    return n
  },
}
class Base {
  base(): number {
    return 1
  }
}
class Derived extends Base {
  readonly asks = (): number => super.base()
}

describe('functionText()', () => {
  test('gives the text of arrow functions, functions, async ones and generators', () => {
    const arrow = (n: number): number => n + 1

    expect(functionText(arrow)).toContain('=>')
    expect(
      functionText(async function twice(n: number): Promise<number> {
        return await Promise.resolve(2 * n)
      }),
    ).toContain('twice')
    expect(
      functionText(function* count(): Generator<number> {
        yield 1
      }),
    ).toContain('yield')
  })

  test.each<[string, (...args: never[]) => unknown]>([
    ['native', Math.max],
    ['bound', Math.max.bind(undefined, 1)],
    ['a class', Base as unknown as () => unknown],
    ['a method', table.method],
    ['using super', new Derived().asks],
  ])('refuses what is %s', (_what, job) => {
    expect(() => functionText(job)).toThrow(TypeError)
  })
})

import { describe, expect, test } from 'vitest'
import { unknownMethod } from './unknown-method.js'

class Base {
  inherited(): void {}
}

class Counter extends Base {
  count = 1
  readonly arrow = (): void => undefined
  add(): void {}
  onStart(): void {}
  get value(): number {
    throw new Error('An accessor ran')
  }
}

describe('unknownMethod()', () => {
  test('lists all methods, and names the one that was probably meant', () => {
    const text = unknownMethod(new Counter(), 'addd')

    for (const name of ['add', 'arrow', 'inherited']) expect(text).toContain(name)
    expect(text).toMatch(/did you mean add\?$/u)
    for (const name of ['onStart', 'count', 'value', 'constructor']) expect(text).not.toContain(name)
  })

  test.each([
    ['count', /field.*number/u],
    ['onStart', /no message/u],
    ['toString', /no message/u],
  ])('says what %s is', (method, text) => {
    expect(unknownMethod(new Counter(), method)).toMatch(text)
  })

  test.each([undefined, {}, Object.create(null) as object])('has a text for %j, which has no methods', actor => {
    expect(unknownMethod(actor, 'add')).toContain('none')
  })

  test('is short, whatever the actor holds', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`method${at}`, () => at]))

    expect(unknownMethod(many, 'x').length).toBeLessThanOrEqual(1000)
    expect(unknownMethod({ text: 'x'.repeat(1e6) }, 'text').length).toBeLessThanOrEqual(1000)
  })
})

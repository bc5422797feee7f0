import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ControlLine, readBare, type Order, type Report } from './control.js'

const key = fc.array(fc.constantFrom('\\', '"', '\n', '\u0001', 'n', 'a', '\ud800', '__proto__'), { maxLength: 3 }).map(parts => parts.join(''))
const data = fc.array(fc.tuple(key, fc.integer()), { maxLength: 4 }).map(entries => Object.fromEntries(entries))

describe('ControlLine', () => {
  test('say() brings data with any keys, one order after the other', () => {
    fc.assert(
      fc.property(fc.array(data), all => {
        const orders = all.map((each): Order => ({ kind: 'signal', thread: 1, signal: 'data', data: each, terms: undefined }))
        const heard: Order[] = []
        const node = new ControlLine<Report, Order>(() => undefined, order => heard.push(order))
        const system = new ControlLine<Order, Report>(text => void node.take(text), () => undefined)

        for (const order of orders) system.say(order)
        system.close()
        node.close()

        expect(heard).toEqual(orders)
        expect(heard.map(order => Object.keys((order as Extract<Order, { kind: 'signal' }>).data as object))).toEqual(all.map(each => Object.keys(each)))
      }),
    )
  })
})

describe('readBare()', () => {
  test('reads what a stranger says by its own names', () => {
    expect(['{"\\\\":1}', '{"\\n":1}', '{"open\\\\":1}', '{"open\\n":1}'].map(text => Object.keys(readBare(text) ?? {}))).toEqual([['\\'], ['\n'], ['open\\'], ['open\n']])
  })

  test('reads nothing that is no object', () => {
    expect(['', '[]', '{', '{"\\n"}', '1'].map(readBare)).toEqual([undefined, undefined, undefined, undefined, undefined])
  })
})

import { encodeValues } from '@zera/core/internal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ControlLine } from './control-line.js'
import { CONTROL_LIMITS } from './control-text.js'
import type { Order, Report } from './control.js'
import { order } from './reading/order.js'
import { report } from './reading/report.js'

const CLOSE = encodeValues([{ kind: 'close' }])

interface Lines {
  readonly system: ControlLine<Order, Report>
  readonly node: ControlLine<Report, Order>
  readonly orders: Order[]
  readonly faults: string[]
  /** What the system has said, as texts. */
  readonly texts: string[]
  close(): void
}

/** Both sides of a conversation, over a channel that loses nothing. */
function converse(loses: (text: string) => boolean = () => false): Lines {
  const [orders, faults, texts]: [Order[], string[], string[]] = [[], [], []]
  const node: Lines['node'] = new ControlLine<Report, Order>({
    shape: order,
    transmit: text => void (loses(text) || system.take({ value: text })),
    hear: each => void orders.push(each),
    fault: reason => void faults.push(reason),
  })
  const system: Lines['system'] = new ControlLine<Order, Report>({
    shape: report,
    transmit: text => {
      texts.push(text)
      node.take({ value: text })
    },
    hear: () => undefined,
    fault: reason => void faults.push(`system: ${reason}`),
  })
  const close = (): void => {
    node.close()
    system.close()
  }
  return { system, node, orders, faults, texts, close }
}

const key = fc
  .array(fc.constantFrom('\\', '"', '\n', '\u0001', 'n', 'a', '\ud800', '__proto__'), { maxLength: 3 })
  .map(parts => parts.join(''))

describe('ControlLine', () => {
  test('say() brings texts of any kind, one order after the other', () => {
    fc.assert(
      fc.property(fc.array(key), names => {
        const said = names.map((url): Order => ({
          kind: 'signal',
          thread: 1,
          signal: 'preload',
          data: { url },
          terms: undefined,
        }))
        const lines = converse()

        for (const each of said) lines.system.say(each)
        lines.close()

        expect(lines.orders).toEqual(said)
        expect(lines.faults).toEqual([])
      }),
    )
  })

  test('take() faults once for what is no order, and hears nothing more', () => {
    const lines = converse()

    lines.node.take({ value: `[1,0,[],[${encodeValues([{ kind: 'rhubarb' }])}]]` })
    lines.node.take({ value: 'rhubarb' })
    lines.system.say({ kind: 'close' })
    lines.close()

    expect(lines.faults).toEqual(['message.kind is unknown'])
    expect(lines.orders).toEqual([])
  })

  test.each([
    [`[1,1,[],[${CLOSE}]]`, 'it confirms 1 messages, and 0 were sent'],
    [`[1,0,[],[${encodeValues([{ kind: 'close' }, 1])}]]`, 'a frame has 2 messages and not one'],
    ['[1,0,[],[[[0,1,19],[],[],[]]]]', /^Cannot read the message/],
    [`[1,0,[],[${CLOSE},${CLOSE}]]`, 'text[1] is not one message'],
    [`[1,0,[7],[${CLOSE}]]`, 'text[0] is not empty'],
    [`[1.5,0,[],[${CLOSE}]]`, 'text[0] is no whole number'],
    ['[0,0]', 'text is no frame'],
    ['[-3,0]', /^text\[0\] is -3/],
    ['{}', 'text is empty'],
    ['{"beat":0}', /^text\.beat is 0/],
    ['{"beat":1,"rhubarb":1}', 'text is a record with a field "rhubarb"'],
    ['{"__proto__":{}}', 'text is a record with a field "__proto__"'],
    ['7', 'text is no record'],
    ['', 'a text is no JSON'],
    [`[1,0,[],[${'['.repeat(100_000)}${']'.repeat(100_000)}]]`, 'a text is nested deeper than 1000'],
  ])('take() faults for %.60s', (text, reason) => {
    const lines = converse()

    lines.node.take({ value: text })
    lines.close()

    expect(lines.faults).toEqual([
      expect.stringMatching(typeof reason === 'string' ? reason.replaceAll(/[[\]]/g, '\\$&') : reason),
    ])
  })

  test('take() faults for what is no order in a frame whose turn it is not', () => {
    const reasons = [2, 99].map(frame => {
      const lines = converse()
      lines.node.take({ value: `[${frame},0,[],[${encodeValues([{ kind: 'rhubarb' }])}]]` })
      lines.close()
      return lines.faults
    })

    expect(reasons).toEqual([['message.kind is unknown'], ['message.kind is unknown']])
  })

  test('take() takes what is said twice once', () => {
    const lines = converse()
    lines.system.say({ kind: 'kill', thread: 1 })

    for (const text of [...lines.texts, ...lines.texts]) lines.node.take({ value: text })
    lines.close()

    expect(lines.orders).toEqual([{ kind: 'kill', thread: 1 }])
    expect(lines.faults).toEqual([])
  })

  test('say() faults when the other side confirms nothing, and keeps no more', () => {
    const lines = converse(() => true)

    for (let said = 0; said <= CONTROL_LIMITS.maxUnconfirmed; said++) lines.system.say({ kind: 'kill', thread: 1 })
    lines.close()

    expect(lines.faults).toEqual([`system: it has not confirmed the last ${CONTROL_LIMITS.maxUnconfirmed} messages`])
  })

  test('say() does not say what the other side would not read', () => {
    const lines = converse()

    const said = lines.node.say({ kind: 'failed', thread: 1, error: new Error('x'.repeat(CONTROL_LIMITS.maxBytes)) })
    lines.close()

    expect(said).toBe(false)
    expect(lines.faults).toEqual([])
  })
})

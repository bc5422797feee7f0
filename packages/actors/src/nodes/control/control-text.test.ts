import { describe, expect, test } from 'vitest'
import { readControlText, readMessage } from './control-text.js'
import { NODE_PROTOCOL } from './control.js'

describe('readMessage()', () => {
  test.each([
    ['no frame', [], 'a message has 0 frames and not one'],
    ['two frames', [Buffer.from('{}'), Buffer.from('{}')], 'a message has 2 frames and not one'],
    ['too many bytes', [Buffer.alloc(11)], 'a message has 11 bytes (limit 10)'],
    ['bytes that are no text', [Buffer.from([0x7b, 0xff, 0x7d])], 'a message is no text'],
  ])('refuses %s', (_what, frames, reason) => {
    expect(readMessage(frames, 10)).toEqual({ reason })
  })

  test('reads one frame of text', () => {
    expect(readMessage([Buffer.from('{"ü":1}')], 10)).toEqual({ value: '{"ü":1}' })
  })
})

describe('readControlText()', () => {
  test('reads what a stranger says by its own names', () => {
    const names = ['\\', '\n', 'open\\', 'open\n']

    const reasons = names.map(name => readControlText(JSON.stringify({ [name]: 1 })))

    expect(reasons).toEqual(names.map(name => ({ reason: `text is a record with a field ${JSON.stringify(name)}` })))
  })

  test('reads of a request in another protocol which that is, and nothing else', () => {
    const open = { protocol: NODE_PROTOCOL + 1 }

    expect(readControlText(JSON.stringify({ open: { ...open, rhubarb: true } }))).toEqual({
      value: { kind: 'bare', bare: { open } },
    })
    expect(readControlText('{"open":{"protocol":"2"}}')).toEqual({ reason: 'text.open.protocol is no number' })
    expect(readControlText('{"open":{}}')).toEqual({ reason: 'text.open.protocol is no number' })
  })

  test('reads text within strings as text, however deep it seems', () => {
    expect(readControlText(JSON.stringify({ ended: '"['.repeat(2000) }))).toMatchObject({ value: { kind: 'bare' } })
  })
})

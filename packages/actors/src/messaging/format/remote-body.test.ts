import { MalformedMessageError } from '@zera/core'
import { describe, expect, test } from 'vitest'
import * as wire from './message-format.js'
import { expectBody, isRefData } from './remote-body.js'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('expectBody()', () => {
  test.each<[string, string]>([
    ['a tell', wire.callText({ kind: wire.TELL, to: 17, from: 0, method: 'add', correlation: 0 }, '[1]')],
    [
      'an ask',
      wire.callText(
        { kind: wire.ASK, to: 17, from: 16, method: 'add', correlation: 4 },
        '{"trees":[[]],"binaries":[]}',
      ),
    ],
    [
      'an ask that is traced',
      wire.callText({ kind: wire.ASK, to: 17, from: 16, method: 'add', correlation: 4 }, '[]', TRACEPARENT),
    ],
    ['an ask that comes again', wire.callTextAgain([wire.OPEN, 17, 16, 'add', [], 4, 0, TRACEPARENT], '[]', 2)],
    ['an answer', wire.replyText(wire.ANSWER, 4, '[1]')],
    ['an error', wire.replyText(wire.THREW, 4, '{"trees":[[]],"binaries":[]}')],
    ['an item', wire.replyText(wire.ITEM, 4, '[1]')],
    ['a refusal', `[${wire.UNREACHED},4,"mailbox-full"]`],
    ['a withdrawal', `[${wire.WITHDRAW},4]`],
    ['more of a stream', `[${wire.MORE},4,17,64]`],
    [
      'a publication',
      wire.publicationText({ topic: 'topic', key: 'key', from: undefined, traceparent: undefined }, '[1]'),
    ],
    [
      'a publication that is traced',
      wire.publicationText({ topic: 'topic', key: 'key', from: undefined, traceparent: TRACEPARENT }, '[1]'),
    ],
  ])('takes %s', (_what, text) => {
    expect(() => expectBody(JSON.parse(text))).not.toThrow()
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['no message', 'rhubarb'],
    ['an object', { 0: wire.TELL }],
    ['no kind', []],
    ['a kind that there is not', [10, 1, 1, 'a', [], 0]],
    ['a kind that is a text', ['0', 1, 1, 'a', [], 0]],
    ['a call without a target', [wire.TELL, null, 0, 'a', [], 0]],
    ['a call of an actor with a negative number', [wire.TELL, -1, 0, 'a', [], 0]],
    ['a call of a method that is no name', [wire.TELL, 17, 0, ['a'], [], 0]],
    ['a call without values', [wire.TELL, 17, 0, 'a', null, 0]],
    ['an ask without a number', [wire.ASK, 17, 0, 'a', [], 0]],
    ['an ask with a number beyond all numbers', [wire.ASK, 17, 0, 'a', [], 2 ** 53]],
    ['a call that came again half a time', [wire.ASK, 17, 0, 'a', [], 1, 0.5]],
    ['a call whose traceparent is more than that', [wire.ASK, 17, 0, 'a', [], 1, 0, `${TRACEPARENT}",[]]`]],
    ['an answer without a number', [wire.ANSWER, '1', []]],
    ['an error without values', [wire.THREW, 1]],
    ['a refusal for a reason that there is not', [wire.UNREACHED, 1, 'rhubarb']],
    ['a withdrawal of nothing', [wire.WITHDRAW]],
    ['more of a stream than any reader takes', [wire.MORE, 1, 17, 1e9]],
    ['a publication without a topic', [wire.PUBLICATION, 'key', 0, []]],
  ])('takes it for no message: %s', (_what, body) => {
    expect(() => expectBody(body)).toThrow(MalformedMessageError)
  })
})

test.each<[unknown, boolean]>([
  [{ host: -1, id: 1, name: '', url: '', definition: '' }, true],
  [{ host: 1, id: 1, name: '', url: '', definition: '', cancel: { graceMs: 1, killMs: null } }, true],
  [{ host: -2, id: 1, name: '', url: '', definition: '' }, false],
  [{ host: 1, id: 1, name: '', url: '' }, false],
  [{ host: '1', id: 1, name: '', url: '', definition: '' }, false],
  [null, false],
])('isRefData(%j) is %s', (data, is) => {
  expect(isRefData(data)).toBe(is)
})

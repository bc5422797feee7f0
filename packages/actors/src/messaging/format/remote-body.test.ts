import { MalformedMessageError } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { callText, publicationText, replyText } from '../../fixtures/message-texts.js'
import * as format from './message-format.js'
import { expectBody, isRefData } from './remote-body.js'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('expectBody()', () => {
  test.each<[string, string]>([
    ['a tell', callText({ kind: format.TELL, to: 17, from: 0, method: 'add', correlation: 0 }, '[1]')],
    ['an ask', callText({ kind: format.ASK, to: 17, from: 16, method: 'add', correlation: 4 }, '[[0,0],[],[],[]]')],
    [
      'an ask that is traced',
      callText({ kind: format.ASK, to: 17, from: 16, method: 'add', correlation: 4 }, '[]', TRACEPARENT),
    ],
    [
      'an ask that comes again',
      format.FORMAT.text(format.headAgain([format.OPEN, 17, 16, 'add', [], 4, 0, TRACEPARENT], 2), 4, '[]'),
    ],
    ['an answer', replyText(format.ANSWER, 4, '[1]')],
    ['an error', replyText(format.THREW, 4, '[[0,0],[],[],[]]')],
    ['an item', replyText(format.ITEM, 4, '[1]')],
    ['a refusal', `[${format.UNREACHED},4,"mailbox-full"]`],
    ['a withdrawal', `[${format.WITHDRAW},4]`],
    ['more of a stream', `[${format.MORE},4,17,64]`],
    ['a publication', publicationText({ topic: 'topic', key: 'key', from: undefined, traceparent: undefined }, '[1]')],
    [
      'a publication that is traced',
      publicationText({ topic: 'topic', key: 'key', from: undefined, traceparent: TRACEPARENT }, '[1]'),
    ],
  ])('takes %s', (_what, text) => {
    expect(() => expectBody(JSON.parse(text))).not.toThrow()
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['no message', 'rhubarb'],
    ['an object', { 0: format.TELL }],
    ['no kind', []],
    ['a kind that there is not', [10, 1, 1, 'a', [], 0]],
    ['a kind that is a text', ['0', 1, 1, 'a', [], 0]],
    ['a call without a target', [format.TELL, null, 0, 'a', [], 0]],
    ['a call of an actor with a negative number', [format.TELL, -1, 0, 'a', [], 0]],
    ['a call of a method that is no name', [format.TELL, 17, 0, ['a'], [], 0]],
    ['a call without values', [format.TELL, 17, 0, 'a', null, 0]],
    ['an ask without a number', [format.ASK, 17, 0, 'a', [], 0]],
    ['an ask with a number beyond all numbers', [format.ASK, 17, 0, 'a', [], 2 ** 53]],
    ['a call that came again half a time', [format.ASK, 17, 0, 'a', [], 1, 0.5]],
    ['a call whose traceparent is more than that', [format.ASK, 17, 0, 'a', [], 1, 0, `${TRACEPARENT}",[]]`]],
    ['an answer without a number', [format.ANSWER, '1', []]],
    ['an error without values', [format.THREW, 1]],
    ['a refusal for a reason that there is not', [format.UNREACHED, 1, 'rhubarb']],
    ['a withdrawal of nothing', [format.WITHDRAW]],
    ['more of a stream than any reader takes', [format.MORE, 1, 17, 1e9]],
    ['a publication without a topic', [format.PUBLICATION, 'key', 0, []]],
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

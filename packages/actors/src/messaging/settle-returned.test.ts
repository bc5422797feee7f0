import { expect, test } from 'vitest'
import * as format from './format/message-format.js'
import { progressOf } from './settle-returned.js'

test.each<[string, format.MessageBody, 'begun' | 'not-begun']>([
  ['an ask that no handler has ever begun', [format.ASK, 16, 0, 'add', [], 1], 'not-begun'],
  ['an ask that an incarnation before had begun', [format.ASK, 16, 0, 'add', [], 1, 1], 'begun'],
  ['a tell that an incarnation before had begun', [format.TELL, 16, 0, 'add', [], 0, 2], 'begun'],
  ['a publication', [format.PUBLICATION, 'key', 0, [], 'topic'], 'not-begun'],
])('progressOf() %s', (_what, message, progress) => {
  expect([progressOf(message, 'not-begun'), progressOf(message, 'begun')]).toEqual([progress, 'begun'])
})

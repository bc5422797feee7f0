import { expect, test } from 'vitest'
import * as wire from './format/message-format.js'
import { progressOf } from './settle-returned.js'

test.each<[string, wire.WireBody, 'begun' | 'not-begun']>([
  ['an ask that no handler has ever begun', [wire.ASK, 16, 0, 'add', [], 1], 'not-begun'],
  ['an ask that an incarnation before had begun', [wire.ASK, 16, 0, 'add', [], 1, 1], 'begun'],
  ['a tell that an incarnation before had begun', [wire.TELL, 16, 0, 'add', [], 0, 2], 'begun'],
  ['a publication', [wire.PUBLICATION, 'key', 0, [], 'topic'], 'not-begun'],
])('progressOf() %s', (_what, message, progress) => {
  expect([progressOf(message, 'not-begun'), progressOf(message, 'begun')]).toEqual([progress, 'begun'])
})

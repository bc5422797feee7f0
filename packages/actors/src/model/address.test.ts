import { describe, expect, test } from 'vitest'
import { formatActor, POOL_HOST } from './address.js'

describe('formatActor()', () => {
  test.each([
    [{ host: 1, id: 16, definition: 'Counter', name: 'counter' }, 'Counter#16@1 "counter"'],
    [{ host: 1, id: 16, definition: 'Counter', name: '' }, 'Counter#16@1'],
    [{ host: 1, id: 16, definition: 'Counter' }, 'Counter#16@1'],
    [{ host: 1, id: 16 }, '#16@1'],
    [{ host: POOL_HOST, id: 2, definition: 'Counter', name: 'counters' }, 'Counter#2@pool "counters"'],
    [{ definition: 'Counter', name: 'counter' }, 'Counter "counter"'],
    [{ definition: 'Counter' }, 'Counter'],
    [{ host: 1, id: 16, name: 'a"b' }, '#16@1 "a\\"b"'],
  ])('of %j is %s', (actor, text) => {
    expect(formatActor(actor)).toBe(text)
  })
})

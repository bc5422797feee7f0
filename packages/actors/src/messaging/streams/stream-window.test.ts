import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_STREAM_CREDIT, STREAM_CREDIT, StreamWindow } from './stream-window.js'

/**
 * Reads so many items, of a generator that always has the next one as far as it may go, and gives how far ahead it was
 * at the end.
 */
function readAll(window: StreamWindow, items: number, item: unknown, waits: boolean, ahead = STREAM_CREDIT): number {
  for (let read = 0; read < items; read++) {
    if (waits) window.waits()
    ahead += window.read(item) - 1
  }
  return ahead
}

describe('StreamWindow', () => {
  test('takes half of its credit again whenever as much was read', () => {
    const window = new StreamWindow()

    const taken = Array.from({ length: STREAM_CREDIT }, () => window.read(1))

    expect(taken.filter(more => more > 0)).toEqual([STREAM_CREDIT / 2, STREAM_CREDIT / 2])
    expect(taken.at(STREAM_CREDIT / 2 - 1)).toBe(STREAM_CREDIT / 2)
  })

  test('grows while its reader has to wait, up to its limit', () => {
    const window = new StreamWindow()

    const ahead = readAll(window, 100 * MOST_STREAM_CREDIT, { id: 1, name: 'small' }, true)

    expect(ahead).toBeGreaterThan(MOST_STREAM_CREDIT / 2)
    expect(ahead).toBeLessThanOrEqual(MOST_STREAM_CREDIT)
  })

  test('stays as it is while its reader has always something to read', () => {
    expect(readAll(new StreamWindow(), 100_000, 1, false)).toBeLessThanOrEqual(STREAM_CREDIT)
  })

  test.each([
    ['long texts', 'x'.repeat(10_000)],
    ['bytes', new Uint8Array(10_000)],
    ['a nested object', { a: { b: 1 } }],
    ['a Map', new Map([[1, 2]])],
    ['an object of many properties', Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}`, n]))],
  ])('stays as it is for %s', (_, item) => {
    expect(readAll(new StreamWindow(), 10_000, item, true)).toBeLessThanOrEqual(STREAM_CREDIT)
  })

  test('becomes smaller again when items become large', () => {
    const window = new StreamWindow()
    const ahead = readAll(window, 100 * MOST_STREAM_CREDIT, 1, true)

    expect(readAll(window, 2 * MOST_STREAM_CREDIT, new Map(), true, ahead)).toBeLessThanOrEqual(STREAM_CREDIT)
  })

  test('never lets a generator be further ahead than its limit, nor leaves it without credit', () => {
    const step = fc.record({
      waits: fc.boolean(),
      item: fc.constantFrom(1, 'x'.repeat(500), 'x'.repeat(50_000)),
      items: fc.integer({ min: 1, max: 2000 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const window = new StreamWindow()
        let ahead = STREAM_CREDIT
        for (const { items, item, waits } of steps) {
          ahead = readAll(window, items, item, waits, ahead)
          expect(ahead).toBeLessThanOrEqual(MOST_STREAM_CREDIT)
          expect(ahead).toBeGreaterThan(0)
        }
      }),
    )
  })
})

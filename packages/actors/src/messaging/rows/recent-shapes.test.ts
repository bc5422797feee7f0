import { describe, expect, test } from 'vitest'
import * as format from '../format/message-format.js'
import { MessageShape } from './message-shape.js'
import { RecentShapes } from './row-writer.js'

/** Sends messages of those values, and says for each whether it travelled as a row. */
function send(recent: RecentShapes, messages: readonly (readonly unknown[])[]): boolean[] {
  return messages.map(values => {
    if (!recent.next(17, 0)) return false
    const { shape } = recent
    if (shape !== undefined) {
      if (fits(shape, values)) {
        recent.fitted()
        return true
      }
      if (!recent.changed()) return false
      if (recent.shape !== undefined && fits(recent.shape, values)) return true
    }
    return recent.learn(values) !== undefined
  })
}

const fits = (shape: MessageShape, values: readonly unknown[]): boolean => shape.write([], 17, 0, 0, values) >= 0

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('RecentShapes', () => {
  test('lets methods be for some time whose messages change their shape each time', () => {
    const recent = new RecentShapes(format.TELL, 'm')

    const rows = send(
      recent,
      times(1000, index => [index % 2 === 0 ? { a: 1 } : { b: 1 }]),
    )

    expect(rows.slice(0, 5)).toEqual([true, true, true, true, true])
    expect(rows.filter(Boolean).length).toBeLessThan(100)
  })

  test('keeps to rows when a property is there now and then', () => {
    const recent = new RecentShapes(format.TELL, 'm')

    const rows = send(
      recent,
      times(1000, index => [index % 8 === 0 ? { a: 1, b: 1 } : { a: 1 }]),
    )

    expect(rows).not.toContain(false)
  })

  test('knows the shape before the last one again', () => {
    const recent = new RecentShapes(format.TELL, 'm')
    send(recent, [...times(20, () => [{ a: 1 }]), [{ b: 1 }]])
    const { shape } = recent

    send(recent, [...times(20, () => [{ a: 1 }]), [{ b: 1 }]])

    expect(recent.shape).toBe(shape)
  })

  test('lets methods be for some time whose messages have none, and looks again', () => {
    const recent = new RecentShapes(format.TELL, 'm')

    const rows = send(recent, [[[]], ...times(200, index => [index])])

    expect(rows.indexOf(true)).toBe(65)
    expect(rows.slice(65)).not.toContain(false)
  })
})

import { describe, expect, test } from 'vitest'
import { STREAM_CREDIT } from './open-streams.js'
import { readStream } from './stream-reader.js'

/** A stream whose other side is the test. */
function openStream() {
  let opened = 0
  let asked = 0
  let signal: AbortSignal | undefined
  let [item, end, fail] = [(_value: unknown): void => undefined, (): void => undefined, (_error: unknown): void => undefined]
  const stream = readStream({
    open: (take, reader) => {
      opened += 1
      item = take
      signal = reader
      return new Promise((resolve, reject) => ([end, fail] = [() => resolve(undefined), reject]))
    },
    more: () => void (asked += 1),
  })
  return {
    stream,
    opened: () => opened,
    asked: () => asked,
    hasLeft: () => signal?.aborted,
    item: (value: unknown) => item(value),
    end: () => end(),
    fail: (error: unknown) => fail(error),
  }
}

describe('readStream()', () => {
  test('opens nothing before it is read', async () => {
    const { stream, opened } = openStream()

    await stream.return()

    expect(opened()).toBe(0)
  })

  test('gives the items in order, undefined too, then ends', async () => {
    const { stream, item, end, hasLeft } = openStream()
    const first = stream.next()
    for (const value of [1, undefined, 3]) item(value)
    end()

    expect(await first).toEqual({ done: false, value: 1 })
    expect(await stream.next()).toEqual({ done: false, value: undefined })
    expect(await stream.next()).toEqual({ done: false, value: 3 })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(hasLeft()).toBe(true)
  })

  test('throws its error after the items that came before', async () => {
    const { stream, item, fail } = openStream()
    const first = stream.next()
    item(1)
    const error = new RangeError('no')
    fail(error)

    expect(await first).toEqual({ done: false, value: 1 })
    await expect(stream.next()).rejects.toBe(error)
  })

  test('takes half of its credit again whenever it has read as much', async () => {
    const { stream, item, asked } = openStream()
    const half = STREAM_CREDIT / 2
    const first = stream.next()
    for (let n = 0; n < STREAM_CREDIT; n++) item(n)
    await first

    for (let n = 1; n < half - 1; n++) await stream.next()
    expect(asked()).toBe(0)
    await stream.next()
    expect(asked()).toBe(1)
    for (let n = 0; n < half; n++) await stream.next()
    expect(asked()).toBe(2)
  })

  test('tells the other side when its reader leaves', async () => {
    const { stream, item, fail, hasLeft } = openStream()
    const first = stream.next()
    item(1)
    await first
    expect(hasLeft()).toBe(false)

    await stream.return()

    expect(hasLeft()).toBe(true)
    // As the ask does then. Nobody is left to be told.
    fail(new Error('the reader has left'))
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })
})

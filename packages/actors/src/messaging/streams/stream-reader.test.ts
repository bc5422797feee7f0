import { describe, expect, test } from 'vitest'
import { StreamReader, type StreamSource } from './stream-reader.js'
import { STREAM_CREDIT } from './stream-window.js'

/** A stream whose other side is the test. */
function openStream(signal?: AbortSignal) {
  let opened = 0
  const asked: number[] = []
  let hasLeft = false
  let [item, end, fail] = [
    (_value: unknown): void => undefined,
    (): void => undefined,
    (_error: unknown): void => undefined,
  ]
  const source: StreamSource = {
    open: take => {
      opened += 1
      item = take
      return new Promise((resolve, reject) => ([end, fail] = [() => resolve(undefined), reject]))
    },
    describe: () => 'upTo()',
    more: items => void asked.push(items),
    leave: () => (hasLeft = true),
  }
  return {
    stream: new StreamReader(source, signal),
    opened: () => opened,
    asked: () => asked,
    hasLeft: () => hasLeft,
    item: (value: unknown) => item(value),
    end: () => end(),
    fail: (error: unknown) => fail(error),
  }
}

describe('StreamReader', () => {
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
    expect(hasLeft()).toBe(false)
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
    for (let n = 0; n < STREAM_CREDIT; n++) item(new Map())
    await first

    for (let n = 1; n < half - 1; n++) await stream.next()
    expect(asked()).toEqual([])
    await stream.next()
    expect(asked()).toEqual([half])
    for (let n = 0; n < half; n++) await stream.next()
    expect(asked()).toEqual([half, half])
  })

  test('tells the other side when its reader leaves', async () => {
    const { stream, item, fail, hasLeft } = openStream()
    const first = stream.next()
    item(1)
    await first
    expect(hasLeft()).toBe(false)

    await stream.return()

    expect(hasLeft()).toBe(true)
    // As the ask does then. No reader is left.
    fail(new Error('the reader has left'))
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('throws its error once, and has ended then', async () => {
    const { stream, fail } = openStream()
    const [first, second] = [stream.next(), stream.next()]
    fail(new RangeError('no'))

    await expect(first).rejects.toBeInstanceOf(RangeError)
    expect(await second).toEqual({ done: true, value: undefined })
  })

  test('can be left while items are waited for', async () => {
    const { stream, item, hasLeft } = openStream()
    const waiting = [stream.next(), stream.next()]

    await stream.return()

    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
    expect(hasLeft()).toBe(true)
    item(1)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('throw() and disposal leave it too', async () => {
    const [thrown, disposed] = [openStream(), openStream()]
    const waiting = [thrown.stream.next(), disposed.stream.next()]
    const error = new RangeError('no')

    await expect(thrown.stream.throw(error)).rejects.toBe(error)
    await disposed.stream[Symbol.asyncDispose]()

    await Promise.all(waiting)
    expect([thrown.hasLeft(), disposed.hasLeft()]).toEqual([true, true])
  })

  test('gives those that read at the same time one item each, in order', async () => {
    const { stream, item, end } = openStream()
    const reads = [stream.next(), stream.next(), stream.next()]
    item(1)
    item(2)
    end()

    expect(await Promise.all(reads)).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: true, value: undefined },
    ])
  })

  test('throws the reason of its signal once, before what has come and was not read', async () => {
    const [reading, reason] = [new AbortController(), new RangeError('enough')]
    const { stream, item, fail } = openStream(reading.signal)
    const first = stream.next()
    for (const value of [1, 2, 3]) item(value)
    await first

    reading.abort(reason)
    // As the ask does then.
    fail(reason)

    await expect(stream.next()).rejects.toBe(reason)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('throws the reason of its signal to those that wait, and is not opened when that has aborted', async () => {
    const [reading, reason] = [new AbortController(), new RangeError('enough')]
    const { stream } = openStream(reading.signal)
    const waiting = stream.next()

    reading.abort(reason)
    const later = stream.next()
    const unopened = openStream(reading.signal)

    await expect(waiting).rejects.toBe(reason)
    expect((await later).done).toBe(true)
    await expect(unopened.stream.next()).rejects.toBe(reason)
    expect([(await unopened.stream.next()).done, unopened.opened()]).toEqual([true, 0])
  })
})

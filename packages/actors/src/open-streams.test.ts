import { describe, expect, test } from 'vitest'
import type { Envelope, Origin } from './envelope.js'
import { OpenStreams } from './open-streams.js'
import { STREAM_CREDIT } from './stream-window.js'

/** Who reads, and what it is told. */
class Reader implements Origin {
  readonly host = 1
  readonly items: unknown[] = []
  readonly told: unknown[] = []
  begin(): void {}
  finish(): void {}
  answer(): void {
    this.told.push('end')
  }
  refuse(_envelope: Envelope, refusal: { readonly kind: string }): void {
    this.told.push(refusal.kind)
  }
  item(_envelope: Envelope, value: unknown): void {
    if (typeof value === 'function') throw new TypeError('not cloneable')
    this.items.push(value)
  }
}

let correlation = 0

function openingOf(origin: Origin): Envelope {
  correlation += 1
  return { to: 16, from: undefined, method: 'count', args: [], origin, slot: 0, correlation, kind: 'stream' }
}

function* count(limit: number, ended: string[] = []): Generator<number> {
  try {
    for (let n = 1; n <= limit; n++) yield n
  } finally {
    ended.push('ended')
  }
}

async function* countSlowly(limit: number, ended: string[]): AsyncGenerator<number> {
  yield* count(limit, ended)
}

describe('OpenStreams', () => {
  test('sends as many items as the reader has credit for, and for each pull as many as it says', async () => {
    const [streams, reader] = [new OpenStreams(), new Reader()]
    const opening = openingOf(reader)

    await streams.open(opening, count(1000))
    expect(reader.items).toHaveLength(STREAM_CREDIT)
    await streams.pull({ ...opening, kind: 'more', args: [STREAM_CREDIT / 2] })

    expect(reader.items).toHaveLength(STREAM_CREDIT * 1.5)
    expect([reader.told, streams.size]).toEqual([[], 1])
  })

  test('tells the reader when there are no more, and forgets the stream', async () => {
    const [streams, reader] = [new OpenStreams(), new Reader()]
    const opening = openingOf(reader)

    await streams.open(opening, count(3))
    await streams.pull({ ...opening, kind: 'more', args: [STREAM_CREDIT / 2] })

    expect([reader.items, reader.told, streams.size]).toEqual([[1, 2, 3], ['end'], 0])
  })

  test('keeps streams of different readers apart', async () => {
    const [streams, a, b] = [new OpenStreams(), new Reader(), new Reader()]
    const ofA = openingOf(a)
    const ofB = { ...ofA, origin: b, args: [STREAM_CREDIT / 2] }
    await streams.open(ofA, count(1000))
    await streams.open(ofB, count(1000))

    expect(streams.leave(ofA)).toBe(true)
    await streams.close(ofA)

    expect(streams.size).toBe(1)
    await streams.pull(ofB)
    expect([a.items.length, b.items.length]).toEqual([STREAM_CREDIT, STREAM_CREDIT * 1.5])
  })

  test('leave() tells a pull that is under way, which sends no more, and close() ends the generator', async () => {
    const [streams, reader, ended] = [new OpenStreams(), new Reader(), [] as string[]]
    const opening = openingOf(reader)
    const pull = streams.open(opening, countSlowly(1000, ended))

    expect([streams.leave(opening), streams.readerOf(opening)?.signal.aborted]).toEqual([true, true])
    await pull
    expect(reader.items.length).toBeLessThan(STREAM_CREDIT)
    expect(ended).toEqual([])
    await streams.close(opening)

    expect([ended, streams.size, streams.leave(opening)]).toEqual([['ended'], 0, false])
  })

  test('takes a generator that stops because its reader has left for one that has ended', async () => {
    const [streams, reader] = [new OpenStreams(), new Reader()]
    const opening = openingOf(reader)
    async function* wait(): AsyncGenerator<number> {
      yield 1
      const signal = streams.readerOf(opening)?.signal as AbortSignal
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    }
    const pull = streams.open(opening, wait())
    await new Promise<void>(resolve => setImmediate(resolve))

    streams.leave(opening)
    await pull

    expect(streams.size).toBe(0)
  })

  test('throws what a generator throws, and forgets the stream', async () => {
    const [streams, reader] = [new OpenStreams(), new Reader()]
    const opening = openingOf(reader)
    const error = new RangeError('no')
    async function* fail(): AsyncGenerator<number> {
      yield 1
      throw error
    }

    await expect(streams.open(opening, fail())).rejects.toBe(error)

    // Who handles the message tells the reader.
    expect([reader.items, reader.told, streams.size]).toEqual([[1], [], 0])
  })

  test('refuses an item that cannot be cloned and ends the generator; that is no failure', async () => {
    const [streams, reader, ended] = [new OpenStreams(), new Reader(), [] as string[]]
    function* functions(): Generator {
      try {
        yield () => undefined
      } finally {
        ended.push('ended')
      }
    }

    await streams.open(openingOf(reader), functions())

    expect([reader.told, ended, streams.size]).toEqual([['threw'], ['ended'], 0])
  })

  test('throws a TypeError for what is no generator', () => {
    const streams = new OpenStreams()

    for (const value of [1, undefined, [], Promise.resolve()]) expect(() => streams.open(openingOf(new Reader()), value)).toThrow(TypeError)
  })

  test.each(['stopped', 'restarted'] as const)('closeAll() ends all and tells each reader that the actor was %s', async why => {
    const [streams, a, b, ended] = [new OpenStreams(), new Reader(), new Reader(), [] as string[]]
    await streams.open(openingOf(a), count(1000, ended))
    await streams.open(openingOf(a), count(1000, ended))
    await streams.open(openingOf(b), count(1000, ended))

    streams.closeAll(why)

    expect([a.told, b.told, streams.size, ended.length]).toEqual([[why, why], [why], 0, 3])
  })

  test('closeAll() does not mind generators that throw when they are ended', async () => {
    const [streams, reader] = [new OpenStreams(), new Reader()]
    function* stubborn(): Generator<number> {
      try {
        for (;;) yield 1
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- It is what this is about.
        throw new RangeError('no end')
      }
    }
    await streams.open(openingOf(reader), stubborn())

    streams.closeAll('stopped')

    expect(reader.told).toEqual(['stopped'])
  })
})

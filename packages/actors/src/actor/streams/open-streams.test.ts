import { ManualClock } from '@zera/core/testing'
import { beforeEach, describe, expect, test } from 'vitest'
import { envelopeOf, type Envelope, type Origin } from '../../messaging/envelope.js'
import { STREAM_CREDIT } from '../../messaging/streams/stream-window.js'
import { ActorStoppedError, SystemStoppedError } from '../../model/errors.js'
import type { LogData } from '../../model/log.js'
import { STREAM_END_MS } from './open-stream.js'
import { OpenStreams } from './open-streams.js'

/** A reader, and what it gets. */
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

const clock = new ManualClock()
let failures: unknown[] = []
let lines: unknown[] = []
let goingOn: Envelope[] = []
beforeEach(() => ([failures, lines, goingOn] = [[], [], []]))

function streamsOf(): OpenStreams {
  const write = (text: string, { err }: LogData = {}): void => void lines.push(err ?? text)
  return new OpenStreams({
    clock,
    log: { trace: write, debug: () => undefined, info: write, warn: write, error: write },
    goOn: opening => void goingOn.push(opening),
    failed: error => void failures.push(error),
    isStashing: () => false,
  })
}

let correlation = 0

function openingOf(origin: Origin): Envelope {
  correlation += 1
  return envelopeOf({ to: 16, method: 'count', args: [], origin, correlation, kind: 'stream' })
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
    const [streams, reader] = [streamsOf(), new Reader()]
    const opening = openingOf(reader)

    await streams.open(opening, count(1000))
    expect(reader.items).toHaveLength(STREAM_CREDIT)
    await streams.pull({ ...opening, kind: 'more', args: [STREAM_CREDIT / 2] })

    expect(reader.items).toHaveLength(STREAM_CREDIT * 1.5)
    expect([reader.told, streams.size]).toEqual([[], 1])
  })

  test('tells the reader when there are no more, and forgets the stream', async () => {
    const [streams, reader] = [streamsOf(), new Reader()]
    const opening = openingOf(reader)

    await streams.open(opening, count(3))
    await streams.pull({ ...opening, kind: 'more', args: [STREAM_CREDIT / 2] })

    expect([reader.items, reader.told, streams.size]).toEqual([[1, 2, 3], ['end'], 0])
  })

  test('keeps streams of different readers apart', async () => {
    const [streams, a, b] = [streamsOf(), new Reader(), new Reader()]
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
    const [streams, reader, ended] = [streamsOf(), new Reader(), [] as string[]]
    const opening = openingOf(reader)
    const pull = streams.open(opening, countSlowly(1000, ended))

    expect([streams.leave(opening), streams.of(opening)?.reader.signal.aborted]).toEqual([true, true])
    await pull
    expect(reader.items.length).toBeLessThan(STREAM_CREDIT)
    expect(ended).toEqual([])
    await streams.close(opening)

    expect([ended, streams.size, streams.leave(opening)]).toEqual([['ended'], 0, false])
  })

  test('takes a generator that stops because its reader has left for one that has ended', async () => {
    const [streams, reader] = [streamsOf(), new Reader()]
    const opening = openingOf(reader)
    async function* wait(): AsyncGenerator<number> {
      yield 1
      const signal = streams.of(opening)?.reader.signal as AbortSignal
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    }
    const pull = streams.open(opening, wait())
    await new Promise<void>(resolve => setImmediate(resolve))

    streams.leave(opening)
    await pull
    await streams.close(opening)

    expect([streams.size, failures, reader.told]).toEqual([0, [], []])
  })

  test('fails the actor with what a generator throws, and tells the reader', async () => {
    const [streams, reader] = [streamsOf(), new Reader()]
    const error = new RangeError('no')
    async function* fail(): AsyncGenerator<number> {
      yield 1
      throw error
    }

    await streams.open(openingOf(reader), fail())

    expect([reader.items, reader.told, failures, streams.size]).toEqual([[1], ['threw'], [error], 0])
  })

  test('refuses an item that cannot be cloned and ends the generator; that is no failure', async () => {
    const [streams, reader, ended] = [streamsOf(), new Reader(), [] as string[]]
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

  test('refuses what is no generator, which is no failure', async () => {
    const [streams, reader] = [streamsOf(), new Reader()]

    for (const value of [1, undefined, [], Promise.resolve()]) await streams.open(openingOf(reader), value)
    await expect(streams.open(openingOf(reader), Promise.reject(new RangeError('no')))).rejects.toBeInstanceOf(
      RangeError,
    )

    expect([reader.told, failures]).toEqual([Array.from({ length: 4 }, () => 'unknown-method'), []])
  })

  test.each([
    ['stopped', 'interrupted'],
    ['restarted', 'restarted'],
  ] as const)('closeAll() ends all and tells each reader that the actor was %s', async (why, told) => {
    const [streams, a, b, ended] = [streamsOf(), new Reader(), new Reader(), [] as string[]]
    await streams.open(openingOf(a), count(1000, ended))
    await streams.open(openingOf(a), count(1000, ended))
    await streams.open(openingOf(b), count(1000, ended))

    streams.closeAll(why)

    expect([a.told, b.told, streams.size, ended.length]).toEqual([[told, told], [told], 0, 3])
  })

  test('closeAll() does not mind generators that throw when they are ended, which is logged', async () => {
    const [streams, reader] = [streamsOf(), new Reader()]
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

    expect([reader.told, failures, lines]).toEqual([['interrupted'], [], [new RangeError('no end')]])
  })

  test.each([
    ['stopped', new ActorStoppedError('/sink'), 0],
    ['stopped', new SystemStoppedError('wait for an answer'), 0],
    ['restarted', new ActorStoppedError('/sink'), 1],
  ] as const)(
    'what a generator throws since another has stopped, when its actor was %s: %s, %d lines',
    async (why, error, expected) => {
      let fail = (_error: Error): void => undefined
      async function* asking(): AsyncGenerator<number> {
        yield* await new Promise<number[]>((_, reject) => (fail = reject))
      }
      const { streams } = await waiting(asking())

      streams.closeAll(why)
      fail(error)
      await turn()

      expect([failures, lines.length]).toEqual([[], expected])
    },
  )

  /** A stream whose generator waits, and has been let go of. */
  async function waiting(source: AsyncIterator<unknown>) {
    const [streams, reader] = [streamsOf(), new Reader()]
    const opening = openingOf(reader)
    void streams.open(opening, source)
    await turn()
    streams.of(opening)?.letGo()
    return { streams, reader, opening }
  }

  test('sends what a generator yields that was let go of, and asks it for more when its turn has come', async () => {
    let [bring, asked] = [(): void => undefined, 0]
    async function* slow(): AsyncGenerator<number> {
      for (;;) {
        asked += 1
        await new Promise<void>(resolve => (bring = resolve))
        yield asked
      }
    }
    const { streams, reader, opening } = await waiting(slow())
    expect([streams.haveWaiting, streams.soleWaiting]).toEqual([true, streams.of(opening)?.reader])

    bring()
    await turn()
    expect([reader.items, goingOn, asked]).toEqual([[1], [opening], 1])
    // The reader takes more meanwhile: it has its turn already.
    await streams.pull({ ...opening, kind: 'more', args: [1] })
    expect(asked).toBe(1)
    void streams.pull({ ...opening, kind: 'more', args: [0, opening] })

    expect(asked).toBe(2)
  })

  test('fails the actor with what a generator throws that was let go of', async () => {
    const error = new RangeError('no')
    const { reader, opening } = await waiting({
      next: () =>
        turn()
          .then(turn)
          .then(() => Promise.reject(error)),
    })
    await eventually(() => failures.length > 0)

    expect([reader.told, failures, opening.method]).toEqual([['threw'], [error], 'count'])
  })

  test('drops what a generator yields when its reader has left, and its finally runs once', async () => {
    let bring = (): void => undefined
    const ended: string[] = []
    async function* deaf(): AsyncGenerator<number> {
      try {
        await new Promise<void>(resolve => (bring = resolve))
        yield 1
      } finally {
        ended.push('ended')
      }
    }
    const { streams, reader, opening } = await waiting(deaf())
    streams.leave(opening)
    void streams.close(opening)
    void streams.close(opening)
    streams.leave(opening)
    expect([streams.size, ended]).toEqual([0, []])

    bring()
    await eventually(() => ended.length > 0)
    await turn()

    expect([reader.items, reader.told, ended, failures, lines]).toEqual([[], [], ['ended'], [], []])
  })

  test('logs once that generators of a method go on, and waits for none of them', async () => {
    const never: AsyncIterator<unknown> = {
      next: () => new Promise(() => undefined),
      return: () => new Promise(() => undefined),
    }
    const { streams, opening } = await waiting(never)
    const other = { ...opening, correlation: -1 }
    void streams.open(other, never)

    const closed = Promise.all([streams.close(opening), streams.close(other)])
    clock.turn()
    await closed
    clock.advance(STREAM_END_MS)
    await turn()

    expect([streams.ended(), lines.length, failures]).toEqual([undefined, 1, []])
  })

  test('a source that is no generator may end its wait itself when its reader leaves', async () => {
    let end = (_result: IteratorResult<unknown>): void => undefined
    const result = { done: true, value: undefined } as const
    const { streams, opening, reader } = await waiting({
      next: () => new Promise(resolve => (end = resolve)),
      return: () => (end(result), Promise.resolve(result)),
    })

    streams.leave(opening)
    await turn()
    const closed = streams.close(opening)
    clock.turn()
    await closed

    expect([streams.size, reader.told]).toEqual([0, []])
  })
})

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

async function eventually(isSo: () => boolean): Promise<void> {
  for (let turns = 0; turns < 100 && !isSo(); turns++) await turn()
}

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FrameSequence } from './frame-sequence.js'

vi.mock(import('../base/runtime/real-timers.js'), async importReal =>
  (await import('../fixtures/fakeable-timers.js')).fakeable(await importReal()),
)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Two sequences with a channel between them that loses the chosen frames. */
class Wired {
  readonly arrived: [readonly number[], readonly number[]] = [[], []]
  readonly ends: [FrameSequence, FrameSequence]
  readonly #queue: { readonly to: 0 | 1; readonly text: string }[] = []
  readonly #isLost: () => boolean

  constructor(isLost: () => boolean) {
    this.#isLost = isLost
    this.ends = [this.#end(0), this.#end(1)]
  }

  /** Hands on what is under way, and what that brings about. */
  run(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.ends[next.to].take(next.text)
      this.ends[next.to].confirm()
    }
  }

  close(): void {
    for (const end of this.ends) end.close()
  }

  #end(at: 0 | 1): FrameSequence {
    return new FrameSequence({
      transmit: text => {
        if (!this.#isLost()) this.#queue.push({ to: at === 0 ? 1 : 0, text })
      },
      take: (_handled, batch) => (this.arrived[at] as unknown[]).push(...batch),
      confirmed: () => undefined,
      faulted: problem => expect.unreachable(problem),
    })
  }
}

describe('FrameSequence', () => {
  test('send() brings each frame once and in order, whatever the channel loses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }),
        fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 30 }),
        (losses, senders) => {
          const timers = vi.getTimerCount()
          let transmitted = 0
          // In the end the connection is there.
          const wired = new Wired(() => losses[transmitted++] ?? false)
          const sent: [number[], number[]] = [[], []]

          for (const [number, sender] of senders.entries()) {
            sent[sender as 0 | 1].push(number)
            wired.ends[sender as 0 | 1].send([], `[${number}]`, [number])
            if (number % 3 === 0) wired.run()
          }
          for (let turn = 0; turn < 200 && wired.ends.some(end => end.hasUnconfirmed); turn++) {
            wired.run()
            vi.advanceTimersByTime(2000)
          }

          expect([wired.arrived[1], wired.arrived[0]]).toEqual(sent)
          expect(wired.ends.map(end => end.unconfirmedMessages)).toEqual([0, 0])
          wired.close()
          expect(vi.getTimerCount()).toBe(timers)
        },
      ),
    )
  })

  test('sends nothing twice to a peer that is only slow, and asks it less and less', () => {
    const transmitted: string[] = []
    const sequence = new FrameSequence({
      transmit: text => transmitted.push(text),
      take: () => undefined,
      confirmed: () => undefined,
      faulted: () => undefined,
    })

    for (const number of [1, 2, 3]) sequence.send([], `[${number}]`, [number])
    vi.advanceTimersByTime(10_000)

    expect(transmitted.filter(text => !text.startsWith('[-2,'))).toEqual([
      '[1,0,[],[1]]',
      '[2,0,[],[2]]',
      '[3,0,[],[3]]',
    ])
    expect(transmitted.filter(text => text.startsWith('[-2,')).length).toBeLessThan(10)
    sequence.close()
  })

  test.each([
    ['no JSON', ''],
    ['no JSON', '[1,0,[],'],
    ['no array', '{}'],
    ['no array', 'null'],
    ['nothing', '[]'],
    ['a number that is a text', '["1",0,[],[]]'],
    ['a number that is no whole one', '[1.5,0,[],[]]'],
    ['a number that no frame has', '[-3,0]'],
    ['a number that is beyond all numbers', '[9007199254740993,0,[],[]]'],
    ['a number far beyond what can be under way', '[1048578,0,[],[]]'],
    ['messages that are missing', '[1,0]'],
    ['messages that are none', '[1,0,[],5]'],
    ['slots that are none', '[1,0,{},[]]'],
    ['a part too many', '[1,0,[],[],0]'],
    ['no count of what was sent', '[0,0]'],
    ['a count of what was sent that is negative', '[-2,0,-1]'],
    ['a count of what was sent far beyond what can be under way', '[0,0,1048577]'],
    ['a count of what has arrived that is negative', '[-1,-1]'],
    ['a confirmation of what was never sent', '[-1,2]'],
  ])('take() of %s is a fault of the peer, after which nothing is taken', (_what, text) => {
    const taken: unknown[] = []
    const problems: string[] = []
    const timers = vi.getTimerCount()
    const sequence = new FrameSequence({
      transmit: () => undefined,
      take: (...frame) => taken.push(frame),
      confirmed: () => undefined,
      faulted: problem => problems.push(problem),
    })
    sequence.send([], '[1]', [1])

    sequence.take(text)
    sequence.take(text)
    sequence.take('[1,0,[],[]]')

    expect(taken).toEqual([])
    expect(problems).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(timers)
  })

  test('take() of a frame that has arrived before changes nothing, and of one that is early asks once for those before it', () => {
    const [taken, transmitted]: [number[], string[]] = [[], []]
    const sequence = new FrameSequence({
      transmit: text => transmitted.push(text),
      take: (_handled, _batch, frame) => taken.push(frame),
      confirmed: () => undefined,
      faulted: problem => expect.unreachable(problem),
    })

    for (const frame of [1, 1, 3, 4, 3, 1]) sequence.take(`[${frame},0,[],[]]`)

    expect([taken, transmitted]).toEqual([[1], ['[-1,1]']])
  })

  test('sends frames again as often as a connection may break, and not as often as a peer asks that takes nothing', () => {
    const transmitted: string[] = []
    const problems: string[] = []
    const sequence = new FrameSequence({
      transmit: text => transmitted.push(text),
      take: () => undefined,
      confirmed: () => undefined,
      faulted: problem => problems.push(problem),
    })
    const large = `["${'x'.repeat(1000)}"]`
    sequence.send([], large, [1])

    for (let asked = 0; asked < 100_000 && problems.length === 0; asked++) {
      sequence.take('[-1,0]')
      if (asked % 100 === 0) vi.advanceTimersByTime(50)
    }

    expect(problems).toHaveLength(1)
    expect(transmitted.filter(text => text.includes('x')).length).toBeLessThanOrEqual(9)
    sequence.close()
  })
})

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FrameSequence } from './frame-sequence.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Two sequences with a channel between them that loses what it is told to. */
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
    })
  }
}

describe('FrameSequence', () => {
  test('send() brings each frame once and in order, whatever the channel loses', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }), fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 30 }), (losses, senders) => {
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
      }),
    )
  })

  test('sends nothing twice to a peer that is only slow, and asks it less and less', () => {
    const transmitted: string[] = []
    const sequence = new FrameSequence({ transmit: text => transmitted.push(text), take: () => undefined, confirmed: () => undefined })

    for (const number of [1, 2, 3]) sequence.send([], `[${number}]`, [number])
    vi.advanceTimersByTime(10_000)

    expect(transmitted.filter(text => !text.startsWith('[-2,'))).toEqual(['[1,0,[],[1]]', '[2,0,[],[2]]', '[3,0,[],[3]]'])
    expect(transmitted.filter(text => text.startsWith('[-2,')).length).toBeLessThan(10)
    sequence.close()
  })

  test.each(['', 'rhubarb', '{}', '[]', '["1",0]', '[1,0]', '[1,0,[],5]', '[0,0]', '[-2,0]', '[-3,0]', '[null,null]'])('take() loses %j, which is no frame', text => {
    const taken: unknown[] = []
    const sequence = new FrameSequence({ transmit: () => undefined, take: (...frame) => taken.push(frame), confirmed: () => undefined })

    sequence.take(text)

    expect(taken).toEqual([])
  })
})

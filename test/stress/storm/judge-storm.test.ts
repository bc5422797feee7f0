import { describe, expect, test } from 'vitest'
import { judgeStorm } from './judge-storm.js'
import type { StormReport } from './storm.js'

const track = { sent: 10, unsure: 0, handled: 10, handledAgain: 1, misordered: 0 }
const fine: StormReport = {
  downs: 1,
  threads: 2,
  living: [track, track],
  dying: [{ ...track, handled: 8 }, track],
  questions: [{ asked: 5, answered: 4, down: 1, answersLost: 1, begun: 0, wrong: [] }],
  lost: 3,
  deadLetters: {},
  wrongEvents: [],
  looks: 0,
  receipt: { isClean: true, left: { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 }, restarts: 3 },
  open: [],
}

describe('judgeStorm()', () => {
  test('finds nothing in what is as it has to be', () => {
    expect(judgeStorm(fine)).toEqual([])
  })

  test.each<[string, Partial<StormReport>]>([
    ['no death', { downs: 0 }],
    ['a message that was lost', { living: [{ ...track, handled: 9 }] }],
    ['a message out of order', { living: [{ ...track, misordered: 1 }] }],
    ['a message that was lost without a report', { lost: 2 }],
    ['more losses than there can be', { lost: 9 }],
    [
      'a question that was not settled',
      { questions: [{ asked: 5, answered: 4, down: 0, answersLost: 1, begun: 0, wrong: [] }] },
    ],
    [
      'a question that ended in another way',
      { questions: [{ asked: 5, answered: 4, down: 0, answersLost: 1, begun: 0, wrong: ['AskTimeoutError'] }] },
    ],
    ['no actor that answers', { questions: [{ asked: 5, answered: 0, down: 5, answersLost: 1, begun: 0, wrong: [] }] }],
    ['dead letters', { deadLetters: { 'thread-down': 2 } }],
    ['an actor that was given up', { wrongEvents: ['actor-given-up'] }],
    ['a receipt that is not clean', { receipt: { ...fine.receipt, isClean: false } }],
    ['something left open', { open: ['socket PAIR'] }],
  ])('finds %s', (_what, change) => {
    expect(judgeStorm({ ...fine, ...change })).toHaveLength(1)
  })
})

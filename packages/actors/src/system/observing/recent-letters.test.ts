import { describe, expect, test } from 'vitest'
import type { DeadLetter } from '../../model/events/dead-letter.js'
import { KeptDeadLetters } from '../undelivered/kept-dead-letters.js'
import { RecentLetters } from './recent-letters.js'

function letter(method: string): DeadLetter {
  return {
    target: { host: 1, id: 16 },
    sender: undefined,
    method,
    args: [],
    reason: 'handler-threw',
    progress: undefined,
    error: undefined,
  }
}

describe('RecentLetters', () => {
  test('has those alone that the system keeps, by numbers that stay', () => {
    const kept = new KeptDeadLetters(2)
    const recent = new RecentLetters(kept)
    const all = ['a', 'b', 'c'].map(letter)
    for (const [at, each] of all.entries()) {
      kept.add(each)
      recent.add(each, at)
    }

    const before = recent.list().map(({ number, atMs, letter: { method } }) => [number, atMs, method])
    kept.replayed(all[1] as DeadLetter)

    expect(before).toEqual([
      [2, 1, 'b'],
      [3, 2, 'c'],
    ])
    expect([1, 2, 3].map(number => recent.get(number)?.method)).toEqual([undefined, undefined, 'c'])
  })
})

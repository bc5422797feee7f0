import { describe, expect, test } from 'vitest'
import { didYouMean, editDistance, nearestWord } from './did-you-mean.js'

describe('editDistance()', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['addd', 'add', 1],
    ['ad', 'add', 1],
    ['afd', 'add', 1],
    ['dad', 'add', 1],
    ['timeout', 'timeoutMs', 2],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('from %j to %j is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
    expect(editDistance(to, from)).toBe(distance)
  })
})

describe('nearestWord()', () => {
  test.each([
    ['addd', ['upTo', 'add'], 'add'],
    ['Add', ['add', 'ad'], 'add'],
    ['thread', ['threads', 'name'], 'threads'],
    ['nam', ['props', 'name'], 'name'],
    ['timeout', ['signal', 'timeoutMs'], 'timeoutMs'],
    ['max', ['maxRestarts', 'periodMs'], 'maxRestarts'],
    ['max', ['maxRestarts', 'maxHeapMb'], undefined],
    ['env', ['name', 'size'], undefined],
    ['x', ['y'], undefined],
    ['x', [], undefined],
    ['', ['a'], undefined],
    ['add', [''], undefined],
  ])('for %j among %j is %j', (wrong, words, meant) => {
    expect(nearestWord(wrong, words)).toBe(meant)
  })

  test('compares no words of hostile length, and not too many', () => {
    const long = 'a'.repeat(100_000)

    expect(nearestWord(long, [`${long}b`])).toBeUndefined()
    expect(nearestWord('abc', [long])).toBeUndefined()
    expect(nearestWord('abd', [...Array.from({ length: 100_000 }, (_, at) => `word${at}`), 'abc'])).toBeUndefined()
  })
})

describe('didYouMean()', () => {
  test('is a clause, or nothing', () => {
    expect(didYouMean('addd', ['add'])).toBe('; did you mean add?')
    expect(didYouMean('addd', ['remove'])).toBe('')
  })
})

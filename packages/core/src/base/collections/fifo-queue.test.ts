import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Queue } from './fifo-queue.js'

describe('Queue', () => {
  test('take() returns items in the order in which they were added', () => {
    const queue = new Queue<number>()
    for (const item of [1, 2, 3]) queue.add(item)

    const taken = [queue.take(), queue.take(), queue.take(), queue.take()]

    expect(taken).toEqual([1, 2, 3, undefined])
  })

  test('peek() leaves the item', () => {
    const queue = new Queue<string>()
    queue.add('first')

    expect(queue.peek()).toBe('first')
    expect(queue.size).toBe(1)
  })

  test('it does what an array does, whatever the order of the calls', () => {
    const call = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 6000 }) }),
      fc.record({ kind: fc.constant('addFirst' as const), count: fc.integer({ min: 1, max: 6000 }) }),
      fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 6000 }) }),
      fc.record({ kind: fc.constant('takeWhere' as const), remainder: fc.integer({ min: 0, max: 9 }) }),
    )

    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), calls => {
        const queue = new Queue<number>()
        let model: number[] = []
        const taken: (number | undefined)[] = []
        const expected: (number | undefined)[] = []
        let next = 0
        for (const step of calls) {
          if (step.kind === 'add') {
            for (let i = 0; i < step.count; i++) {
              queue.add(next)
              model.push(next++)
            }
          } else if (step.kind === 'addFirst') {
            const first: number[] = []
            for (let i = 0; i < step.count; i++) {
              queue.addFirst(next)
              first.push(next++)
            }
            model = [...first.toReversed(), ...model]
          } else if (step.kind === 'take') {
            expected.push(...model.slice(0, step.count))
            model = model.slice(step.count)
            for (let left = Math.min(step.count, queue.size); left > 0; left--) taken.push(queue.take())
          } else {
            const at = model.findIndex(item => item % 10 === step.remainder)
            expected.push(at < 0 ? undefined : model.splice(at, 1)[0])
            taken.push(queue.takeWhere(item => item % 10 === step.remainder))
          }
          expect(queue.size).toBe(model.length)
          expect(queue.peek()).toBe(model[0])
        }
        expect(taken).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})

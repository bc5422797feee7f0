import { describe, expect, test } from 'vitest'
import { uninterrupted } from './uninterrupted.js'

describe('uninterrupted()', () => {
  test('calls again until no signal interrupts it, and gives what it returned', () => {
    let calls = 0

    const result = uninterrupted(() => {
      calls += 1
      if (calls < 3) throw Object.assign(new Error('Interrupted system call'), { code: 'EINTR' })
      return 'done'
    })

    expect([result, calls]).toEqual(['done', 3])
  })

  test('throws what else is thrown', () => {
    const error = Object.assign(new Error('no'), { code: 'EINVAL' })

    expect(() =>
      uninterrupted(() => {
        throw error
      }),
    ).toThrow(error)
  })
})

import { describe, expect, it } from 'vitest'
import { formatPath } from './path.js'

describe('formatPath()', () => {
  it('writes indices, names, and names that need quotes', () => {
    expect(formatPath([0, 'orders', 3, 'größe', 'due date', '5'])).toBe('[0].orders[3].größe["due date"]["5"]')
  })

  it('is empty for the value itself', () => {
    expect(formatPath([])).toBe('')
  })
})

import { describe, expect, test } from 'vitest'
import { attackBroker } from './broker-attack.js'

const SHORT = { frames: 3000, seed: 1 }

describe('npm run fuzz -- brokers', () => {
  test.each([
    ['without', false],
    ['with', true],
  ])(
    'goes on, counts and logs each message that cannot be read, and answers each honest request, %s CURVE',
    async (_with, hasKeys) => {
      const report = await attackBroker(SHORT, { hasKeys })

      expect(report.problems).toEqual([])
      expect(report.frames).toBeGreaterThanOrEqual(SHORT.frames)
    },
  )
})

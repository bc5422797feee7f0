import { expect, test } from 'vitest'
import { attackGateway } from './gateway-attack.js'

const SHORT = { frames: 1000, seed: 1 }

test.each([
  ['without', false],
  ['with', true],
])(
  'npm run fuzz -- gateways, %s CURVE: each message that is no request is answered with an error or not received, and others are served',
  async (_with, hasKeys) => {
    const report = await attackGateway(SHORT, hasKeys)

    expect(report.problems).toEqual([])
    expect(report.frames).toBeGreaterThanOrEqual(SHORT.frames)
  },
)

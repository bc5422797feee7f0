import { describe, expect, test } from 'vitest'
import { attackNode } from './node-attack.js'
import { attackSystem } from './system-attack.js'

const SHORT = { frames: 800, seed: 1 }

describe.each([
  ['without', false],
  ['with', true],
])('npm run fuzz -- nodes, %s CURVE', (_with, hasKeys) => {
  test('ends each session of a zera node that receives what cannot be read, and nothing else', async () => {
    const report = await attackNode(SHORT, hasKeys)

    expect(report.problems).toEqual([])
    expect(report.frames).toBeGreaterThanOrEqual(SHORT.frames)
  })

  test('ends each session of a system whose node answers that, and nothing else', async () => {
    const report = await attackSystem(SHORT, hasKeys)

    expect(report.problems).toEqual([])
    expect(report.frames).toBeGreaterThanOrEqual(SHORT.frames)
  })
})

import { expect, test } from 'vitest'
import * as testing from './index.js'

test('the test kit exports these values and no others', () => {
  expect(Object.keys(testing).toSorted()).toMatchInlineSnapshot(`
    [
      "SimulationError",
      "simulate",
      "startProbe",
    ]
  `)
})

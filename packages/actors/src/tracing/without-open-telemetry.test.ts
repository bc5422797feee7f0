import { expect, test } from 'vitest'
import { findOpenTelemetry } from './open-telemetry.js'
import { traceparentToSend } from './trace-context.js'

test('findOpenTelemetry() is content with a thread that has none, and looks once', async () => {
  let lookups = 0
  const importApi = (): Promise<never> => {
    lookups += 1
    return Promise.reject(Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' }))
  }

  await findOpenTelemetry(importApi)
  await findOpenTelemetry(importApi)

  expect(lookups).toBe(1)
  expect(traceparentToSend()).toBeUndefined()
})

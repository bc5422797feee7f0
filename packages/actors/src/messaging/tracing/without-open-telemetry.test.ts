import { expect, test } from 'vitest'
import { loadOpenTelemetry, OPEN_TELEMETRY } from './open-telemetry.js'
import { traceparentToSend } from './trace-context.js'

test('nothing of OpenTelemetry is looked for in a thread where nothing is registered', () => {
  expect(OPEN_TELEMETRY in globalThis).toBe(false)
  expect(traceparentToSend()).toBeUndefined()
})

test('loadOpenTelemetry() is content without it, and passes on what else goes wrong', () => {
  const failing = (code: string) => () => {
    throw Object.assign(new Error('no'), { code })
  }

  expect(loadOpenTelemetry(failing('MODULE_NOT_FOUND'))).toBeUndefined()
  expect(() => loadOpenTelemetry(failing('ERR_OTHER'))).toThrow('no')
})

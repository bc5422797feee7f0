import { describe, expect, test } from 'vitest'
import { Poller } from '../../base/receiving/poller.js'
import { interruptSignal } from '../../base/time/interrupt.js'
import { configureContext } from '../../native/context-settings.js'
import { startDetached } from './detached/detached.js'
import { startThread } from './start-thread.js'

type Loose = (...args: unknown[]) => unknown
const url = new URL('./no-module.js', import.meta.url)

describe('an option that there is not', () => {
  test.each<[string, () => unknown]>([
    ['names', () => (startThread as Loose)(url, { names: 'x' })],
    ['names', () => (startDetached as Loose)(url, { names: 'x' })],
    ['sockets', () => (configureContext as Loose)({ sockets: 1 })],
    ['code', () => (interruptSignal as Loose)({ code: 1 })],
    ['orders', () => new (Poller as unknown as new (options: unknown) => unknown)({ orders: 'fair' })],
  ])('%s is refused by name', async (name, call) => {
    const error: unknown = await (async () => call())().catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain(`no option ${name};`)
  })
})

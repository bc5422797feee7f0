import { describe, expect, test, vi } from 'vitest'
import { EventSource } from './events.js'

describe('EventSource', () => {
  test('tells a listener of the events of its name, and one of any name of all', () => {
    const events = new EventSource()
    const [ofName, ofAny] = [vi.fn<() => void>(), vi.fn<() => void>()]
    events.on('messages-lost', ofName)
    events.onAny(ofAny)

    events.emit('stopping', {})
    events.emit('messages-lost', { host: 1, messages: 2 })

    expect(ofName.mock.calls).toEqual([[{ host: 1, messages: 2 }]])
    expect(ofAny.mock.calls).toEqual([
      [{ type: 'stopping', event: {} }],
      [{ type: 'messages-lost', event: { host: 1, messages: 2 } }],
    ])
  })

  test('calls no listener that has stopped listening, each time on its own', () => {
    const events = new EventSource()
    const listener = vi.fn<() => void>()
    const first = events.onAny(listener)
    events.onAny(listener)

    first.cancel()
    first.cancel()
    events.emit('stopping', {})

    expect(listener).toHaveBeenCalledOnce()
  })

  test('ends a listener at the end of a block that uses it', () => {
    const events = new EventSource()
    const listener = vi.fn<() => void>()
    {
      using listening = events.on('stopping', listener)
      events.emit('stopping', {})
      expect(listening).toBeDefined()
    }

    events.emit('stopping', {})

    expect(listener).toHaveBeenCalledOnce()
  })

  test('tells the others when a listener throws, which is an uncaught error', async () => {
    const events = new EventSource()
    const other = vi.fn<() => void>()
    const error = new Error('of the listener')
    const uncaught = new Promise(resolve => interceptUncaught(resolve))
    events.onAny(() => {
      throw error
    })
    events.onAny(other)

    events.emit('stopping', {})

    expect(other).toHaveBeenCalledOnce()
    expect(await uncaught).toBe(error)
  })
})

/** Takes the next uncaught error instead of the test runner. */
function interceptUncaught(take: (error: unknown) => void): void {
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.once('uncaughtException', error => {
    for (const listener of listeners) process.on('uncaughtException', listener)
    take(error)
  })
}

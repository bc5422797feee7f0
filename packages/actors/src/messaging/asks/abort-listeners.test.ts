import { getEventListeners } from 'node:events'
import { systemClock } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { AbortListeners } from './abort-listeners.js'

describe('AbortListeners', () => {
  test('tells all who wait on a signal, with its reason, by one listener', () => {
    const told: unknown[] = []
    const listeners = new AbortListeners(systemClock, (key, reason) => void told.push([key, reason]))
    const [one, other] = [new AbortController(), new AbortController()]
    listeners.add(one.signal, 1)
    listeners.add(one.signal, 2)
    listeners.add(other.signal, 3)

    expect(getEventListeners(one.signal, 'abort')).toHaveLength(1)
    one.abort('enough')

    expect(told).toEqual([
      [1, 'enough'],
      [2, 'enough'],
    ])
  })

  test('calls no listener that does not wait any more, and leaves none behind', () => {
    const told: number[] = []
    const listeners = new AbortListeners(systemClock, key => void told.push(key))
    const { signal } = new AbortController()
    listeners.add(signal, 1)
    listeners.add(signal, 2)

    listeners.delete(signal, 1)
    listeners.delete(signal, 1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    listeners.delete(signal, 2)

    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(told).toEqual([])
  })

  test('lets a listener leave while it is called', () => {
    const told: number[] = []
    const controller = new AbortController()
    const listeners: AbortListeners = new AbortListeners(systemClock, key => {
      told.push(key)
      listeners.delete(controller.signal, key)
    })
    for (const key of [1, 2, 3]) listeners.add(controller.signal, key)

    controller.abort()

    expect(told).toEqual([1, 2, 3])
  })
})

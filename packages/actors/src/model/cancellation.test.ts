import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Cancellation } from './cancellation.js'

describe('Cancellation', () => {
  test('aborts its signal, also for a later look', () => {
    const [early, late] = [new Cancellation(), new Cancellation()]
    const { signal } = early

    early.cancel('enough')
    late.cancel('enough')

    expect([signal.aborted, late.signal.aborted]).toEqual([true, true])
    expect(signal.reason).toMatchObject({ name: 'AbortError', message: 'enough' })
  })

  test('explains its reason, and what Node throws because of it', async () => {
    const cancellation = new Cancellation()
    const sleeping = sleep(60_000, undefined, { signal: cancellation.signal }).catch((error: unknown) => error)

    cancellation.cancel('enough')

    expect(cancellation.explains(cancellation.signal.reason)).toBe(true)
    expect(cancellation.explains(await sleeping)).toBe(true)
  })

  test('explains no other error, and nothing before it happened', () => {
    const cancellation = new Cancellation()
    const abort = Object.assign(new Error('of something else'), { name: 'AbortError' })

    expect(cancellation.explains(abort)).toBe(false)
    cancellation.cancel('enough')
    expect([new TypeError('a mistake'), 'enough', undefined].map(thrown => cancellation.explains(thrown))).toEqual([
      false,
      false,
      false,
    ])
  })
})

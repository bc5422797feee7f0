import { describe, expect, test } from 'vitest'
import { LeakError } from '../errors/errors.js'
import { expectNoLeaks, openResources, trackResource, trackSource } from './resources.js'

describe('openResources()', () => {
  test('names what is open and who opened it', () => {
    const forget = trackResource('timer', 'tick')

    const [open] = openResources()

    forget()
    expect(open).toMatchObject({ kind: 'timer', name: 'tick' })
    expect(open?.stack).toContain('resources.test')
  })

  test('asks each source anew', () => {
    const held = [{ kind: 'ask' as const, name: 'one', stack: 'its actor' }]
    const remove = trackSource(() => held)
    const before = openResources().length

    held.pop()

    expect([before, openResources().length]).toEqual([1, 0])
    remove()
  })

  test('forgets a source that was removed', () => {
    const remove = trackSource(() => [{ kind: 'ask', name: 'one', stack: 'its actor' }])

    remove()

    expect(openResources()).toEqual([])
  })
})

describe('expectNoLeaks()', () => {
  test('passes when nothing is open', () => {
    expect(() => expectNoLeaks()).not.toThrow()
  })

  test('throws a LeakError that holds what is open', () => {
    const forget = [trackResource('socket', 'left'), trackResource('socket', 'right')]
    let error: unknown

    try {
      expectNoLeaks()
    } catch (thrown) {
      error = thrown
    }

    for (const each of forget) each()
    expect(error).toBeInstanceOf(LeakError)
    expect((error as LeakError).open.map(({ name }) => name)).toEqual(['left', 'right'])
  })

  test('lets a resource be forgotten twice, and only itself', () => {
    const forget = trackResource('socket', 'same name')
    const forgetOther = trackResource('socket', 'same name')

    forget()
    forget()

    expect(openResources()).toHaveLength(1)
    forgetOther()
  })
})

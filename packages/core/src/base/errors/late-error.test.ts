import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'
import { cutCauses } from './late-error.js'

describe('a thread that throws what cannot be read', () => {
  test('goes down alone, with an error that can be', async () => {
    expect(await runProgram('programs/main-hears-odd-values')).toMatchObject({
      code: 0,
      signal: null,
      stdout: 'done\n',
    })
  })
})

describe('cutCauses()', () => {
  test('cuts a circle where it closes', () => {
    const inner = new Error('inner')
    const outer = new Error('outer', { cause: inner })
    inner.cause = outer

    cutCauses(outer)

    expect(outer.cause).toBe(inner)
    expect(Object.hasOwn(inner, 'cause')).toBe(false)
  })

  test('cuts causes that are too deep, and leaves others', () => {
    let deep = new Error('last')
    for (let depth = 0; depth < 1000; depth++) deep = new Error('one', { cause: deep })
    const shallow = new Error('one', { cause: new Error('two', { cause: 'three' }) })

    cutCauses(deep)
    cutCauses(shallow)

    let depth = 0
    for (let error: unknown = deep; error instanceof Error; error = error.cause) depth += 1
    expect(depth).toBe(50)
    expect((shallow.cause as Error).cause).toBe('three')
  })
})

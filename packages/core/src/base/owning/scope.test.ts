import { describe, expect, test } from 'vitest'
import { Scope } from './scope.js'

describe('Scope', () => {
  test('close() releases in reverse order, one after the other, and says what', async () => {
    const scope = new Scope()
    const calls: string[] = []
    for (const name of ['first', 'second']) {
      scope.own(name, async () => {
        calls.push(`${name} begins`)
        await Promise.resolve()
        calls.push(`${name} ends`)
      })
    }

    const released = await scope.close()

    expect(released).toEqual(['second', 'first'])
    expect(calls).toEqual(['second begins', 'second ends', 'first begins', 'first ends'])
  })

  test('close() releases once, however often it is called', async () => {
    const scope = new Scope()
    let releases = 0
    scope.own('thing', () => void releases++)

    const [first, second] = await Promise.all([scope.close(), scope.close()])

    expect(first).toEqual(second)
    expect(releases).toBe(1)
    expect(scope.isClosed).toBe(true)
  })

  test('close() tries all releases and throws all their errors', async () => {
    const scope = new Scope()
    const released: string[] = []
    const [one, two] = [new Error('one'), new Error('two')]
    scope.own('last', () => void released.push('last'))
    scope.own('fails', () => Promise.reject(one))
    scope.own('middle', () => void released.push('middle'))
    scope.own('throws', () => {
      throw two
    })

    const error = await scope.close().catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors).toEqual([two, one])
    expect(released).toEqual(['middle', 'last'])
  })

  test('own() releases at once when the scope is closed', async () => {
    const scope = new Scope()
    await scope.close()
    let isReleased = false

    scope.own('late', () => void (isReleased = true))

    expect(await scope.close()).toEqual(['late'])
    expect(isReleased).toBe(true)
  })

  test('own() releases what comes while the scope closes', async () => {
    const scope = new Scope()
    const released: string[] = []
    scope.own('outer', () => {
      scope.own('inner', () => void released.push('inner'))
      released.push('outer')
    })

    await scope.close()
    await scope.close()

    expect(released).toEqual(['outer', 'inner'])
  })

  test('own() returns what lets go of it, and close() gives each release what is left of the time', async () => {
    const scope = new Scope()
    const left: number[] = []
    scope.own('first', leftMs => void left.push(leftMs))
    scope.own('second', leftMs => void left.push(leftMs))
    scope.own('closed by itself', leftMs => void left.push(leftMs))()

    const released = await scope.close(0)

    expect([released, left]).toEqual([
      ['second', 'first'],
      [0, 0],
    ])
  })

  test('await using closes it', async () => {
    let isReleased = false

    {
      await using scope = new Scope()
      scope.own('thing', () => void (isReleased = true))
    }

    expect(isReleased).toBe(true)
  })
})

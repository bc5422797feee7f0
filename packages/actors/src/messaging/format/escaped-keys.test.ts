import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import lodger from '../../fixtures/actors/lodger.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { startSystem, type Placement, type System } from '../../index.js'

expectNoLeaksAfterAll()
let system: System
beforeAll(
  async () => void (system = await startSystem({ threads: 1, nodes: [{ name: 'node' }], handleSignals: false })),
)
afterAll(async () => {
  const { isClean } = await system.stop()
  expect(isClean).toBe(true)
})

/**
 * Keys that JSON writes with escapes, in objects that travel as rows, in text, and in what takes marks; V8 13 to 15
 * take the second of each two for the first.
 */
const VALUES = [
  ['\\', '"'],
  ['\\', '\n'],
  ['\\', '\ud800'],
  ['a\\', 'a\t'],
  ['\\n', '\nX'],
  ['\\u0001', '\u0001bcdef'],
].flatMap(keys =>
  keys.flatMap((key): unknown[] => [
    { [key]: 1 },
    { a: 1, [key]: 'x' },
    { b: [1], [key]: [2] },
    [{ c: { [key]: undefined } }],
    new Map([[{ [key]: 1 }, { d: 1n, [key]: 2 }]]),
  ]),
)

describe.each<[string, Placement | undefined]>([
  ['the main thread', 'main'],
  ['another thread', 'own-thread'],
  ['another process', { node: 'node' }],
])('an actor in %s', (_where, placement) => {
  test('is given any keys as they are, and its answers too', async () => {
    const ref = await system.spawn(lodger, { placement })

    const inTurn: unknown[] = []
    for (const value of VALUES) inTurn.push(await ref.ask.echo(value))
    const together = await Promise.all(VALUES.map(value => ref.ask.echo(value)))

    expect(inTurn).toStrictEqual(VALUES)
    expect(together).toStrictEqual(VALUES)
    expect(await ref.ask.echo(VALUES)).toStrictEqual(VALUES)
  })
})

test('a job is given any keys as they are, and its results too', async () => {
  expect(await system.compute((values: readonly unknown[]) => values, [VALUES])).toStrictEqual(VALUES)
})

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startSystem } from '../../system/start-system.js'
import { defineActor } from '../definition.js'

expectNoLeaksAfterEach()

class Adder {
  add(by: number): number {
    return by + 1
  }
}

test('a thread finds what a CommonJS module defines, however it exports that', async () => {
  await using system = await startSystem({ threads: 1, compute: { threads: 1 } })
  const path = (file: string): string =>
    fileURLToPath(new URL(`../../fixtures/modules/commonjs/${file}`, import.meta.url))

  for (const [file, name] of [
    ['default-export.cjs', 'Adder'],
    ['other-exports.cjs', 'Assigned'],
    ['other-exports.cjs', 'Unexported'],
  ] as const) {
    const adder = await system.spawn(defineActor(path(file), Adder, { name }))
    expect([file, name, await adder.ask.add(1)]).toEqual([file, name, 2])
  }
  expect(await system.compute({ url: path('default-export.cjs'), name: 'double' }, [21])).toBe(42)
})

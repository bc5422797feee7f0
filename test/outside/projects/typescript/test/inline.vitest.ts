import { defineActor, startSystem } from '@zera/actors'
import { expect, test } from 'vitest'

class Inline {
  hello(): string {
    return 'hello'
  }
}
export const definition = defineActor(import.meta.url, Inline)

test('an actor of a test file', async () => {
  const system = await startSystem({ threads: 1 })
  try {
    await expect(system.spawn(definition)).rejects.toThrow(/it is a test file.*file of its own/)
  } finally {
    await system.stop()
  }
}, 240_000)

import { expect, test } from 'vitest'
import loaded from '../fixtures/modules/loaded.js'
import { startSystem } from '../index.js'

/** Each takes milliseconds of the start of each thread. */
const HEAVY = ['crypto', 'http', 'net', 'tls', 'child_process', 'inspector']

test('a thread that hosts actors begins without modules of Node that most never need', async () => {
  await using system = await startSystem({ threads: 1, handleSignals: false })
  const ref = await system.spawn(loaded)

  expect(await ref.ask.among(HEAVY)).toEqual([])
})

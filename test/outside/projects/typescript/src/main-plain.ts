import assert from 'node:assert/strict'
import { startSystem } from '@zera/actors'
import { simulate } from '@zera/actors/testing'
import Plain from './actors/plain.ts'

/** Types that Node takes away, and no other code for them. */
export async function program(): Promise<void> {
  const system = await startSystem({ threads: 1, nodes: [{ name: 'child' }], startMs: 60_000 })
  try {
    for (const placement of ['shared', 'own-thread', 'own-process', { node: 'child' }] as const)
      assert.equal(await (await system.spawn(Plain, { placement })).ask.add(2), 4)
    assert.equal(await system.compute((n: number) => n + 1, [1]), 2)
  } finally {
    await system.stop()
  }
  await simulate({ seeds: 3 }, async ({ system: simulated }) => {
    assert.equal(await (await simulated.spawn(Plain)).ask.add(2), 4)
  })
}

if (process.env['NODE_TEST_CONTEXT'] === undefined) {
  await program()
  console.log('ok')
}

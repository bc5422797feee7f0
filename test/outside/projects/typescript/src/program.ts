import assert from 'node:assert/strict'
import { startSystem } from '@zera/actors'
import { simulate } from '@zera/actors/testing'
import { startThread } from '@zera/core'
import FromContainer from './actors/from-container.ts'
import Scale from './actors/scale.ts'
import kindOf from './jobs.ts'

/** All that runs elsewhere: on threads, in other processes, as jobs. */
export async function program(): Promise<void> {
  const system = await startSystem({
    threads: 1,
    nodes: [{ name: 'child', threads: 1 }],
    startMs: 60_000,
    container: new URL('./container.ts', import.meta.url),
  })
  try {
    for (const placement of ['shared', 'own-thread', 'own-process', { node: 'child' }] as const) {
      const scale = await system.spawn(Scale, { placement })
      assert.equal(await scale.ask.weigh(1500), 'big 3 kg')
    }
    assert.equal(await (await system.spawn(FromContainer)).ask.unit(), 'of big')
    assert.equal(await system.compute(kindOf, [2000]), 'big')
    assert.equal(
      await system.compute(
        (n: number) => {
          const next = (m: number) => m + 1
          return next(n)
        },
        [1],
      ),
      2,
    )
    if (process.env['WITHOUT_ALIAS'] === undefined) {
      const { default: Aliased } = await import('./actors/aliased.ts')
      assert.equal(await (await system.spawn(Aliased)).ask.kind(), 'small')
    }
    if (process.env['WITHOUT_METADATA'] === undefined) {
      const { default: Injected } = await import('./actors/injected.ts')
      assert.equal(await (await system.spawn(Injected)).ask.greet(), 'hello')
    }
  } finally {
    const { isClean } = await system.stop()
    assert.ok(isClean)
  }
  const thread = await startThread(new URL('./echo.ts', import.meta.url))
  thread.pipe.send('x')
  assert.deepEqual((await thread.pipe.receive())?.value, ['x', 'big'])
  await thread.stop()
  await simulated()
}

/** What needs no threads. */
export async function simulated(): Promise<void> {
  await simulate({ seeds: 3 }, async ({ system }) => {
    const scale = await system.spawn(Scale)
    assert.equal(await scale.ask.weigh(1500), 'big 3 kg')
  })
}

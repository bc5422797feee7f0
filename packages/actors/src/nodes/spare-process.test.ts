import { expect, test } from 'vitest'
import fragile from '../fixtures/actors/failing/fragile.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { expectTmpdirLeftEmpty } from '../fixtures/own-tmpdir.js'
import { startSystem } from '../index.js'

expectNoLeaksAfterEach()
expectTmpdirLeftEmpty()

test('a spare process takes the place of one that crashes in a fraction of the time that a start takes', async () => {
  await using system = await startSystem({ threads: 0, spareProcesses: 1, handleSignals: false, startMs: 60_000 })
  const ref = await system.spawn(fragile, { placement: 'own-process', maxRestarts: Infinity, maxRssMb: 1000 })
  const took: number[] = []

  for (let crash = 0; crash < 5; crash++) {
    await eventually(() =>
      expect(system.snapshot()).resolves.toMatchObject({ hosts: [{}, { process: { rssBytes: expect.any(Number) } }] }),
    )
    await eventually(() => expect(system.spareProcesses).toBe(1))
    const down = nextEvent(system, 'host-down')
    await expect(ref.ask.crash('segv')).rejects.toMatchObject({ reason: 'crashed' })
    const crashedAt = performance.now()
    await ref.ask({ timeoutMs: 60_000 }).pid()
    took.push(performance.now() - crashedAt)
    await down
  }

  // 60 ms where a core is free.
  expect(Math.min(...took)).toBeLessThan(250)
  expect(await system.stop()).toMatchObject({ isClean: true, restarts: 5, left: { sockets: 0 } })
})

test('a spare process takes the limit of the actor that it becomes the process of', async () => {
  await using system = await startSystem({ threads: 0, spareProcesses: 1, handleSignals: false, startMs: 60_000 })
  const ref = await system.spawn(fragile, { placement: 'own-process', maxRssMb: 250 })

  await expect(ref.ask({ timeoutMs: Infinity }).keepBuffersForEver()).rejects.toMatchObject({ reason: 'memory-limit' })
})

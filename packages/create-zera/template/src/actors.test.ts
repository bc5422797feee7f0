import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSystem, type System } from '@zera/actors'
import counter from './counter.ts'
import primes from './primes.ts'

let system: System
before(async () => {
  system = await startSystem({ threads: 2 })
})
after(() => system.stop())

test('the actor keeps its count', async () => {
  const ref = await system.spawn(counter)

  ref.tell.add(1)

  assert.equal(await ref.ask.add(2), 3)
})

test('the pool counts primes', async () => {
  const pool = await system.startPool(primes, { size: 2 })

  assert.deepEqual(await Promise.all([pool.ask.countBelow(10), pool.ask.countBelow(1_000_000)]), [4, 78_498])
})

import { setEnvironmentData } from 'node:worker_threads'
import { expect, test } from 'vitest'
import spinner from '../fixtures/actors/failing/spinner.js'
import quotes, { prices, type Quotes } from '../fixtures/actors/talking/quotes.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { startSystem } from '../index.js'
import { WaitTimeoutError } from '../model/errors.js'

expectNoLeaksAfterAll()

test('A thread that spins keeps no caller waiting longer than timeoutMs, and nothing is left of what was given up', async () => {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  setEnvironmentData('spinner', flag.buffer)
  await using system = await startSystem({ threads: 1, handleSignals: false })
  const free = await system.spawn(quotes, { placement: 'main', name: 'free' })
  const spinning = await system.spawn(spinner, { maxRestarts: Infinity })
  spinning.tell.spin()
  await expect.poll(() => Atomics.load(flag, 0)).toBe(1)

  const waits = [
    system.group<Quotes>('team').join(free, { timeoutMs: 50 }),
    system.topic(prices).subscribe(free, 'onPrice', '', { timeoutMs: 50 }),
    system.spawn(quotes, { name: 'given up', timeoutMs: 50, shutdownMs: 0 }),
    system.startPool(quotes, { name: 'pool', size: 2, timeoutMs: 50, shutdownMs: 0 }),
  ]

  const outcomes = await Promise.all(waits.map(wait => wait.catch((error: unknown) => error)))
  expect(outcomes.every(outcome => outcome instanceof WaitTimeoutError)).toBe(true)
  await system.killHost(spinning)
  await expect.poll(() => system.root.children.map(({ id }) => id)).toEqual(['free', 'actor-1'])
  await system.spawn(quotes, { name: 'given up' })
  await system.startPool(quotes, { name: 'pool', size: 1 })
})

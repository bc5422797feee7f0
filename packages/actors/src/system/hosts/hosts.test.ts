import { setEnvironmentData } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import Rally from '../../fixtures/actors/talking/rally.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startSystem } from '../start-system.js'

expectNoLeaksAfterEach()

describe('hosts', () => {
  test('go on talking to each other while the main thread is blocked for a second', async () => {
    const count = new Int32Array(new SharedArrayBuffer(4))
    setEnvironmentData('rally', count.buffer)
    await using system = await startSystem({ threads: 2 })
    const [a, b] = await Promise.all([
      system.spawn(Rally, { placement: 'own-thread', shutdownMs: 0 }),
      system.spawn(Rally, { placement: 'own-thread', shutdownMs: 0 }),
    ])
    a.tell.play(b, a)
    while (Atomics.load(count, 0) < 100) await new Promise<void>(resolve => setImmediate(resolve))

    const before = Atomics.load(count, 0)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
    const played = Atomics.load(count, 0) - before

    // Two threads play some 10,000 balls a second; a slow machine is not what this is about.
    expect(played).toBeGreaterThan(100)
  })
})

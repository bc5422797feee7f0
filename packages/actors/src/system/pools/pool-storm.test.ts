import { describe, expect, test } from 'vitest'
import { defineActor } from '../../index.js'
import type { ActorRef } from '../../model/refs/ref.js'
import { simulate } from '../../testing/index.js'

/** What the workers of one simulation have handled, outside of all hosts. */
let handled: string[]

class Worker {
  note(label: string): void {
    handled.push(label)
  }
}
const Workers = defineActor(import.meta.url, Worker)

class Sender {
  /** Tells a pool from its own host, and does not wait for it. */
  flood(pool: ActorRef<Worker>, label: string): void {
    for (let number = 0; number < 20; number++) pool.tell.note(`${label} ${number}`)
  }
}
const Senders = defineActor(import.meta.url, Sender)

describe('a pool that grows, shrinks and recycles its workers', () => {
  test('loses nothing and handles nothing twice, wherever the senders are', async () => {
    await simulate({ seeds: 60, threads: 2, latencyMs: 100 }, async simulation => {
      const { system } = simulation
      handled = []
      let recycled = 0
      system.events.on(
        'actor-stopped',
        ({ reason }) => void (recycled += Number(reason === 'its pool has recycled it')),
      )
      const pool = await system.startPool(Workers, { size: { min: 1, max: 3 }, recycle: { afterMessages: 40 } })
      const senders = await Promise.all([0, 1, 2].map(() => system.spawn(Senders)))

      for (let wave = 0; wave < 20; wave++) {
        for (const [index, sender] of senders.entries()) sender.tell.flood(pool, `${index} ${wave}`)
        // A look at the workers comes at any point of a wave.
        await simulation.pass(simulation.random.next() * 100)
      }
      for (const sender of senders) await system.stop(sender)
      await system.stop(pool)

      expect(new Set(handled).size).toBe(1200)
      expect(handled).toHaveLength(1200)
      expect(recycled).toBeGreaterThan(0)
      expect((await system.stop()).deadLetters).toBe(0)
    })
  })
})

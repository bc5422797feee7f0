import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../fixtures/eventually.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { ActorStartError, NameTakenError, startSystem, type ActorRef, type System } from '../../index.js'
import worker, { type PoolWorker } from './fixtures/pool-worker.js'

expectNoLeaksAfterAll()
let system: System
beforeAll(async () => void (system = await startSystem({ threads: 2, handleSignals: false })))
afterAll(async () => {
  const { isClean, deadLetters, actors, left, threads } = await system.stop()
  expect({ isClean, deadLetters, actors, left, threads }).toMatchObject({ isClean: true, deadLetters: 0 })
})

async function who(pool: ActorRef<PoolWorker>, times: number): Promise<Set<number>> {
  return new Set((await Promise.all(Array.from({ length: times }, () => pool.ask.who()))).map(({ id }) => id))
}

describe('System.startPool()', () => {
  test('is one ref to workers on all threads, each with props of its own', async () => {
    const pool = await system.startPool(worker, { size: 4, propsOf: index => ({ index }) })

    const [indices, places] = [
      await Promise.all(Array.from({ length: 4 }, () => pool.ask.index())),
      await Promise.all(Array.from({ length: 4 }, () => pool.ask.who())),
    ]

    expect(indices).toEqual([0, 1, 2, 3])
    expect(new Set(places.map(({ thread }) => thread)).size).toBe(2)
    await system.stop(pool)
  })

  test('starts all workers with the same props, copied for each', async () => {
    const pool = await system.startPool(worker, { size: 2, props: { index: 7 } })

    expect(await Promise.all([pool.ask.index(), pool.ask.index()])).toEqual([7, 7])
    await system.stop(pool)
  })

  test('is used by actors of any host, without the main thread', async () => {
    const pool = await system.startPool(worker, { size: 3, route: 'consistent-hash' })
    const other = await system.spawn(worker, { placement: 'own-thread' })
    const robin = await system.startPool(worker, { size: 3 })

    const [here, there] = [await pool.ask.count('a'), await other.ask.askPool(robin, 6)]

    expect(await pool.ask.count('a')).toBe(here)
    expect(new Set(there)).toEqual(await who(robin, 3))
    for (const ref of [pool, robin, other]) await system.stop(ref)
  })

  test('streams, and is ready', async () => {
    const pool = await system.startPool(worker, { size: 2 })
    const items: number[] = []

    for await (const item of pool.stream.numbers(100)) items.push(item)
    await pool.ready()

    expect(items).toHaveLength(100)
    await system.stop(pool)
  })

  test('survives its workers: one restarts, one that is given up is replaced', async () => {
    const pool = await system.startPool(worker, { size: 2, route: 'round-robin', maxRestarts: 0 })
    const before = await who(pool, 2)

    const gone = nextEvent(system, 'actor-given-up')
    await expect(pool.ask.fail()).rejects.toMatchObject({ message: 'no' })
    await gone
    await nextEvent(system, 'pool-resized')
    const after = await who(pool, 2)

    expect(after.size).toBe(2)
    expect([...after].filter(id => before.has(id))).toHaveLength(1)
    await system.stop(pool)
  })

  test('goes on when the thread of its workers is killed', async () => {
    const pool = await system.startPool(worker, { size: 2 })
    const one = await system.spawn(worker)
    const restarted = nextEvent(system, 'actor-restarted')

    await system.killHost(one)
    await restarted

    expect((await who(pool, 4)).size).toBe(2)
    for (const ref of [pool, one]) await system.stop(ref)
  })

  test('follows the length of its mailboxes, and loses nothing on the way back', async () => {
    const pool = await system.startPool(worker, { size: { min: 1, max: 3 } })
    const events: string[] = []
    const listening = system.events.on('pool-resized', ({ from, to }) => void events.push(`${from}-${to}`))

    const answers = await Promise.all(Array.from({ length: 200 }, () => pool.ask({ timeoutMs: Infinity }).rest(5)))
    await eventually(() => expect(events).toContain('2-1'))

    expect(new Set(answers).size).toBe(1)
    expect(events.slice(0, 2)).toEqual(['1-2', '2-3'])
    expect(await who(pool, 2)).toEqual(new Set(answers))
    listening.cancel()
    await system.stop(pool)
  })

  test('recycles workers without losing what is sent meanwhile', async () => {
    const pool = await system.startPool(worker, { size: 1, recycle: { afterMessages: 100 } })
    const [first] = await who(pool, 1)
    let answers = 0
    const stopped: number[] = []
    const listening = system.events.on('actor-stopped', ({ actor }) => void stopped.push(actor.id))

    while (!stopped.includes(first as number)) {
      await Promise.all(Array.from({ length: 50 }, () => pool.ask.handled()))
      answers += 50
    }

    expect(answers).toBeGreaterThanOrEqual(100)
    expect(await who(pool, 1)).not.toContain(first)
    listening.cancel()
    await system.stop(pool)
  })

  test('recycles a worker whose heap grows', async () => {
    const pool = await system.startPool(worker, { size: 1, placement: 'own-thread', recycle: { heapGrowthMb: 10 } })
    const { id, thread } = await pool.ask.who()
    const stopped: number[] = []
    const listening = system.events.on('actor-stopped', ({ actor }) => void stopped.push(actor.id))

    while (!stopped.includes(id)) {
      await pool.ask.grow(1)
      await pool.ask.rest(50)
    }

    listening.cancel()
    expect((await pool.ask.who()).thread).not.toBe(thread)
    await system.stop(pool)
  })

  test('leaves nothing when a worker does not start, and takes no name twice', async () => {
    const named = await system.startPool(worker, { size: 1, name: 'resizers' })

    await expect(system.startPool(worker, { size: 1, name: 'resizers' })).rejects.toBeInstanceOf(NameTakenError)
    await expect(system.startPool(worker, { size: 2, maxHeapMb: 2, placement: 'own-thread' })).rejects.toBeInstanceOf(
      ActorStartError,
    )

    expect(named.toString()).toMatch(/^PoolWorker#\d+@pool "resizers"$/u)
    await system.stop(named)
    await system.stop(await system.startPool(worker, { size: 1, name: 'resizers' }))
  })

  test('is refused like an actor when it is stopped, after it has handled what it had', async () => {
    const pool = await system.startPool(worker, { size: 2 })
    const answers = Promise.all(Array.from({ length: 10 }, () => pool.ask.rest(2)))

    await system.stop(pool)

    expect(await answers).toHaveLength(10)
    await expect(pool.ask.who()).rejects.toMatchObject({ code: 'ZERA_ACTOR_STOPPED' })
    await expect(system.killHost(pool)).rejects.toBeInstanceOf(RangeError)
  })
})

import { describe, expect, test } from 'vitest'
import Worker from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { startSystem } from '../start-system.js'

expectNoLeaksAfterEach()

describe('startSystem({ spares })', () => {
  test('has a spare thread take the place of one that dies, and its actors go on under their refs', async () => {
    await using system = await startSystem({ threads: 1, spares: 1, name: 'spared' })
    const worker = await system.spawn(Worker, { maxRestarts: Infinity })
    const down = nextEvent(system, 'host-down')

    await system.killHost(worker)
    expect(await worker.ask.restarts()).toBe(1)
    await system.killHost(worker)

    expect(await worker.ask.restarts()).toBe(1)
    expect(await down).toMatchObject({ host: 1, incarnation: 1, reason: 'killed' })
    const { threads, isClean } = await system.stop()
    expect(threads.slice(0, 3).map(({ thread, incarnation }) => [thread, incarnation])).toEqual(
      [1, 2, 3].map(incarnation => [`spared/1.${incarnation}`, incarnation]),
    )
    expect(isClean).toBe(true)
  })

  test('has an actor with a thread of its own started on a spare, unless it has a heap limit', async () => {
    await using system = await startSystem({ threads: 0, spares: 1 })
    const [a, b] = [
      await system.spawn(Worker, { placement: 'own-thread' }),
      await system.spawn(Worker, { placement: 'own-thread', maxHeapMb: 64 }),
    ]

    expect(await Promise.all([a.ask.echo(1), b.ask.echo(2)])).toEqual([1, 2])
    await expect(Promise.all([a.ask.thread(), b.ask.thread()]).then(threads => new Set(threads).size)).resolves.toBe(2)
  })

  test.each([-1, 1.5, NaN])('rejects %s with a RangeError', async spares => {
    await expect(startSystem({ spares })).rejects.toBeInstanceOf(RangeError)
  })
})

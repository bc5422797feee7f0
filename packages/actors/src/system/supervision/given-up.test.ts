import { describe, expect, test } from 'vitest'
import DoomedActor, { nameAndCause, type Doomed } from '../../fixtures/actors/failing/doomed.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import type { ActorRef } from '../../model/refs/ref.js'
import { child } from '../../model/supervision/child-spec.js'
import { SeededSimulation } from '../../testing/simulation/simulation.js'
import { startSystem } from '../start-system.js'

expectNoLeaksAfterEach()

const GONE = 'ActorStoppedError TypeError: the database is down'

describe('ActorStoppedError has as its cause what its actor failed with', () => {
  test('wherever it was, for every asker, by whatever ref', async () => {
    await using system = await startSystem({
      threads: 1,
      log: { level: 'error', sink: new URL('../../fixtures/silent-sink.js', import.meta.url) },
    })
    const watcher = await system.spawn(DoomedActor, { placement: 'own-thread' })
    const onMain = await system.spawn(DoomedActor, { placement: 'main' })

    for (const placement of ['shared', 'own-thread', 'own-process', 'main'] as const) {
      const ref = await system.spawn(DoomedActor, { placement, maxRestarts: 0 })
      expect(await watcher.ask.askOf(ref)).toBe('done')
      const givenUp = nextEvent(system, 'actor-given-up')
      ref.tell.fail()
      await givenUp

      expect([placement, await nameAndCause(ref), await watcher.ask.askOf(ref), await onMain.ask.askOf(ref)]).toEqual([
        placement,
        GONE,
        GONE,
        GONE,
      ])
    }
    const exited = await system.spawn(DoomedActor, { placement: 'own-thread', restart: 'temporary' })
    await exited.ask.exit().catch(() => undefined)
    expect(await nameAndCause(exited)).toContain('it called process.exit(7)')

    const stopped = await system.spawn(DoomedActor)
    await system.stop(stopped)
    expect(await nameAndCause(stopped)).toBe('ActorStoppedError ')
  })

  test('in pools, under supervisors that give up, and in a simulation', async () => {
    await new SeededSimulation(1, { log: () => undefined }).run(async ({ system }) => {
      const pool = await system.startPool(DoomedActor, { size: 1, maxRestarts: 0 })
      pool.tell.fail()
      expect(await nameAndCause(pool)).toBe(GONE)

      const children = [child(DoomedActor, { id: 'one' }), child(DoomedActor, { id: 'two' })]
      const outer = await system.supervise([child({ children, maxRestarts: 0 }, { id: 'inner', restart: 'temporary' })])
      const [one, two] = ['one', 'two'].map(id => outer.supervisor('inner').actor(DoomedActor, id)) as [
        ActorRef<Doomed>,
        ActorRef<Doomed>,
      ]
      const ended = nextEvent(system, 'child-stopped')
      one.tell.fail()
      await ended
      expect([await nameAndCause(one), await nameAndCause(two)]).toEqual([
        GONE,
        expect.stringContaining('ActorStoppedError RestartLimitError'),
      ])
    })
  })
})

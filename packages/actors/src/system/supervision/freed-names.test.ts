import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import keeper from '../../fixtures/actors/keeper.js'
import workers, { type Worker } from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import type { ActorRef } from '../../model/refs/ref.js'
import { child, type SpawnOptions } from '../../model/supervision/child-spec.js'
import { startSystem } from '../start-system.js'
import type { System } from '../system.js'

expectNoLeaksAfterAll()

let system: System
beforeAll(async () => void (system = await startSystem({ threads: 2, handleSignals: false })))
afterAll(async () => void (await system.stop()))

const ENDS: Readonly<Record<string, (worker: ActorRef<Worker>) => void>> = {
  'it stops itself': worker => worker.tell.stopSelf(),
  'it is stopped': worker => void system.stop(worker),
  'it fails': worker => worker.tell.fail('no'),
  'its thread exits': worker => worker.tell.exit(1),
}

describe('a name', () => {
  test.each(
    Object.keys(ENDS)
      .flatMap(end => (['main', 'shared', 'own-thread'] as const).map(placement => [end, placement] as const))
      .filter(([end, placement]) => end !== 'its thread exits' || placement !== 'main'),
  )('is free for a watcher that learned that %s on %s', async (end, placement) => {
    const options: SpawnOptions<Worker> = { name: 'heard', placement, restart: 'temporary' }
    const first = await system.spawn(workers, options)
    const down = system.watch(first)

    ENDS[end]?.(first)
    await down

    await system.stop(await system.spawn(workers, options))
  })

  test('is free for a watcher on another thread, again and again', async () => {
    // On a thread that does not end with what it keeps.
    const keeping = await system.spawn(keeper, { placement: 'own-thread' })
    await keeping.ask.keep('kept', 'shared')

    for (const [turn, end] of Object.values(ENDS).entries()) {
      end((await keeping.ask.kept()) as ActorRef<Worker>)
      await vi.waitUntil(
        async () => (await keeping.ask.seen()).starts + (await keeping.ask.seen()).refused.length === turn + 2,
        10_000,
      )
    }

    expect(await keeping.ask.seen()).toEqual({ starts: 5, refused: [] })
    await system.stop(keeping)
  })

  test('is free for code that was refused by an actor that is being stopped, or learned that it was given up, or that its supervisor has stopped it', async () => {
    const slow = await system.spawn(workers, {
      name: 'next',
      props: { label: '', trouble: 'stop-hangs' },
      shutdownMs: 50,
    })
    const given = system.spawn(workers, { name: 'given', maxRestarts: 0 })
    const stopping = system.stop(slow)
    await vi.waitUntil(() =>
      slow.ask.echo(1).then(
        () => false,
        () => true,
      ),
    )
    await system.spawn(workers, { name: 'next' })
    await stopping

    const down = system.watch(await given)
    await expect((await given).ask.fail('no')).rejects.toThrow('no')
    await down
    await system.spawn(workers, { name: 'given' })

    const tree = await system.supervise(
      [child(workers, { name: 'part' }), child(workers, { id: 'job', restart: 'temporary' })],
      { id: 'tree' },
    )
    const [part, job] = [tree.actor(workers, 'part'), tree.actor(workers, 'job')]
    const ended = system.watch(job)
    job.tell.stopSelf()
    await ended
    expect(await tree.add(child(workers, { id: 'job', restart: 'temporary' }))).toBe('job')
    const partDown = system.watch(part)
    const removed = system.root.remove('tree')
    await partDown
    await system.spawn(workers, { name: 'part' })
    await removed
  })

  test('stays with an actor that is restarted, or kept, and none waits for itself', async () => {
    const restarted = await system.spawn(workers, { name: 'stays' })
    const down = system.watch(restarted)
    restarted.tell.fail('no')
    await down
    await expect(system.spawn(workers, { name: 'stays' })).rejects.toMatchObject({ name: 'NameTakenError' })

    const tree = await system.supervise([child(workers, { name: 'own' })])
    await tree.stop('own')
    await expect(system.spawn(workers, { name: 'own' })).rejects.toMatchObject({ name: 'NameTakenError' })
    await tree.start('own')

    const itself = await system.spawn(keeper, { name: 'itself' })
    expect(await itself.ask.succeed('itself')).toBe('NameTakenError')
  })
})

import { expect, test } from 'vitest'
import Contextual, { request, worker } from '../fixtures/actors/talking/contextual.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import type { ActorRef, System } from '../index.js'
import { startSystem } from '../system/start-system.js'
import { SeededSimulation } from '../testing/simulation/simulation.js'

expectNoLeaksAfterEach()

type Ref = ActorRef<import('../fixtures/actors/talking/contextual.js').Contextual>

const SEEN = [
  'a handler',
  'after run()',
  'after()',
  'constructor',
  'every()',
  'onStart',
  'onStart, later',
  'pipe()',
  'signal',
  'watch()',
]

/**
 * Has actors do all that they can while others, and their caller, are in requests. Gives what they and their streams
 * saw of those.
 */
async function foreignSeen(spawn: () => Promise<Ref>): Promise<unknown[]> {
  const seen: unknown[] = []
  await request.run('that of main', async () => {
    const [busy, observed, mortal, idle] = [await spawn(), await spawn(), await spawn(), await spawn()]
    await busy.ask.disturb(observed)
    await observed.ask.see(mortal)
    observed.tell.enter()
    observed.tell.idle()
    const giveUp = new AbortController()
    const given = observed
      .ask({ signal: giveUp.signal })
      .hang()
      .catch(() => undefined)
    await busy.ask.disturb(idle)
    giveUp.abort()
    await given
    await expect.poll(() => observed.ask.what()).toEqual(SEEN)
    for await (const store of observed.stream.count()) if (store !== undefined) seen.push(store)
    seen.push(...(await observed.ask.foreign()))
    expect(request.getStore()).toBe('that of main')
  })
  return seen
}

/** What the program gives to a system. */
async function foreignSeenByProgram(system: System): Promise<unknown[]> {
  const seen: unknown[] = []
  const see = (): void => void seen.push(request.getStore())
  let end: (error?: Error) => void = () => undefined
  system.events.onAny(see)
  const start = (): Promise<{ ended: Promise<Error | undefined>; stop: () => Promise<void> }> => {
    see()
    const ended = new Promise<Error | undefined>(resolve => (end = resolve))
    const stop = async (): Promise<void> => {
      see()
      end()
    }
    return Promise.resolve({ ended, stop })
  }
  await request.run('supervise()', () => system.supervise([{ id: 'service', start }]))
  request.run('an end', () => end(new Error('expected')))
  await expect.poll(() => seen.length).toBeGreaterThan(4)
  for (const name of ['one', 'two', 'three']) seen.push(await request.run(name, () => system.compute(worker, [name])))
  await request.run('a stop', () => system.stop())
  expect(seen.length).toBeGreaterThan(8)
  return seen.filter(store => store !== undefined && store !== null)
}

test.each(['shared', 'own-thread'] as const)(
  'code of actors and programs runs in no request of others: %s',
  async placement => {
    await using system = await request.run('startSystem()', () => startSystem({ threads: 1, compute: { threads: 1 } }))

    expect(await foreignSeen(() => system.spawn(Contextual, { placement }))).toEqual([])
    if (placement === 'shared') expect(await foreignSeenByProgram(system)).toEqual([])
  },
)

test('nor does it on the main thread', async () => {
  await using system = await startSystem({ threads: 0 })

  expect(await foreignSeen(() => system.spawn(Contextual))).toEqual([])
})

test('nor in a simulation', async () => {
  const seen: unknown[] = []
  await new SeededSimulation(1, { threads: 2 }).run(async ({ system }) => {
    seen.push(...(await foreignSeen(() => system.spawn(Contextual))))
    seen.push(await request.run('a job', () => system.compute(worker, ['x'])), await system.compute(worker, ['y']))
  })

  expect(seen.filter(store => store !== undefined)).toEqual([])
})

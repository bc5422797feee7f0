import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Worker from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { startSystem } from '../../system/start-system.js'
import type { System } from '../../system/system.js'
import { POOL_HOST } from '../address.js'
import type { Placement } from '../supervision/child-spec.js'
import { BoundRef, type RefHost } from './bound-ref.js'
import { ownRef } from './own-ref.js'
import type { ActorRef } from './ref.js'
import { systemNamed } from './system-identity.js'

const HOST = { identity: systemNamed('one') } as RefHost
const data = fc.record({
  host: fc.constantFrom(POOL_HOST, 0, 1, 2),
  id: fc.nat(3),
  name: fc.constantFrom('', 'a', 'actor-1'),
  url: fc.constantFrom('', 'file:///a.js'),
  definition: fc.constantFrom('', 'A'),
})

describe('ActorRef.equals()', () => {
  test('is true for the same actor or pool, whatever else the refs know of it, and agrees with id', () => {
    fc.assert(
      fc.property(data, data, (one, other) => {
        const [a, b] = [new BoundRef(HOST, one), new BoundRef(HOST, other)]
        const isSame = one.id === other.id && (one.host === POOL_HOST) === (other.host === POOL_HOST)

        expect([a.equals(b), b.equals(a), a.id === b.id, a.equals(a)]).toEqual([isSame, isSame, isSame, true])
      }),
    )
  })

  test('is false for an actor of another system with the same number', () => {
    const one = { host: 1, id: 16, name: '', url: '', definition: '' }

    expect(new BoundRef(HOST, one).equals(new BoundRef({ identity: systemNamed('one') } as RefHost, one))).toBe(false)
  })

  test('is false for what only looks like a ref', () => {
    const ref = new BoundRef(HOST, { host: 1, id: 16, name: '', url: '', definition: '' })

    expect(ref.equals({ id: ref.id, address: ref.address } as unknown as ActorRef<object>)).toBe(false)
  })
})

test('ownRef() refuses what only looks like a ref', () => {
  expect(() => ownRef('watch', { id: 'actor-16' } as ActorRef<object>, HOST)).toThrow(TypeError)
})

describe('ActorRef.id in a system', () => {
  expectNoLeaksAfterAll()

  let system: System
  beforeAll(async () => {
    system = await startSystem({ threads: 2, nodes: [{ name: 'node' }] })
  })
  afterAll(() => system.stop())

  test.each<Placement>(['shared', 'own-thread', 'own-process', 'main', { node: 'node' }])(
    'is the same in all threads for an actor with placement %o, however its ref arrived',
    async placement => {
      const spawned = await system.spawn(Worker, { name: 'worker', placement })
      const others = await Promise.all(
        (['shared', 'own-process', { node: 'node' }] as const).map(there => system.spawn(Worker, { placement: there })),
      )
      const found = (await system.lookup('worker', Worker)) as ActorRef<typeof Worker>
      const back = await others[0]?.ask.echo(spawned)
      const seen = await Promise.all([spawned, ...others].map(other => other.ask.identify(spawned)))

      for (const ref of [found, back, await spawned.ask.self()] as ActorRef<typeof Worker>[]) {
        expect(ref === spawned).toBe(false)
        expect([ref.id, ref.equals(spawned), spawned.equals(ref)]).toEqual([spawned.id, true, true])
      }
      expect(seen).toEqual([
        { id: spawned.id, isSelf: true },
        { id: spawned.id, isSelf: false },
        { id: spawned.id, isSelf: false },
        { id: spawned.id, isSelf: false },
      ])
      expect(new Set([spawned, found, ...others].map(({ id }) => id)).size).toBe(4)
      await system.stop(spawned)
    },
  )

  test('stays when the actor is restarted, also with its thread; one of the same name is another', async () => {
    const spawned = await system.spawn(Worker, { name: 'mortal', placement: 'own-thread', maxRestarts: 10 })
    const { id } = spawned
    const restarted = nextEvent(system, 'actor-restarted')

    await system.killHost(spawned)
    await restarted
    const after = (await system.lookup('mortal', Worker)) as ActorRef<typeof Worker>
    expect(await spawned.ask.identify(after)).toEqual({ id, isSelf: true })
    expect(after.equals(spawned)).toBe(true)

    await system.stop(spawned)
    const next = await system.spawn(Worker, { name: 'mortal' })
    expect([next.equals(spawned), next.id === id, spawned.id]).toEqual([false, false, id])
  })

  test('is that of a pool, and not of its workers', async () => {
    const [pool, other] = await Promise.all([
      system.startPool(Worker, { size: 2, name: 'pool' }),
      system.startPool(Worker, { size: 1 }),
    ])
    const worker = await system.spawn(Worker)
    const back = (await worker.ask.echo(pool)) as typeof pool

    expect([back.id, back.equals(pool), back.equals(other)]).toEqual([pool.id, true, false])
    expect(await worker.ask.identify(pool)).toEqual({ id: pool.id, isSelf: false })
    expect(await pool.ask.identify(pool)).toEqual({ id: pool.id, isSelf: false })
    const member = await pool.ask.self()
    expect([member.equals(pool), member.id === pool.id]).toEqual([false, false])
  })

  test('is that of the sender of a message, too', async () => {
    const [a, b] = await Promise.all([system.spawn(Worker), system.spawn(Worker)])
    const seen = new Map<string, string>([
      [a.id, 'a'],
      [b.id, 'b'],
    ])

    expect(seen.get((await a.ask.senderAtOther(b)) ?? '')).toBe('a')
  })
})

import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import workerClass, { type Worker } from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { ActorStoppedError, startSystem, type ActorRef, type DeadLetter, type System } from '../../index.js'

expectNoLeaksAfterAll()

describe('a worker of a pool with a name', () => {
  let system: System
  let pool: ActorRef<Worker>
  beforeAll(async () => {
    system = await startSystem({ threads: 2 })
    pool = await system.startPool(workerClass, { name: 'hashers', size: 2, maxRestarts: 0 })
  })
  afterAll(() => system.stop())

  test('is called by the pool and its index in refs, errors, events and snapshots', async () => {
    const [first, second] = [await pool.ask.self(), await pool.ask.self()]

    expect([first.name, second.name]).toEqual(['hashers/0', 'hashers/1'])
    expect(inspect(second)).toBe(`ActorRef(${second.toString()})`)
    expect(second.toString()).toBe(`Worker#${second.address.id}@${second.address.host} "hashers/1"`)
    const { tree } = await system.snapshot({ timeoutMs: 60_000 })
    expect(tree).toMatchObject([
      { id: 'hashers/0', actor: { name: 'hashers/0' } },
      { id: 'hashers/1', actor: { name: 'hashers/1' } },
    ])
    const refused = await thrownBy((pool.ask as unknown as { nothing(): Promise<never> }).nothing())
    expect(String(refused)).toContain(first.toString())
  })

  test('holds no name: no lookup finds it', async () => {
    expect(await system.lookup('hashers/1')).toBeUndefined()
  })

  test('has a successor of the same name, which takes no letters of it', async () => {
    const member = await pool.ask.self()
    const events = [nextEvent(system, 'actor-given-up'), nextEvent(system, 'pool-resized')] as const
    await thrownBy(member.ask.fail('no'))
    const [{ actor }] = await Promise.all(events)
    expect(actor.name).toBe(member.name)
    const received = new Promise<DeadLetter>(resolve => system.events.on('dead-letter', resolve))
    member.tell.echo(1)
    const letter = await received

    expect(letter.target.name).toBe(member.name)
    expect(() => system.replay(letter)).toThrow(ActorStoppedError)
    const names = await Promise.all([pool.ask.self(), pool.ask.self()])
    expect(names.map(({ name }) => name).toSorted()).toEqual(['hashers/0', 'hashers/1'])
    expect(names.some(({ id }) => id === member.id)).toBe(false)
  })

  test('has none in a pool without a name', async () => {
    const nameless = await system.startPool(workerClass, { size: 1 })

    expect((await nameless.ask.self()).name).toBe('')
  })
})

async function thrownBy(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => undefined,
    (error: unknown) => error,
  )
}

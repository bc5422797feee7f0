import { expect, test } from 'vitest'
import counter from '../fixtures/actors/counter.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { ActorStoppedError, SystemStoppedError } from '../model/errors.js'
import { defineTopic } from '../model/refs/topic.js'
import { startSystem } from './start-system.js'

expectNoLeaksAfterEach()

test('a pool that was stopped: a tell is a dead letter, an ask and a stream say so', async () => {
  await using system = await startSystem({ threads: 1, handleSignals: false })
  const pool = await system.startPool(counter, { size: 2 })
  await system.stop(pool)
  const before = system.deadLetters.statistics.received

  expect(pool.tell.add(1)).toBe(true)

  await eventually(() => expect(system.deadLetters.statistics.received).toBe(before + 1))
  expect([...system.deadLetters].at(-1)).toMatchObject({
    method: 'add',
    args: [1],
    reason: 'actor-stopped',
    progress: 'not-begun',
  })
  await expect(pool.ask.add(1)).rejects.toBeInstanceOf(ActorStoppedError)
})

test('after the stop of the system nothing takes a message in silence, whatever it is for', async () => {
  const system = await startSystem({ threads: 1, handleSignals: false })
  const [here, there] = [await system.spawn(counter, { placement: 'main' }), await system.spawn(counter)]
  const own = await system.spawn(counter, { placement: 'own-thread' })
  const [stopped, running] = [
    await system.startPool(counter, { size: 1 }),
    await system.startPool(counter, { size: 2 }),
  ]
  await system.group('all').join(there)
  const topic = defineTopic<number>('numbers')
  await system.topic(topic).subscribe(here, 'add')
  for (const ref of [stopped, own]) await system.stop(ref)
  await system.stop()

  for (const ref of [here, there, own, stopped, running]) {
    expect(() => ref.tell.add(1)).toThrow(SystemStoppedError)
    await expect(ref.ask.add(1)).rejects.toBeInstanceOf(SystemStoppedError)
    await expect((async () => ref.stream.upTo(1).next())()).rejects.toBeInstanceOf(SystemStoppedError)
  }
  expect(() => system.group<{ add(by: number): void }>('all').tell.add(1)).toThrow(SystemStoppedError)
  expect(() => system.topic(topic).publish('', 1)).toThrow(SystemStoppedError)
  expect(system.deadLetters.statistics.received).toBe(0)
})

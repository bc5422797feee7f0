import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import journal, { journalLines, untilWritten, type Journal } from '../../fixtures/actors/journal.js'
import worker, { type Worker } from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { startSystem, type ActorRef, type System } from '../../index.js'
import type { DeadLetter } from '../../model/events/dead-letter.js'
import { KeptDeadLetters } from './kept-dead-letters.js'

function letter(id: number, reason: DeadLetter['reason'] = 'actor-stopped'): DeadLetter {
  return {
    target: { host: 1, id },
    sender: undefined,
    method: 'act',
    args: [],
    reason,
    progress: undefined,
    error: undefined,
  }
}

describe('KeptDeadLetters', () => {
  test('keeps the last ones, oldest first, and counts those that gave way', () => {
    const letters = new KeptDeadLetters(2)
    for (const id of [16, 17, 18]) letters.add(letter(id))
    letters.add(letter(19, 'poison'))

    expect([...letters].map(({ target }) => target.id)).toEqual([18, 19])
    expect(letters.statistics).toEqual({
      received: 4,
      byReason: { 'actor-stopped': 3, poison: 1 },
      kept: 2,
      keptBytes: expect.any(Number),
      dropped: 2,
      replayed: 0,
    })
  })

  test('keeps none when it may keep 0', () => {
    const letters = new KeptDeadLetters(0)
    letters.add(letter(16))

    expect([...letters]).toEqual([])
    expect(letters.statistics).toMatchObject({ received: 1, kept: 0, dropped: 1 })
  })

  test('keeps no more bytes than it may, and none of one that is larger by itself', () => {
    const letters = new KeptDeadLetters(1000, 100_000)
    for (let id = 16; id < 40; id++) letters.add({ ...letter(id), args: [new Uint8Array(20_000)] })

    const { kept, keptBytes, dropped } = letters.statistics
    expect([[...letters].map(({ target }) => target.id), kept, dropped]).toEqual([[36, 37, 38, 39], 4, 20])
    expect(keptBytes).toBeGreaterThan(80_000)
    letters.add({ ...letter(40), args: ['x'.repeat(100_000)] })
    expect(letters.statistics).toMatchObject({ kept: 4, keptBytes, dropped: 21 })
  })

  test('can be gone through while they are replayed', () => {
    const letters = new KeptDeadLetters(10)
    for (const id of [16, 17, 18]) letters.add(letter(id))

    for (const one of letters) letters.replayed(one)

    expect(letters.statistics).toMatchObject({ kept: 0, replayed: 3 })
  })
})

describe('System.replay()', () => {
  expectNoLeaksAfterAll()
  let system: System
  let writer: ActorRef<Journal>
  beforeAll(async () => {
    system = await startSystem({ threads: 1, handleSignals: false })
    writer = await system.spawn(journal, { placement: 'main' })
  })
  afterAll(() => system.stop())

  const spawn = (name: string): Promise<ActorRef<Worker>> =>
    system.spawn(worker, { name, props: { label: name, journal: writer } })

  test('tells the letters of an actor that has stopped to the one that has its name now, in their order, once', async () => {
    const first = await spawn('w')
    await system.stop(first)
    for (const line of ['1', '2', '3']) first.tell.write(line)
    await expect.poll(() => system.deadLetters.statistics.kept).toBe(3)
    expect(() => [...system.deadLetters].map(one => system.replay(one))).toThrow(
      expect.objectContaining({ code: 'ZERA_ACTOR_STOPPED' }),
    )

    await spawn('w')
    for (const one of system.deadLetters) system.replay(one)

    await untilWritten('w: 3')
    expect(journalLines().filter(line => /w: \d/.test(line))).toEqual(['w: 1', 'w: 2', 'w: 3'])
    expect(system.deadLetters.statistics).toMatchObject({ received: 3, kept: 0, replayed: 3 })
  })

  test('tells the letter of an actor that was restarted to the same actor', async () => {
    const ref = await spawn('restarted')
    const dead = nextEvent(system, 'dead-letter')
    ref.tell.fail('first')
    const event = await dead

    expect(event).toMatchObject({
      target: { id: ref.address.id, name: 'restarted' },
      method: 'fail',
      reason: 'handler-threw',
    })
    const again = nextEvent(system, 'dead-letter')
    system.replay({ ...event, method: 'write', args: ['replayed'] })
    await untilWritten('restarted: replayed')
    system.replay(event)
    expect(await again).toMatchObject({ method: 'fail', args: ['first'] })
  })

  test('refuses a letter of which only a text was kept', () => {
    expect(() =>
      system.replay({ ...letter(writer.address.id), method: 'write', args: ['[Function]'], isText: true }),
    ).toThrow(TypeError)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import journal, { journalLines, untilWritten, type Journal } from '../../fixtures/actors/journal.js'
import producer, { type Producer } from '../../fixtures/actors/talking/producer.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { ActorDownError, startSystem, type ActorRef, type System } from '../../index.js'
import { STREAM_CREDIT } from '../../messaging/streams/stream-window.js'

expectNoLeaksAfterAll()
let system: System
let writer: ActorRef<Journal>
beforeAll(async () => {
  system = await startSystem({ threads: 1, handleSignals: false })
  writer = await system.spawn(journal, { placement: 'main' })
})
afterAll(() => system.stop())

const spawn = (name: string): Promise<ActorRef<Producer>> =>
  system.spawn(producer, { name, placement: 'own-thread', restart: 'temporary', props: { journal: writer } })

describe('a stream from thread to thread', () => {
  test('is at most 64 items ahead of its reader, however large they are, and ends at the producer when the reader leaves', async () => {
    const ref = await spawn('ahead')
    const stream = ref.stream.bytes(1000, 100_000)
    let taken = 0
    for (const count of [1, 31, 1, 100]) {
      for (let item = 0; item < count; item++) expect((await stream.next()).value?.[0]).toBe(taken++ % 256)
      // Answered when the actor has sent what it may.
      const ahead = (await ref.ask.produced()) - taken

      expect(ahead).toBeGreaterThan(0)
      expect(ahead).toBeLessThanOrEqual(STREAM_CREDIT)
    }

    await stream.return()
    await untilWritten('ahead ends its stream')
    expect(await ref.ask.produced()).toBeLessThanOrEqual(taken + STREAM_CREDIT)
    await system.stop(ref)
  })

  test('ends at the producer when the thread of its reader goes down', async () => {
    const [source, reader] = [await spawn('source'), await spawn('reader')]
    await reader.ask.read(source, 10)

    await system.killHost(reader)

    await untilWritten('source ends its stream')
    expect(await source.ask.produced()).toBeLessThanOrEqual(10 + STREAM_CREDIT)
    await system.stop(source)
  })

  test('throws at the reader when the thread of the producer goes down, after what had arrived', async () => {
    const source = await spawn('dies')
    const stream = source.stream.bytes(1000, 10)
    await stream.next()
    await source.ask.produced()

    await system.killHost(source)
    let read = 1
    const error: unknown = await (async () => {
      for await (const bytes of stream) read += bytes.length / 10
    })().catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(ActorDownError)
    expect(read).toBe(STREAM_CREDIT)
    expect(journalLines()).not.toContain('dies ends its stream')
  })

  test.each(['main', 'shared', 'own-thread', 'own-process'] as const)(
    'whose generator waits does not hold its actor, placed %s, and ends when its reader leaves or dies',
    async placement => {
      const ref = await system.spawn(producer, {
        name: `waits ${placement}`,
        placement,
        restart: 'temporary',
        props: { journal: writer },
      })
      const reader = await spawn(`leaves ${placement}`)
      const [stream, events] = [ref.stream.brought(), ref.stream.events()]
      const waiting = [stream.next(), events.next()] as const
      await reader.ask.wait(ref)
      while ((await ref.ask.bring(7)) < 3);

      expect([(await waiting[0]).value, (await waiting[1]).value]).toEqual([7, [7]])
      await Promise.all([stream.return(), events.return()])
      await untilWritten(`waits ${placement} ends its wait`)
      await system.killHost(reader)

      while ((await ref.ask.bring(8)) > 0);
      await system.stop(ref)
    },
  )
})

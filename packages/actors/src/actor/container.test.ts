import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import Counter from '../fixtures/actors/counter.js'
import JournalDefinition, { journalLines, untilWritten } from '../fixtures/actors/journal.js'
import Injected from '../fixtures/containers/injected.js'
import ledgerKeeper from '../fixtures/containers/ledger.js'
import Listeners from '../fixtures/containers/radio.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { ContainerError } from '../model/errors.js'
import { startSystem } from '../system/start-system.js'

const container = new URL('../fixtures/containers/container.js', import.meta.url)

expectNoLeaksAfterEach()

describe('constructor injection', () => {
  test('gives each actor its context, and what the container module of its thread registers', async () => {
    await using system = await startSystem({ threads: 1, container })

    const [a, b] = await Promise.all([system.spawn(Injected, { name: 'a' }), system.spawn(Injected, { name: 'b' })])

    expect(await a.ask.injected()).toMatchObject({ name: 'a', greeting: 'hello', hasOwnThread: true })
    expect(await b.ask.injected()).toMatchObject({ name: 'b', greeting: 'hello', hasOwnThread: true })
  })

  test('makes one singleton for each thread', async () => {
    await using system = await startSystem({ threads: 2, container })
    const placements = ['shared', 'shared', 'shared', 'shared', 'main', 'own-thread'] as const

    const refs = await Promise.all(placements.map(placement => system.spawn(Injected, { placement })))
    const injected = await Promise.all(refs.map(ref => ref.ask.injected()))

    expect(new Set(injected.map(({ notes }) => notes))).toEqual(new Set([1]))
    expect(new Set(injected.map(({ thread }) => thread)).size).toBe(4)
  })

  test('makes an actor anew when it is restarted, and lets go of what was made for the one before', async () => {
    await using system = await startSystem({ threads: 1, container })
    const journal = await system.spawn(JournalDefinition, { placement: 'main' })
    const actor = await system.spawn(Injected, { props: { journal } })
    const restarted = nextEvent(system, 'actor-restarted')

    actor.tell.fail()
    await restarted
    await untilWritten('desk disposed')
    await system.stop(actor)
    await untilWritten('desk disposed', 2)

    expect(journalLines()).toEqual(['desk disposed', 'desk disposed'])
  })

  test('leaves what an injected thing has opened to that, and closes what the constructor of the actor has', async () => {
    await using system = await startSystem({ threads: 1 })
    const actor = await system.spawn(Listeners)
    expect(await actor.ask.opened()).toEqual(['PUB', 'SUB', 'false', 'false'])

    actor.tell.fail()

    expect(await actor.ask.opened()).toEqual(['PUB', 'SUB', 'false', 'false'])
  })

  test('is what a factory asks for, from a container of its own', async () => {
    await using system = await startSystem({ threads: 1, container })
    const journal = await system.spawn(JournalDefinition, { placement: 'main' })
    const [one, other] = [
      await system.spawn(ledgerKeeper, { name: 'one', props: { journal } }),
      await system.spawn(ledgerKeeper, { name: 'other' }),
    ]
    const restarted = nextEvent(system, 'actor-restarted')
    const items: number[] = []

    expect([await one.ask.add(2), await one.ask.add(3), await other.ask.add(1)]).toEqual([2, 5, 1])
    expect(await one.ask.who()).toEqual({ name: 'one', greeting: 'hello', notes: 1 })
    for await (const item of one.stream.upTo(2)) items.push(item)
    one.tell.fail()
    await restarted
    await untilWritten('ledger of 5 disposed')

    expect(items).toEqual([1, 2])
    expect(await one.ask.add(1)).toBe(1)
    for (const method of ['vanish', 'onStart']) {
      await expect((one.ask as unknown as Record<string, () => Promise<unknown>>)[method]?.()).rejects.toMatchObject({
        code: 'ZERA_UNKNOWN_METHOD',
      })
    }
  })

  test('of one system is not that of another in the same thread', async () => {
    await using first = await startSystem({ threads: 0, container })
    await using second = await startSystem({ threads: 0, container })

    const [one, other] = [
      await (await first.spawn(Injected)).ask.injected(),
      await (await second.spawn(Injected)).ask.injected(),
    ]

    expect(other.thread).toBe(one.thread)
    expect(other.notes).not.toBe(one.notes)
  })

  test('is not needed for plain classes, nor a container module', async () => {
    await using system = await startSystem({ threads: 1, container })
    await using without = await startSystem({ threads: 1 })

    expect(await (await system.spawn(Counter)).ask.add(1)).toBe(1)
    expect(await (await without.spawn(Counter)).ask.add(2)).toBe(2)
  })

  test('that cannot be done is an error of the start', async () => {
    await using system = await startSystem({ threads: 1 })

    await expect(system.spawn(Injected)).rejects.toMatchObject({
      code: 'ZERA_ACTOR_START',
      cause: expect.any(Error) as Error,
    })
  })
})

describe('startSystem({ container })', () => {
  test.each([
    ['is not there', 'nowhere'],
    ['exports no function', 'container-without-function'],
    ['throws', 'container-that-throws'],
  ])('rejects with a ContainerError when the module %s', async (_what, name) => {
    const url = new URL(`../fixtures/containers/${name}.js`, import.meta.url)

    const started = startSystem({ threads: 1, container: url })

    await expect(started).rejects.toBeInstanceOf(ContainerError)
    await expect(started).rejects.toMatchObject({
      code: 'ZERA_CONTAINER',
      url: url.href,
      cause: expect.any(Error) as Error,
    })
  })

  test('may be named by the path of its module', async () => {
    await using system = await startSystem({ threads: 1, container: fileURLToPath(container) })

    expect((await system.stop()).isClean).toBe(true)
  })

  test('throws a TypeError when it is neither a URL nor an absolute path', async () => {
    await expect(startSystem({ container: './container.js' })).rejects.toBeInstanceOf(TypeError)
  })
})

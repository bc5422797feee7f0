import { MessageNotKeptError, startSystem, type DeadLetter, type Store, type System } from '@zera/actors'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../actors/dist/fixtures/eventually.js'
import Box, { keptBox, sorter, teller } from './fixtures/box.js'
import { databases } from './fixtures/own-folder.js'
import { startPostgres, type PostgresServer } from './fixtures/postgres-server.js'
import { postgres, sqlite } from './index.js'

const newFile = databases()
let server: PostgresServer
beforeAll(async () => void (server = await startPostgres()), 120_000)
afterAll(() => server[Symbol.asyncDispose]())

let schemas = 0
const PLACES = {
  sqlite: () => sqlite(newFile()),
  postgres: () => postgres(server.url, { schema: `mailbox_${++schemas}` }),
}

let systems: System[] = []
let letters: DeadLetter[] = []
async function start(store: Store, threads = 2): Promise<System> {
  const system = await startSystem({ threads, store, handleSignals: false, log: false })
  system.events.on('dead-letter', letter => letters.push(letter))
  systems.push(system)
  return system
}
afterEach(async () => {
  await Promise.all(systems.map(system => system.stop()))
  systems = []
  letters = []
})

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe.each([
  ['sqlite', 'main'],
  ['sqlite', 'shared'],
  ['sqlite', 'own-process'],
  ['postgres', 'shared'],
] as const)('a durable mailbox (%s, %s)', (place, placement) => {
  test('takes what is told in its order, and what is asked behind that', async () => {
    const system = await start(PLACES[place]())
    const box = await system.spawn(Box, { name: 'one', placement })

    for (const number of numbers(1, 100)) box.tell.take(number)
    const asked = box.ask.all()
    for (const number of numbers(101, 3000)) box.tell.take(number)

    expect(await asked).toEqual(numbers(1, 100))
    expect(await box.ask.all()).toEqual(numbers(1, 3000))
  })

  test('keeps what was told to an actor that was stopped, for the next system', async () => {
    const store = PLACES[place]()
    const first = await start(store)
    const box = await first.spawn(Box, { name: 'one', placement })
    await first.stop(box)
    for (const number of numbers(1, 2000)) box.tell.take(number)
    await first.stop()
    expect(letters).toEqual([])

    const next = await start(store)
    const again = await next.spawn(Box, { name: 'one', placement })
    again.tell.take(2001)

    await eventually(async () => expect((await again.ask.all()).length).toBe(2001))
    expect(await again.ask.all()).toEqual(numbers(1, 2001))
  })

  test('has what a durable actor sends with its commit, and nothing of a message that failed', async () => {
    const system = await start(PLACES[place]())
    const box = await system.spawn(keptBox, { name: 'one', placement })
    const sorts = await system.spawn(sorter, { name: 'sorter', placement })

    const outcomes = await Promise.allSettled([
      sorts.ask.sort(box, 3),
      sorts.ask.sortAndFail(box),
      sorts.ask.sort(box, 2),
    ])

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await eventually(async () => expect(await box.ask.all()).toEqual(numbers(1, 5)))
  })
})

test('what is told to a busy actor survives its thread, once each, and in order', async () => {
  const system = await start(PLACES.sqlite())
  const box = await system.spawn(keptBox, { name: 'one' })
  for (let round = 0; round < 10; round++) {
    for (const number of numbers(round * 100 + 1, round * 100 + 100)) box.tell.take(number)
    await system.killHost(box)
  }

  await eventually(async () => expect((await box.ask.all()).length).toBe(1000))
  expect(await box.ask.all()).toEqual(numbers(1, 1000))
})

test('a message that takes its thread along each time is given up, and counts for no other', async () => {
  const system = await start(PLACES.sqlite())
  const box = await system.spawn(keptBox, { name: 'one', placement: 'own-thread', maxRestarts: 100 })

  for (const number of numbers(1, 50)) box.tell.take(number)
  box.tell.poison()
  for (const number of numbers(51, 100)) box.tell.take(number)

  await eventually(() => expect(letters.map(({ method, reason }) => `${method} ${reason}`)).toEqual(['poison poison']))
  await eventually(async () => expect(await box.ask.all()).toEqual(numbers(1, 100)))
})

test('a message whose handler throws is a dead letter, and does not come again', async () => {
  const store = PLACES.sqlite()
  const system = await start(store)
  const box = await system.spawn(Box, { name: 'one' })

  box.tell.take(1)
  box.tell.fail()
  Object(box.tell).nothing()
  box.tell.take(2)

  await eventually(async () => expect(await box.ask.all()).toContain(2))
  expect(letters.map(({ method, reason }) => `${method} ${reason}`)).toEqual([
    'fail handler-threw',
    'nothing unknown-method',
  ])
  await system.stop()
  const next = await start(store)
  expect(await (await next.spawn(Box, { name: 'one' })).ask.all()).toEqual([])
})

test('a message that is set aside does not hold up those behind it', async () => {
  const system = await start(PLACES.sqlite())
  const box = await system.spawn(keptBox, { name: 'one' })

  box.tell.stashFirst(1)
  await system.killHost(box)
  for (const number of numbers(2, 2000)) box.tell.stashFirst(number)
  box.tell.unstash(0)

  await eventually(async () => expect(await box.ask.all()).toEqual([0, ...numbers(1, 2000)]))
})

test('who waits for room at another actor does not wait for the store', async () => {
  const system = await start(PLACES.sqlite())
  const box = await system.spawn(Box, { name: 'one' })
  const other = await system.spawn(teller)
  for (const number of numbers(1, 2000)) box.tell.take(number)

  await other.ready()
  expect(box.tell.take(2001)).toBe(false)
  await box.ready()

  expect((await box.ask.all()).length).toBe(2001)
})

test('what an actor tells while it stops is kept', async () => {
  const store = PLACES.sqlite()
  const system = await start(store)
  const box = await system.spawn(Box, { name: 'one' })
  await system.stop(box)
  const tells = await system.spawn(teller)
  await tells.ask.tellAll(box, 1, 10)
  await system.stop()

  const next = await start(store)
  const again = await next.spawn(Box, { name: 'one' })
  await eventually(async () => expect(await again.ask.all()).toEqual([...numbers(1, 10), 0]))
})

test('a message that no store can keep is refused by its sender', async () => {
  const system = await start(PLACES.sqlite())
  const box = await system.spawn(Box, { name: 'one' })

  expect(() => box.tell.take(box as never)).toThrow(
    expect.objectContaining({ name: 'MessageNotKeptError', path: '[0]', method: 'take' }),
  )
  expect(() => box.tell.take(box as never)).toThrow(MessageNotKeptError)
})

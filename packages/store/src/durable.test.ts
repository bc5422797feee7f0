import { ActorStartError, startSystem, StateNotKeptError, type Store, type System } from '@zera/actors'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../actors/dist/fixtures/eventually.js'
import Account from './fixtures/account.js'
import { teller } from './fixtures/box.js'
import { databases } from './fixtures/own-folder.js'
import { startPostgres, type PostgresServer } from './fixtures/postgres-server.js'
import Safe from './fixtures/safe.js'
import { postgres, sqlite } from './index.js'
import { loadSqlite } from './sqlite/sqlite-driver.js'

const newFile = databases()
let server: PostgresServer
beforeAll(async () => void (server = await startPostgres()), 120_000)
afterAll(() => server[Symbol.asyncDispose]())

let schemas = 0
/** Makes places that have nothing yet, each for one test. */
const PLACES = {
  sqlite: () => sqlite(newFile()),
  postgres: () => postgres(server.url, { schema: `durable_${++schemas}` }),
}

let systems: System[] = []
async function start(store: Store, threads = 1): Promise<System> {
  const system = await startSystem({ threads, store, handleSignals: false, log: false })
  systems.push(system)
  return system
}
afterEach(async () => {
  const receipts = await Promise.all(systems.map(system => system.stop()))
  systems = []
  expect(receipts.map(({ isClean }) => isClean)).toEqual(receipts.map(() => true))
})

describe.each([
  ['sqlite', 'main'],
  ['sqlite', 'shared'],
  ['sqlite', 'own-process'],
  ['postgres', 'shared'],
] as const)('a durable actor (%s, %s)', (place, placement) => {
  test('goes on from its state in the next system', async () => {
    const store = PLACES[place]()
    const first = await start(store)
    const account = await first.spawn(Account, { name: 'one', placement })
    const at = new Date(0)

    expect(await Promise.all([account.ask.add(1), account.ask.add(2), account.ask.note(3, at)])).toEqual([1, 3, 1])
    await first.stop()
    const next = await start(store)
    const again = await next.spawn(Account, { name: 'one', placement })

    expect(await again.ask.state()).toEqual({ balance: 3, entries: [{ amount: 3, at }] })
  })

  test('goes on from its last commit after a failure, with all messages but the one that failed', async () => {
    const system = await start(PLACES[place]())
    const account = await system.spawn(Account, { name: 'one', placement })

    const answers = await Promise.allSettled([
      ...Array.from({ length: 10 }, () => account.ask.add(1)),
      account.ask.fail(),
      ...Array.from({ length: 10 }, () => account.ask.add(1)),
    ])

    expect(answers.map(answer => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual([
      ...Array.from({ length: 10 }, (_, index) => index + 1),
      'failed',
      ...Array.from({ length: 10 }, (_, index) => index + 11),
    ])
  })
})

describe.each(['sqlite', 'postgres'] as const)('a message of a durable actor (%s)', place => {
  test('is handled once for each id, also by a later process, and answered alike', async () => {
    const store = PLACES[place]()
    const first = await start(store)
    const account = await first.spawn(Account, { name: 'one', maxRestarts: 100 })

    const once = await account.ask({ id: 'order 7' }).pay(1)
    expect(
      await Promise.all([account.ask({ id: 'order 7' }).pay(1), account.ask({ id: 'order 8' }).payLater(2)]),
    ).toEqual([once, { balance: 3, effect: expect.stringContaining('order 8') }])
    const both = await Promise.all([account.ask({ id: 'order 9' }).pay(1), account.ask({ id: 'order 9' }).pay(1)])
    expect(both.map(({ balance }) => balance)).toEqual([4, 4])
    await first.killHost(account)
    expect(await account.ask({ id: 'order 8' }).pay(1)).toMatchObject({ balance: 3 })
    await first.stop()
    const again = await (await start(store)).spawn(Account, { name: 'one', maxRestarts: 100 })

    expect(await again.ask({ id: 'order 7' }).pay(1)).toEqual(once)
    expect(await again.ask.add(0)).toBe(4)
  })

  test('is handled again when it has failed, and fails when its answer cannot be kept', async () => {
    const system = await start(PLACES[place]())
    const account = await system.spawn(Account, { name: 'one', maxRestarts: 100 })

    await expect(account.ask({ id: 'a' }).fail()).rejects.toThrow('no such amount')
    expect(await account.ask({ id: 'a' }).add(1)).toBe(1)
    await expect(account.ask({ id: 'b' }).answerAnything()).rejects.toMatchObject({
      name: 'MessageNotKeptError',
      message: expect.stringContaining('Cannot keep the answer of answerAnything() of '),
    })
    expect(await account.ask.add(0)).toBe(1)
  })

  test('has statements in its commit, which take it back when the database refuses them', async () => {
    const system = await start(PLACES[place]())
    const account = await system.spawn(Account, { name: 'one', maxRestarts: 100 })
    const table = `booked_${++schemas}`
    const book = `INSERT INTO ${table} VALUES (1)`

    await account.ask.book(1, `CREATE TABLE ${table} (number integer PRIMARY KEY)`)
    const outcomes = await Promise.allSettled([
      account.ask.book(1, book),
      account.ask.add(1),
      account.ask.book(100, book),
      account.ask.add(1),
      account.ask.book(1, `DELETE FROM ${table}`, book),
    ])

    expect(outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.name))).toEqual([
      2,
      3,
      'SqlRefusedError',
      4,
      5,
    ])
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: 'ZERA_SQL_REFUSED', sql: book })
    await expect(account.ask.book(1, 'COMMIT')).rejects.toThrow('COMMIT would end it')
    await expect(account.ask.book(1, 'nonsense')).rejects.toMatchObject({ name: 'SqlRefusedError' })
    expect(await account.ask.add(0)).toBe(5)
  })

  test('has an effect id that is the same when it is handled again', async () => {
    const system = await start(PLACES[place]())
    const account = await system.spawn(Account, { name: 'one', maxRestarts: 100 })

    const [first, , second] = await Promise.all([
      account.ask.pay(1),
      account.ask.fail().catch(() => undefined),
      account.ask.pay(1),
    ])
    expect(second.balance).toBe(2)
    expect(second.effect).not.toBe(first.effect)
  })
})

test('an actor that is not durable keeps no answers', async () => {
  const system = await start(PLACES.sqlite())
  const listener = await system.spawn(teller)

  await expect(Object(listener.ask({ id: 'a' })).tellAll()).rejects.toMatchObject({
    name: 'NotDurableError',
    message: expect.stringContaining('it keeps no answers; define it with { durable: true }'),
  })
  expect(() => listener.ask({ id: '' })).toThrow('id must be a text that is not empty')
})

test('a durable actor goes on from its last commit when its thread dies, and so does one whose store dies', async () => {
  const system = await start(PLACES.sqlite(), 2)
  const account = await system.spawn(Account, { name: 'one' })
  const store = (await system.lookup('zera-store'))!
  expect(await account.ask.add(1)).toBe(1)

  for (const ref of [account, store]) {
    await system.killHost(ref)
    await account.ask({ timeoutMs: 10_000 }).add(1)
  }

  expect(await account.ask.add(0)).toBe(3)
})

test.each(['sqlite', 'postgres'] as const)('reminders come once, also those of a system before (%s)', async place => {
  const store = PLACES[place]()
  const first = await start(store)
  const account = await first.spawn(Account, { name: 'one' })
  const later = await account.ask.remindSoon('later', 3_600_000)
  await account.ask.remindSoon('next', 1)
  await account.ask.tick(3_600_000)
  await first.stop()

  const next = await start(store)
  const again = await next.spawn(Account, { name: 'one' })
  await eventually(async () => expect(await again.ask.firedSoFar()).toContain('next'))
  await again.ask.tick(3_600_000)
  await again.ask.remindSoon('soon', 10)
  await again.ask.forgetAll([later, 'fire'])
  await eventually(async () => expect(await again.ask.firedSoFar()).toContain('soon'))
  await next.stop()
  const last = await start(store)

  expect(await (await last.spawn(Account, { name: 'one' })).ask.firedSoFar()).toEqual(['next', 'soon'])
})

test('a class may say itself what its state is', async () => {
  const store = PLACES.sqlite()
  const first = await start(store)
  await (await first.spawn(Safe, { name: 'one' })).ask.put('code')
  await first.stop()

  const next = await start(store)

  expect(await (await next.spawn(Safe, { name: 'one' })).ask.get()).toBe('code')
})

test('what cannot be kept is an error of the message that brought it, with its path', async () => {
  const system = await start(PLACES.sqlite())
  const account = await system.spawn(Account, { name: 'one' })
  await account.ask.add(1)

  const error = await account.ask.spoil().catch((thrown: unknown) => thrown)

  expect(error).toMatchObject({ name: 'StateNotKeptError', path: '.spoilt.by[0]' })
  expect(error).not.toBeInstanceOf(StateNotKeptError)
  expect(await account.ask.add(1)).toBe(2)
})

test('a durable actor needs a name and a store', async () => {
  const system = await start(PLACES.sqlite())
  const without = await startSystem({ threads: 1, handleSignals: false })
  systems.push(without)

  const nameless = await system.spawn(Account).catch((error: unknown) => error)
  const storeless = await without.spawn(Account, { name: 'one' }).catch((error: unknown) => error)

  for (const error of [nameless, storeless]) {
    expect(error).toBeInstanceOf(ActorStartError)
    expect((error as Error).cause).toMatchObject({ name: 'NotDurableError' })
  }
})

test('a store that cannot be opened is an error of the start, and so is one that another system has', async () => {
  const file = newFile()
  await start(sqlite(file))
  const wrong = server.url.replace('/postgres?', '/none?')
  const stores: [Store, problem: string][] = [
    [sqlite(file), 'another system uses it'],
    [sqlite(`${file}/no.db`), 'it cannot be opened'],
    [postgres(wrong), 'it has no database of that name'],
    [postgres('postgres://me:secret@127.0.0.1:1/none'), 'it does not listen there'],
    [postgres('postgres://me:secret@nowhere.invalid/none'), 'its host is not found'],
  ]

  for (const [store, problem] of stores) {
    const error = (await startSystem({ store, log: false }).catch((thrown: unknown) => thrown)) as Error
    expect(error.cause).toMatchObject({ name: 'StoreUnavailableError', problem })
    expect(String(error.cause)).not.toContain('secret')
  }
})

test('a user that the database refuses, and tables of a newer version, are errors of the start', async () => {
  await using own = await startPostgres('secret')
  const file = newFile()
  const Sqlite = (await loadSqlite()) as NonNullable<Awaited<ReturnType<typeof loadSqlite>>>
  const newer = new Sqlite(file)
  newer.exec('CREATE TABLE zera_store (schema INTEGER NOT NULL); INSERT INTO zera_store VALUES (99)')
  newer.close()
  const stores: [Store, problem: string][] = [
    [postgres(own.url.replace(':secret@', ':wrong@')), 'it refuses the user or the password'],
    [sqlite(file), 'its tables are of version 99, and this package knows 1'],
  ]

  for (const [store, problem] of stores) {
    const error = (await startSystem({ store, log: false }).catch((thrown: unknown) => thrown)) as Error
    expect(error.cause).toMatchObject({ name: 'StoreUnavailableError', problem })
  }
  const system = await start(postgres(own.url))
  expect(await (await system.spawn(Account, { name: 'one' })).ask.add(1)).toBe(1)
  await system.stop()
})

test('while the database is away, a durable actor waits, and goes on when it is back', async () => {
  await using own = await startPostgres()
  const system = await start(postgres(own.url))
  const account = await system.spawn(Account, { name: 'one' })
  expect(await account.ask.add(1)).toBe(1)

  await own.kill()
  const waiting = Promise.all([
    account.ask({ timeoutMs: Infinity }).add(1),
    account.ask({ timeoutMs: Infinity }).add(1),
  ])
  await expect(account.ask({ timeoutMs: 100 }).add(1)).rejects.toThrow(
    expect.objectContaining({ code: 'ZERA_ASK_TIMEOUT' }),
  )
  await own.start()

  expect(await waiting).toEqual([2, 3])
  await system.stop()
})

test('while another program has locked the file, a durable actor waits', async () => {
  const file = newFile()
  const system = await start(sqlite(file))
  const account = await system.spawn(Account, { name: 'one' })
  const other = new ((await loadSqlite()) as NonNullable<Awaited<ReturnType<typeof loadSqlite>>>)(file)

  other.exec('BEGIN IMMEDIATE')
  const waiting = account.ask({ timeoutMs: Infinity }).add(1)
  await expect(account.ask({ timeoutMs: 100 }).add(1)).rejects.toThrow(
    expect.objectContaining({ code: 'ZERA_ASK_TIMEOUT' }),
  )
  other.exec('COMMIT')
  other.close()

  expect(await waiting).toBe(1)
})

test('of two systems with one actor, the one that is overtaken handles again what it had', async () => {
  const store = PLACES.postgres()
  const [one, other] = [await start(store), await start(store)]
  const [mine, theirs] = [await one.spawn(Account, { name: 'one' }), await other.spawn(Account, { name: 'one' })]
  const failed: unknown[] = []
  other.events.on('actor-failed', ({ error }) => failed.push(error.name))

  expect(await mine.ask.add(1)).toBe(1)
  expect(await theirs.ask.add(10)).toBe(11)
  expect(failed).toEqual(['ActorFencedError'])
  expect(await theirs.ask.add(10)).toBe(21)
})

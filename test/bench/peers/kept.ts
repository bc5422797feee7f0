import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem, type Store } from '@zera/actors'
import { postgres, sqlite } from '@zera/store'
import pg from 'pg'
import type * as Servers from '../../../packages/store/dist/fixtures/postgres-server.js'
import type * as Drivers from '../../../packages/store/dist/sqlite/sqlite-driver.js'
import { keptMailTallier, keptTallier } from '../actors/kept-tallier.js'
import type { Tally } from '../runs/delivery-error.js'

const fixture = (path: string): string => new URL(`../../../../packages/store/dist/${path}`, import.meta.url).href
const { startPostgres } = (await import(fixture('fixtures/postgres-server.js'))) as typeof Servers
const { loadSqlite } = (await import(fixture('sqlite/sqlite-driver.js'))) as typeof Drivers

/** Counts messages in a database, each of which is on disk when that has returned. */
export interface Kept extends AsyncDisposable {
  /** Counts one. */
  keep(id: number): Promise<void>
  /** Sends many that count when they are kept, if it can. */
  send?: (messages: number) => Promise<void>
  /** What was counted since the last time. */
  tally(): Promise<Tally>
}

/** Where a database is, and its end. */
interface Place extends AsyncDisposable {
  readonly store: Store
  /** The file, or the address. */
  readonly at: string
}

function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'zera-bench-'))
  const at = join(folder, 'bench.db')
  return Promise.resolve({
    store: sqlite(at),
    at,
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  })
}

async function postgresPlace(): Promise<Place> {
  const server = await startPostgres()
  return { store: postgres(server.url), at: server.url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const PLACES = { sqlite: sqlitePlace, postgres: postgresPlace }
export type KeptEngine = keyof typeof PLACES

/** Durable actors, asked and told. */
export async function zeraKept(engine: KeptEngine): Promise<Kept> {
  const place = await PLACES[engine]()
  const system = await startSystem({ threads: 1, store: place.store, handleSignals: false, log: false })
  const [asked, told] = [
    await system.spawn(keptTallier, { name: 'asked' }),
    await system.spawn(keptMailTallier, { name: 'told' }),
  ]
  const unhurried = { timeoutMs: Infinity }
  const ask = asked.ask(unhurried)
  return {
    keep: id => ask.take({ id, v: 'hello' }),
    send: async messages => {
      for (let id = 0; id < messages; id++) if (!told.tell.take({ id, v: 'hello' })) await told.ready()
    },
    tally: async () => {
      const [one, other] = [await ask.tally(), await told.ask(unhurried).tally()]
      return { count: one.count + other.count, sum: one.sum + other.sum }
    },
    [Symbol.asyncDispose]: async () => {
      await system.stop()
      await place[Symbol.asyncDispose]()
    },
  }
}

/** A row, and a commit for each message. */
export function byHand(engine: KeptEngine): Promise<Kept> {
  return engine === 'sqlite' ? sqliteByHand() : postgresByHand()
}

async function sqliteByHand(): Promise<Kept> {
  const place = await sqlitePlace()
  const Sqlite = await loadSqlite()
  if (Sqlite === undefined) throw new Error('Cannot measure SQLite: there is none')
  const database = new Sqlite(place.at)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE tallies (count INTEGER, sum INTEGER); INSERT INTO tallies VALUES (0, 0)')
  const keep = database.prepare('UPDATE tallies SET count = count + 1, sum = sum + ?')
  return {
    keep: async id => void keep.run(id),
    tally: async () => {
      const { count, sum } = database.prepare('SELECT count, sum FROM tallies').get() as Tally
      database.exec('UPDATE tallies SET count = 0, sum = 0')
      return { count, sum }
    },
    [Symbol.asyncDispose]: async () => {
      database.close()
      await place[Symbol.asyncDispose]()
    },
  }
}

async function postgresByHand(): Promise<Kept> {
  const place = await postgresPlace()
  const client = new pg.Client(place.at)
  await client.connect()
  await client.query('CREATE TABLE tallies (count bigint, sum bigint); INSERT INTO tallies VALUES (0, 0)')
  return {
    keep: async id => void (await client.query('UPDATE tallies SET count = count + 1, sum = sum + $1', [id])),
    tally: async () => {
      const { rows } = await client.query<{ readonly count: string; readonly sum: string }>('SELECT * FROM tallies')
      await client.query('UPDATE tallies SET count = 0, sum = 0')
      return { count: Number(rows[0]?.count), sum: Number(rows[0]?.sum) }
    },
    [Symbol.asyncDispose]: async () => {
      await client.end()
      await place[Symbol.asyncDispose]()
    },
  }
}

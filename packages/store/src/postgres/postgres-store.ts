import { defineActor, StoreUnavailableError, type ActorDefinition } from '@zera/actors'
import {
  OUTBOX_KEY,
  type ActorCommit,
  type AnswerReport,
  type CommitOutcome,
  type CommitReport,
  type KeptMessage,
  type KeptReport,
  type MailReport,
  type Reminder,
  type StoreActor,
  type Unavailable,
} from '@zera/actors/internal'
import { toError } from '@zera/core/internal'
import type { Pool, PoolClient } from 'pg'
import { GroupCommit } from '../group-commit.js'
import { commitIn, valuesOf } from './postgres-commit.js'
import { isRefused, problemOf, withoutPassword } from './postgres-problem.js'

/** The version of the tables. */
const SCHEMA = 1

const CONNECTIONS = 4
/** Milliseconds until a connection, and a statement, counts as lost. */
const CONNECT_MS = 5000
const STATEMENT_MS = 10_000

/** Two that create the same at once: one of them gets one of these, and finds it there the next time. */
const CREATED_MEANWHILE = new Set(['23505', '42P06', '42P07'])
const MOST_TRIES = 5

/** What a store is started with. */
export interface PostgresProps {
  readonly url: string
  readonly schema: string
}

type Connection = Pool | PoolClient

interface Row {
  readonly key: string
  /** A bigint, which comes as text. */
  readonly version: string
  readonly commit_id: string
  readonly state: string
}

/** A commit that was kept, with the numbers of what it sent, bigints too. */
interface KeptRow {
  readonly key: string
  readonly numbers: readonly string[]
}

interface MessageRow extends Omit<KeptMessage, 'number'> {
  readonly number: string
}

interface ReminderRow extends Omit<Reminder, 'everyMs'> {
  readonly everyMs: number | null
}

/** Owns the connections to a PostgreSQL database. A commit is one statement, and several are under way at a time. */
export class PostgresStore implements StoreActor {
  readonly #commits = new GroupCommit(
    changes => this.#write(changes),
    error => problemOf(this.#place, error),
  )
  #place = ''
  #schema = ''
  #commitSql = ''
  /** Identifies the database. */
  #id = ''
  #pool: Pool | undefined
  /** The ends of its connections, which a pool does not wait for. */
  readonly #open = new Set<Promise<void>>()

  async onStart({ url, schema }: PostgresProps): Promise<void> {
    this.#place = withoutPassword(url)
    const pg = await loadPg(this.#place)
    this.#pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: STATEMENT_MS,
      keepAlive: true,
      application_name: 'zera',
    })
    // A connection that is lost while nothing uses it is made anew when it is needed.
    this.#pool.on('error', () => undefined)
    this.#pool.on('connect', client => {
      const ended = new Promise<void>(resolve => client.once('end', resolve)).then(() => void this.#open.delete(ended))
      this.#open.add(ended)
    })
    this.#schema = quoted(schema)
    this.#commitSql = commitIn(this.#schema)
    try {
      await this.#migrate(this.#schema)
    } catch (error) {
      throw problemOf(this.#place, error)
    }
  }

  async onStop(): Promise<void> {
    await this.#pool?.end()
    this.#pool = undefined
    await Promise.all(this.#open)
  }

  read(key: string): Promise<KeptReport> {
    return this.#report(async connections => {
      const [row] = await this.#rows(connections, [key])
      if (row === undefined) return { kept: undefined, store: this.#id }
      const { rows } = await connections.query<ReminderRow>(
        `SELECT id, method, args, due_ms AS "dueMs", every_ms AS "everyMs", tries
          FROM ${this.#schema}.zera_reminders WHERE key = $1 ORDER BY due_ms`,
        [key],
      )
      const reminders = rows.map(({ everyMs, ...rest }) => ({ ...rest, everyMs: everyMs ?? undefined }))
      return { store: this.#id, kept: { version: Number(row.version), state: row.state, reminders } }
    })
  }

  answer(key: string, id: string): Promise<AnswerReport> {
    return this.#report(async connections => {
      const { rows } = await connections.query<{ readonly answer: string }>(
        `SELECT answer FROM ${this.#schema}.zera_answers WHERE key = $1 AND id = $2`,
        [key, id],
      )
      return { answer: rows[0]?.answer }
    })
  }

  messages(key: string, most: number): Promise<MailReport> {
    return this.#report(async connections => {
      const { rows } = await connections.query<MessageRow>(
        `SELECT number, method, args, tries FROM ${this.#schema}.zera_messages WHERE key = $1 ORDER BY number LIMIT $2`,
        [key, most],
      )
      return { messages: rows.map(row => ({ ...row, number: Number(row.number) })) }
    })
  }

  async *commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void> {
    yield await this.#commits.add(changes)
  }

  get #connections(): Pool {
    if (this.#pool === undefined) throw new StoreUnavailableError(this.#place, 'it is closed', 'start a new system')
    return this.#pool
  }

  async #report<T>(read: (from: Pool) => Promise<T>): Promise<T | Unavailable> {
    try {
      return await read(this.#connections)
    } catch (error) {
      return { unavailable: problemOf(this.#place, error) }
    }
  }

  async #write(commits: readonly ActorCommit[]): Promise<CommitOutcome[]> {
    return commits.some(({ statements }) => statements.length > 0)
      ? this.#writeWithStatements(commits)
      : this.#writeOn(this.#connections, commits)
  }

  /** Those of the program have to be part of the transaction, and each that is refused takes its actor's part back. */
  async #writeWithStatements(commits: readonly ActorCommit[]): Promise<CommitOutcome[]> {
    const client = await this.#connections.connect()
    let problem: Error | undefined
    try {
      await client.query('BEGIN')
      const outcomes: CommitOutcome[] = []
      for (const commit of commits) outcomes.push(await this.#writeOne(client, commit))
      await client.query('COMMIT')
      return outcomes
    } catch (error) {
      problem = toError(error)
      throw error
    } finally {
      // A connection that is given back with an error is closed, and its transaction with it.
      client.release(problem)
    }
  }

  async #writeOne(client: PoolClient, commit: ActorCommit): Promise<CommitOutcome> {
    await client.query('SAVEPOINT actor')
    const [outcome = { kind: 'fenced' }] = await this.#writeOn(client, [commit])
    for (const [at, { sql, values }] of outcome.kind === 'kept' ? commit.statements.entries() : []) {
      try {
        await client.query(sql, [...values])
      } catch (error) {
        if (!isRefused(error)) throw error
        await client.query('ROLLBACK TO SAVEPOINT actor')
        return { kind: 'refused', statement: at, error: toError(error) }
      }
    }
    return outcome
  }

  /** One statement is one transaction, with one way there and back. */
  async #writeOn(connection: Connection, commits: readonly ActorCommit[]): Promise<CommitOutcome[]> {
    const { rows } = await connection.query<KeptRow>(this.#commitSql, valuesOf(commits))
    const kept = new Map(rows.map(({ key, numbers }) => [key, numbers.map(Number)]))
    const others = commits.filter(({ key }) => !kept.has(key))
    if (others.length > 0) await this.#findKept(connection, others, kept)
    return commits.map(({ key }) => {
      const numbers = kept.get(key)
      return numbers === undefined ? { kind: 'fenced' } : { kind: 'kept', numbers }
    })
  }

  /** Commits that were kept before, when their answer was lost. */
  async #findKept(connection: Connection, commits: readonly ActorCommit[], kept: Map<string, number[]>): Promise<void> {
    const found = new Map(
      (
        await this.#rows(
          connection,
          commits.map(({ key }) => key),
        )
      ).map(row => [row.key, row.commit_id]),
    )
    for (const { key, id, sent } of commits) {
      if (found.get(key) !== id) continue
      const numbers = sent.map(() => 0)
      const { rows } = await connection.query<{ readonly number: string; readonly place: number }>(
        `SELECT number, place FROM ${this.#schema}.zera_messages WHERE commit_id = $1 AND key = ANY($2)`,
        [id, sent.map(({ to }) => to)],
      )
      for (const { number, place } of rows) numbers[place] = Number(number)
      kept.set(key, numbers)
    }
  }

  async #rows(connection: Connection, keys: readonly string[]): Promise<readonly Row[]> {
    const { rows } = await connection.query<Row>(
      `SELECT key, version, commit_id, state FROM ${this.#schema}.zera_actors WHERE key = ANY($1)`,
      [keys],
    )
    return rows
  }

  async #migrate(schema: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        // Several statements in one text are one transaction.
        await this.#connections.query(`
          CREATE SCHEMA IF NOT EXISTS ${schema};
          CREATE TABLE IF NOT EXISTS ${schema}.zera_store (schema integer NOT NULL, id text NOT NULL);
          CREATE TABLE IF NOT EXISTS ${schema}.zera_actors (
            key text PRIMARY KEY, version bigint NOT NULL, commit_id text NOT NULL, state text NOT NULL,
            at timestamptz NOT NULL DEFAULT now()
          );
          CREATE TABLE IF NOT EXISTS ${schema}.zera_messages (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL, commit_id text NOT NULL,
            place integer NOT NULL, method text NOT NULL, args text NOT NULL, tries integer NOT NULL DEFAULT 0
          );
          CREATE INDEX IF NOT EXISTS zera_messages_by_key ON ${schema}.zera_messages (key, number);
          CREATE TABLE IF NOT EXISTS ${schema}.zera_reminders (
            key text NOT NULL, id text NOT NULL, method text NOT NULL, args text NOT NULL,
            due_ms double precision NOT NULL, every_ms double precision, tries integer NOT NULL, PRIMARY KEY (key, id)
          );
          CREATE TABLE IF NOT EXISTS ${schema}.zera_answers (
            key text NOT NULL, id text NOT NULL, answer text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (key, id)
          );
          CREATE INDEX IF NOT EXISTS zera_answers_by_time ON ${schema}.zera_answers (at);
          LOCK TABLE ${schema}.zera_store IN EXCLUSIVE MODE;
          INSERT INTO ${schema}.zera_store SELECT ${SCHEMA}, gen_random_uuid()
            WHERE NOT EXISTS (SELECT FROM ${schema}.zera_store);
          DELETE FROM ${schema}.zera_actors
            WHERE key LIKE '${OUTBOX_KEY}%' AND at < now() - interval '1 day';`)
        break
      } catch (error) {
        if (tries === MOST_TRIES || !CREATED_MEANWHILE.has(String((error as NodeJS.ErrnoException).code))) throw error
      }
    }
    const { rows } = await this.#connections.query<{ readonly schema: number; readonly id: string }>(
      `SELECT schema, id FROM ${schema}.zera_store`,
    )
    const { schema: found, id } = rows[0] ?? { schema: SCHEMA, id: '' }
    this.#id = id
    if (found > SCHEMA)
      throw new StoreUnavailableError(
        this.#place,
        `its tables are of version ${found}, and this package knows ${SCHEMA}`,
        'update @zera/store',
      )
  }
}

/** @throws {StoreUnavailableError} When it is not installed. */
async function loadPg(place: string): Promise<typeof import('pg')> {
  try {
    return (await import('pg')).default as unknown as typeof import('pg')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new StoreUnavailableError(place, 'the package pg is not installed', 'install it beside @zera/store', {
      cause: error,
    })
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** What `postgres` starts. */
export const POSTGRES_STORE: ActorDefinition<StoreActor> = defineActor<PostgresStore>(import.meta.url, PostgresStore, {
  name: 'PostgresStore',
})

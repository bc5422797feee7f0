import { defineActor, StoreUnavailableError, type ActorDefinition } from '@zera/actors'
import type { ActorCommit, CommitOutcome, CommitReport, KeptReport, Reminder, StoreActor } from '@zera/actors/internal'
import { GroupCommit } from '../group-commit.js'
import { loadSqlite, type Database, type Statement } from './sqlite-driver.js'
import { problemOf } from './sqlite-problem.js'

/** The version of the tables. */
const SCHEMA = 1

const TABLES = `
  CREATE TABLE IF NOT EXISTS zera_store (schema INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS zera_actors (
    key TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    commit_id TEXT NOT NULL,
    state TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS zera_reminders (
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    method TEXT NOT NULL,
    args TEXT NOT NULL,
    due_ms REAL NOT NULL,
    every_ms REAL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (key, id)
  ) WITHOUT ROWID;
`

// They change nothing when another process has committed since: the version tells.
const INSERT = 'INSERT INTO zera_actors (version, commit_id, state, key) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
const UPDATE = 'UPDATE zera_actors SET version = ?1, commit_id = ?2, state = ?3 WHERE key = ?4 AND version = ?1 - 1'
const READ = 'SELECT version, commit_id, state FROM zera_actors WHERE key = ?'
const REMIND =
  'INSERT OR REPLACE INTO zera_reminders (key, id, method, args, due_ms, every_ms, tries) VALUES (?, ?, ?, ?, ?, ?, ?)'
const FORGET = 'DELETE FROM zera_reminders WHERE key = ? AND id = ?'
const REMINDERS =
  'SELECT id, method, args, due_ms AS dueMs, every_ms AS everyMs, tries FROM zera_reminders WHERE key = ? ORDER BY due_ms'

const STATEMENTS = { insert: INSERT, update: UPDATE, read: READ, remind: REMIND, forget: FORGET, reminders: REMINDERS }

/** Milliseconds that a statement waits for another program. */
const BUSY_MS = 1000

interface Row {
  readonly version: number
  readonly commit_id: string
  readonly state: string
}

/** What a store is started with. */
export interface SqliteProps {
  /** The absolute path of the database. */
  readonly file: string
}

/** An open database, and what is asked of it. */
interface Opened {
  readonly database: Database
  /** Holds a lock that no other process gets. */
  readonly lock: Database
  readonly statements: Record<keyof typeof STATEMENTS, Statement>
}

/** Owns an SQLite database. It is the only one that writes there, so a commit waits for no other. */
export class SqliteStore implements StoreActor {
  readonly #commits = new GroupCommit(
    changes => this.#write(changes),
    error => problemOf(this.#file, error),
  )
  #file = ''
  #opened: Opened | undefined

  async onStart({ file }: SqliteProps): Promise<void> {
    this.#file = file
    const Sqlite = await loadSqlite()
    if (Sqlite === undefined)
      throw new StoreUnavailableError(
        file,
        `Node ${process.versions.node} has no SQLite`,
        'install the package libsql, or use Node 22.13 or later',
      )
    try {
      this.#opened = open(file, path => new Sqlite(path))
    } catch (error) {
      throw problemOf(file, error)
    }
  }

  onStop(): void {
    this.#opened?.database.close()
    this.#opened?.lock.close()
    this.#opened = undefined
  }

  read(key: string): KeptReport {
    try {
      const { read, reminders } = this.#database.statements
      const row = read.get(key) as Row | undefined
      if (row === undefined) return { kept: undefined }
      const { version, state } = row
      return { kept: { version, state, reminders: (reminders.all(key) as ReminderRow[]).map(reminderOf) } }
    } catch (error) {
      return { unavailable: problemOf(this.#file, error) }
    }
  }

  async *commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void> {
    yield await this.#commits.add(changes)
  }

  get #database(): Opened {
    if (this.#opened === undefined) throw new StoreUnavailableError(this.#file, 'it is closed', 'start a new system')
    return this.#opened
  }

  #write(changes: readonly ActorCommit[]): CommitOutcome[] {
    const { database } = this.#database
    database.exec('BEGIN IMMEDIATE')
    try {
      const outcomes = changes.map(change => this.#writeOne(change))
      database.exec('COMMIT')
      return outcomes
    } catch (error) {
      rollBack(database)
      throw error
    }
  }

  #writeOne({ key, version, id, state, reminders }: ActorCommit): CommitOutcome {
    const { read, insert, update, remind, forget } = this.#database.statements
    const { changes } = (version === 1 ? insert : update).run(version, id, state, key)
    if (Number(changes) === 0) {
      const row = read.get(key) as Row | undefined
      return row?.commit_id === id ? 'kept' : 'fenced'
    }
    for (const { id: name, reminder } of reminders) {
      if (reminder === undefined) forget.run(key, name)
      else {
        const { method, args, dueMs, everyMs = null, tries } = reminder
        remind.run(key, name, method, args, dueMs, everyMs, tries)
      }
    }
    return 'kept'
  }
}

interface ReminderRow extends Omit<Reminder, 'everyMs'> {
  readonly everyMs: number | null
}

function reminderOf({ id, method, args, dueMs, everyMs, tries }: ReminderRow): Reminder {
  return { id, method, args, dueMs, everyMs: everyMs ?? undefined, tries }
}

function open(file: string, connect: (path: string) => Database): Opened {
  const lock = lockFor(file, connect)
  let database: Database | undefined
  try {
    database = connect(file)
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`)
    database.exec(TABLES)
    expectSchema(file, database)
    const prepare = (sql: string): Statement => (database as Database).prepare(sql)
    const statements = Object.fromEntries(Object.entries(STATEMENTS).map(([name, sql]) => [name, prepare(sql)]))
    return { database, lock, statements: statements as Opened['statements'] }
  } catch (error) {
    database?.close()
    lock.close()
    throw error
  }
}

/** The system lets go of a lock when its process ends, however that ends. */
function lockFor(file: string, connect: (path: string) => Database): Database {
  const lock = connect(`${file}-zera-lock`)
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    const busy = problemOf(file, error)
    if (!busy.problem.includes('locked')) throw error
    throw new StoreUnavailableError(file, 'another system uses it', 'stop that one, or name another file', {
      cause: error,
    })
  }
}

function expectSchema(file: string, database: Database): void {
  const row = database.prepare('SELECT max(schema) AS schema FROM zera_store').get() as {
    readonly schema: number | null
  }
  if (row.schema === null) database.prepare('INSERT INTO zera_store (schema) VALUES (?)').run(SCHEMA)
  else if (row.schema > SCHEMA)
    throw new StoreUnavailableError(
      file,
      `its tables are of version ${row.schema}, and this package knows ${SCHEMA}`,
      'update @zera/store',
    )
}

/** A failed statement may have ended the transaction already. */
function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // There is none any more.
  }
}

/** What `sqlite` starts. */
export const SQLITE_STORE: ActorDefinition<StoreActor> = defineActor<SqliteStore>(import.meta.url, SqliteStore, {
  name: 'SqliteStore',
})

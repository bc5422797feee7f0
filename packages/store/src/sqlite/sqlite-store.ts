import { randomUUID } from 'node:crypto'
import { defineActor, StoreUnavailableError, type ActorDefinition } from '@zera/actors'
import {
  OUTBOX_KEY,
  type AnswerReport,
  type ActorCommit,
  type CommitReport,
  type KeptMessage,
  type KeptReport,
  type MailReport,
  type Reminder,
  type StoreActor,
  type Unavailable,
} from '@zera/actors/internal'
import { systemClock } from '@zera/core/internal'
import { GroupCommit } from '../group-commit.js'
import { writeCommits, type CommitTarget } from './sqlite-commit.js'
import { loadSqlite, type Database } from './sqlite-driver.js'
import { problemOf } from './sqlite-problem.js'
import { prepareAll, SCHEMA, TABLES } from './sqlite-tables.js'

/** Milliseconds that a statement waits for another program. */
const BUSY_MS = 1000

/** An outbox that has kept nothing for this long belongs to a process that is gone. */
const IDLE_OUTBOX_MS = 86_400_000

/** What a store is started with. */
export interface SqliteProps {
  /** The absolute path of the database. */
  readonly file: string
}

/** An open database, and what is asked of it. */
interface Opened extends CommitTarget {
  /** Holds a lock that no other process gets. */
  readonly lock: Database
  /** Identifies the database. */
  readonly id: string
}

/** Owns an SQLite database. It is the only one that writes there, so a commit waits for no other. */
export class SqliteStore implements StoreActor {
  readonly #commits = new GroupCommit(
    async commits => writeCommits(this.#database, commits, systemClock.epochMs()),
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
    return this.#report(({ id: store, statements: { read, reminders } }) => {
      const row = read.get(key) as { readonly version: number; readonly state: string } | undefined
      if (row === undefined) return { kept: undefined, store }
      const { version, state } = row
      return { store, kept: { version, state, reminders: (reminders.all(key) as ReminderRow[]).map(reminderOf) } }
    })
  }

  answer(key: string, id: string): AnswerReport {
    return this.#report(({ statements }) => {
      const row = statements.answer.get(key, id) as { readonly answer: string } | undefined
      return { answer: row?.answer }
    })
  }

  messages(key: string, most: number): MailReport {
    return this.#report(({ statements }) => {
      // Rows have no prototype, which a message cannot carry.
      const rows = statements.messages.all(key, most) as KeptMessage[]
      return { messages: rows.map(row => ({ ...row })) }
    })
  }

  async *commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void> {
    yield await this.#commits.add(changes)
  }

  #report<T>(read: (from: Opened) => T): T | Unavailable {
    try {
      return read(this.#database)
    } catch (error) {
      return { unavailable: problemOf(this.#file, error) }
    }
  }

  get #database(): Opened {
    if (this.#opened === undefined) throw new StoreUnavailableError(this.#file, 'it is closed', 'start a new system')
    return this.#opened
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
    const id = expectSchema(file, database)
    database
      .prepare('DELETE FROM zera_actors WHERE key >= ? AND key < ? AND at_ms < ?')
      .run(OUTBOX_KEY, `${OUTBOX_KEY}~`, systemClock.epochMs() - IDLE_OUTBOX_MS)
    return { database, lock, id, statements: prepareAll(database) }
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

/** Returns what identifies the database. */
function expectSchema(file: string, database: Database): string {
  const { schema } = database.prepare('SELECT max(schema) AS schema FROM zera_store').get() as { schema: number | null }
  if (schema !== null && schema > SCHEMA)
    throw new StoreUnavailableError(
      file,
      `its tables are of version ${schema}, and this package knows ${SCHEMA}`,
      'update @zera/store',
    )
  if (schema === null) database.prepare('INSERT INTO zera_store (schema, id) VALUES (?, ?)').run(SCHEMA, randomUUID())
  return (database.prepare('SELECT id FROM zera_store').get() as { readonly id: string }).id
}

/** What `sqlite` starts. */
export const SQLITE_STORE: ActorDefinition<StoreActor> = defineActor<SqliteStore>(import.meta.url, SqliteStore, {
  name: 'SqliteStore',
})

/** A value in a database. */
type SqlValue = string | number | bigint | Uint8Array | null

/** A prepared statement. */
export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
  get(...values: SqlValue[]): unknown
  all(...values: SqlValue[]): unknown[]
}

/** A connection to a database. Node's own SQLite and the package libsql both have this form. */
export interface Database {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  close(): void
}

type DatabaseClass = new (path: string) => Database

/** Loads SQLite: Node's own, or on Node 20 the package libsql. Undefined when neither is there. */
export async function loadSqlite(): Promise<DatabaseClass | undefined> {
  const own = unwarned<{ readonly DatabaseSync?: DatabaseClass } | undefined>(() =>
    process.getBuiltinModule('node:sqlite'),
  )
  if (own?.DatabaseSync !== undefined) return own.DatabaseSync
  try {
    const { default: libsql } = (await import('libsql')) as unknown as { readonly default: DatabaseClass }
    return libsql
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** Node calls its SQLite experimental, in a warning that users of Zera can do nothing about. */
function unwarned<T>(load: () => T): T {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning') as PropertyDescriptor
  process.emitWarning = () => undefined
  try {
    return load()
  } finally {
    Object.defineProperty(process, 'emitWarning', own)
  }
}

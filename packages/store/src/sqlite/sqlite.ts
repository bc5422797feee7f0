import { resolve } from 'node:path'
import type { Store } from '@zera/actors'
import { SQLITE_STORE } from './sqlite-store.js'

/**
 * Keeps the state of durable actors in an SQLite database, beside whatever else is in it: its own tables begin with
 * `zera_`. One system at a time uses a file, which the file `<file>-zera-lock` beside it guards. A commit is on disk
 * when what it covers is answered: the database is in WAL mode, with an fsync for each group of commits.
 *
 * Node has SQLite from 22.13 on; for Node 20, install the package `libsql`.
 *
 * @param file The path of the database, which is created if it is missing. Its folder must exist.
 * @throws {TypeError} When it is no text, or empty.
 */
export function sqlite(file: string): Store {
  if (typeof file !== 'string' || file === '')
    throw new TypeError("Cannot make an SQLite store: file is no path; pass one, such as sqlite('app.db')")
  return { definition: SQLITE_STORE, props: { file: resolve(file) } }
}

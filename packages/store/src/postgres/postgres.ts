import type { Store } from '@zera/actors'
import { POSTGRES_STORE } from './postgres-store.js'

/** Options of a store in PostgreSQL. */
export interface PostgresOptions {
  /** The schema of its tables, which is created if it is missing. Default `'zera'`. */
  readonly schema?: string | undefined
}

/**
 * Keeps the state of durable actors in a PostgreSQL database, for many processes and machines. It needs the package
 * `pg`. It holds no session, so it works behind a pooler of transactions, too.
 *
 * @param url The address of the database: `postgres://user:password@host:5432/name`.
 * @throws {TypeError} When it is no text, or empty, or the schema is no name.
 */
export function postgres(url: string, { schema = 'zera' }: PostgresOptions = {}): Store {
  if (typeof url !== 'string' || url === '')
    throw new TypeError(
      "Cannot make a PostgreSQL store: url is no address; pass one, such as 'postgres://user:password@host:5432/name'",
    )
  if (typeof schema !== 'string' || schema === '' || schema.includes('\0'))
    throw new TypeError("Cannot make a PostgreSQL store: schema is no name; pass one, such as 'zera'")
  return { definition: POSTGRES_STORE, props: { url, schema } }
}

import { StoreUnavailableError } from '@zera/actors'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html and codes of Node, with what is wrong and what to do. */
const PROBLEMS: readonly (readonly [codes: readonly string[], problem: string, remedy: string])[] = [
  [['28P01', '28000'], 'it refuses the user or the password', 'correct them in the url'],
  [['3D000'], 'it has no database of that name', 'create it, or correct the name in the url'],
  [['42501'], 'the user may not do that', 'grant it CREATE on the database, or the schema to it'],
  [['53100'], 'its disk is full', 'make room there'],
  [['53300'], 'it has as many connections as it may have', 'raise max_connections, or put a pooler before it'],
  [['25006'], 'it is read-only', 'name the primary server in the url'],
  [['57P01', '57P02', '57P03'], 'it is starting or stopping', 'start it, or wait'],
  [['ECONNREFUSED', 'ENOENT'], 'it does not listen there', 'start it, or correct the host and the port in the url'],
  [['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'], 'its host is not found', 'correct it in the url'],
  [['ECONNRESET', 'EPIPE', 'ETIMEDOUT'], 'the connection is lost', 'see whether it runs'],
]

/**
 * Whether an error says that a statement is refused, whenever it comes: what it takes or finds is wrong, or what it
 * says, or who says it.
 */
export function isRefused(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return /^(0A|21|22|23|42|44|P0)...$/.test(String(code))
}

/** What an error of PostgreSQL means for a store. */
export function problemOf(place: string, error: unknown): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error
  const { code, message } = firstOf(error) as { readonly code?: unknown; readonly message?: unknown }
  const [, problem, remedy] = PROBLEMS.find(([codes]) => codes.includes(String(code))) ?? [
    [],
    String(message),
    'see the cause',
  ]
  return new StoreUnavailableError(place, problem, remedy, { cause: error })
}

/** A host with several addresses gives an error for each. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? error.errors[0] : error
}

/** An address without its password, for errors. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:@/]*):[^@/]*@/, '$1@').replace(/([?&]password=)[^&]*/g, '$1…')
}

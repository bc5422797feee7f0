import { StoreUnavailableError } from '@zera/actors'

/** SQLite's result codes, https://www.sqlite.org/rescode.html, with what is wrong and what to do. */
const PROBLEMS: Readonly<Record<number, readonly [name: string, problem: string, remedy: string]>> = {
  3: ['SQLITE_PERM', 'this process may not use it', 'let it read and write the file and its folder'],
  5: ['SQLITE_BUSY', 'another program has locked it', 'let that end its transaction'],
  6: ['SQLITE_LOCKED', 'another program has locked it', 'let that end its transaction'],
  8: ['SQLITE_READONLY', 'it is read-only', 'let this process write to the file and its folder'],
  10: ['SQLITE_IOERR', 'the disk does not work', 'see the cause, and the log of the machine'],
  11: ['SQLITE_CORRUPT', 'it is damaged', 'restore a copy of it'],
  13: ['SQLITE_FULL', 'the disk is full', 'make room'],
  14: ['SQLITE_CANTOPEN', 'it cannot be opened', 'create its folder, and let this process write there'],
  26: ['SQLITE_NOTADB', 'it is no SQLite database', 'name another file'],
}

/** Errors that are about a statement, and not about the database. */
const REFUSALS = new Set([1, 4, 18, 19, 20, 25])

/** Whether an error says that a statement is refused, whenever it comes. */
export function isRefused(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  if (typeof errcode === 'number') return REFUSALS.has(errcode & 0xff)
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    /^(SQLITE_(ERROR|ABORT|TOOBIG|CONSTRAINT|MISMATCH|RANGE)|ERR_)/.test(String(code))
  )
}

/** What an error of SQLite means for a store. */
export function problemOf(file: string, error: unknown): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error
  const { errcode, code, message } = error as { errcode?: unknown; code?: unknown; message?: unknown }
  // Of a database that it cannot open, libsql has the number in a text alone.
  const inText = /: (\d+)"?\)$/.exec(String(message))?.[1]
  const number = Number(errcode ?? inText) & 0xff
  const known = Object.entries(PROBLEMS).find(([of, [name]]) => Number(of) === number || String(code).startsWith(name))
  const [, problem, remedy] = known?.[1] ?? ['', String(message), 'see the cause']
  return new StoreUnavailableError(file, problem, remedy, { cause: error })
}

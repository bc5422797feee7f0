import { StoreUnavailableError } from '@zera/actors'
import { expect, test } from 'vitest'
import { problemOf } from './sqlite-problem.js'

/** An error as Node's own SQLite throws it, and libsql. */
const own = (errcode: number): Error => Object.assign(new Error('database'), { code: 'ERR_SQLITE_ERROR', errcode })
const libsql = (code: string): Error => Object.assign(new Error('database'), { code })

test.each([
  [5, 'SQLITE_BUSY', 'another program has locked it'],
  [8, 'SQLITE_READONLY', 'it is read-only'],
  [8 + (3 << 8), 'SQLITE_READONLY_ROLLBACK', 'it is read-only'],
  [10 + (4 << 8), 'SQLITE_IOERR_FSYNC', 'the disk does not work'],
  [11, 'SQLITE_CORRUPT', 'it is damaged'],
  [13, 'SQLITE_FULL', 'the disk is full'],
  [14, 'SQLITE_CANTOPEN', 'it cannot be opened'],
  [26, 'SQLITE_NOTADB', 'it is no SQLite database'],
])('error %i of SQLite, %s of libsql: %s', (errcode, code, problem) => {
  for (const error of [own(errcode), libsql(code)]) {
    const found = problemOf('app.db', error)
    expect(found).toMatchObject({ store: 'app.db', problem, cause: error })
    expect(found.message).toMatch(`Cannot use store app.db: ${problem}; `)
  }
})

test('what libsql has in a text alone, what is not known, and what is a problem already', () => {
  const cannotOpen = new Error('ConnectionFailed("Unable to open connection to local database app.db: 14")')
  const already = new StoreUnavailableError('app.db', 'another system uses it', 'stop that one')

  expect(problemOf('app.db', cannotOpen).problem).toBe('it cannot be opened')
  expect(problemOf('app.db', new Error('odd')).problem).toBe('odd')
  expect(problemOf('app.db', already)).toBe(already)
})

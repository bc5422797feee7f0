import type { ActorCommit, CommitOutcome } from '@zera/actors/internal'
import type { Database } from './sqlite-driver.js'
import type { Statements } from './sqlite-tables.js'

/** The database that a commit goes into. */
export interface CommitTarget {
  readonly database: Database
  readonly statements: Statements
}

const FENCED: CommitOutcome = { kind: 'fenced' }

/** Writes commits of several actors in one transaction. What fails, fails for all of them. */
export function writeCommits(target: CommitTarget, commits: readonly ActorCommit[], atMs: number): CommitOutcome[] {
  const { database } = target
  database.exec('BEGIN IMMEDIATE')
  try {
    const outcomes = commits.map(commit => writeCommit(target, commit, atMs))
    database.exec('COMMIT')
    return outcomes
  } catch (error) {
    rollBack(database)
    throw error
  }
}

function writeCommit(target: CommitTarget, commit: ActorCommit, atMs: number): CommitOutcome {
  const { database, statements } = target
  const { key, version, id, state, handled } = commit
  // What it has changed until then is taken back when it is fenced by a message that is gone.
  const mayTakeBack = handled.length > 0
  if (mayTakeBack) database.exec('SAVEPOINT actor')
  const { changes } = (version === 1 ? statements.insert : statements.update).run(version, id, atMs, state, key)
  if (Number(changes) === 0) {
    if (mayTakeBack) database.exec('RELEASE actor')
    const row = statements.read.get(key) as { readonly commit_id: string } | undefined
    return row?.commit_id === id ? { kind: 'kept', numbers: numbersOf(target, commit) } : FENCED
  }
  if (!handled.every(number => Number(statements.handle.run(number, key).changes) === 1)) {
    database.exec('ROLLBACK TO actor; RELEASE actor')
    return FENCED
  }
  if (mayTakeBack) database.exec('RELEASE actor')
  for (const number of commit.tried) statements.try.run(number, key)
  writeReminders(target, commit)
  return { kind: 'kept', numbers: writeSent(target, commit) }
}

function writeReminders({ statements }: CommitTarget, { key, reminders }: ActorCommit): void {
  for (const { id, reminder } of reminders) {
    if (reminder === undefined) statements.forget.run(key, id)
    else {
      const { method, args, dueMs, everyMs = null, tries } = reminder
      statements.remind.run(key, id, method, args, dueMs, everyMs, tries)
    }
  }
}

/** Returns their numbers. */
function writeSent({ statements }: CommitTarget, { id, sent }: ActorCommit): number[] {
  return sent.map(({ to, method, args }, place) =>
    Number(statements.send.run(to, id, place, method, args).lastInsertRowid),
  )
}

/** Those of messages that a commit has sent before, as far as they are there still. */
function numbersOf({ statements }: CommitTarget, { id, sent }: ActorCommit): number[] {
  const numbers = sent.map(() => 0)
  for (const key of new Set(sent.map(({ to }) => to)))
    for (const { number, place } of statements.sent.all(id, key) as { number: number; place: number }[])
      numbers[place] = number
  return numbers
}

/** A failed statement may have ended the transaction already. */
function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // There is none any more.
  }
}

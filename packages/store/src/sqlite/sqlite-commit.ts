import { ANSWER_MS, type ActorCommit, type CommitOutcome } from '@zera/actors/internal'
import { toError } from '@zera/core/internal'
import type { Database } from './sqlite-driver.js'
import { isRefused } from './sqlite-problem.js'
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
  const { database } = target
  // It may turn out in the middle that it is not to be kept.
  const mayTakeBack = commit.handled.length > 0 || commit.statements.length > 0
  if (!mayTakeBack) return writeParts(target, commit, atMs)
  database.exec('SAVEPOINT actor')
  const outcome = writeParts(target, commit, atMs)
  if (outcome.kind !== 'kept') database.exec('ROLLBACK TO actor')
  database.exec('RELEASE actor')
  return outcome
}

function writeParts(target: CommitTarget, commit: ActorCommit, atMs: number): CommitOutcome {
  const { statements } = target
  const { key, version, id, state, handled, tried, answers } = commit
  const { changes } = (version === 1 ? statements.insert : statements.update).run(version, id, atMs, state, key)
  if (Number(changes) === 0) {
    const row = statements.read.get(key) as { readonly commit_id: string } | undefined
    return row?.commit_id === id ? { kind: 'kept', numbers: numbersOf(target, commit) } : FENCED
  }
  if (!handled.every(number => Number(statements.handle.run(number, key).changes) === 1)) return FENCED
  for (const number of tried) statements.try.run(number, key)
  for (const { id: question, answer } of answers) statements.keep.run(key, question, answer, atMs)
  if (answers.length > 0) statements.expire.run(atMs - ANSWER_MS)
  writeReminders(target, commit)
  return runStatements(target, commit) ?? { kind: 'kept', numbers: writeSent(target, commit) }
}

/** Runs those of the program. Returns what it comes to when one is refused. */
function runStatements({ database }: CommitTarget, { statements }: ActorCommit): CommitOutcome | undefined {
  for (const [at, { sql, values }] of statements.entries()) {
    try {
      database.prepare(sql).run(...values.map(value => (typeof value === 'boolean' ? Number(value) : value)))
    } catch (error) {
      if (!isRefused(error)) throw error
      return { kind: 'refused', statement: at, error: toError(error) }
    }
  }
  return undefined
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

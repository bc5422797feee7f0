import type { Database, Statement } from './sqlite-driver.js'

/** The version of the tables. */
export const SCHEMA = 1

export const TABLES = `
  CREATE TABLE IF NOT EXISTS zera_store (schema INTEGER NOT NULL, id TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS zera_actors (
    key TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    commit_id TEXT NOT NULL,
    at_ms REAL NOT NULL,
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
  CREATE TABLE IF NOT EXISTS zera_messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    method TEXT NOT NULL,
    args TEXT NOT NULL,
    tries INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS zera_messages_by_key ON zera_messages (key);
  CREATE TABLE IF NOT EXISTS zera_answers (
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    answer TEXT NOT NULL,
    at_ms REAL NOT NULL,
    PRIMARY KEY (key, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS zera_answers_by_time ON zera_answers (at_ms);
`

const STATEMENTS = {
  // They change nothing when another process has committed since: the version tells.
  insert:
    'INSERT INTO zera_actors (version, commit_id, at_ms, state, key) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  update:
    'UPDATE zera_actors SET version = ?1, commit_id = ?2, at_ms = ?3, state = ?4 WHERE key = ?5 AND version = ?1 - 1',
  read: 'SELECT version, commit_id, state FROM zera_actors WHERE key = ?',
  remind:
    'INSERT OR REPLACE INTO zera_reminders (key, id, method, args, due_ms, every_ms, tries) VALUES (?, ?, ?, ?, ?, ?, ?)',
  forget: 'DELETE FROM zera_reminders WHERE key = ? AND id = ?',
  reminders:
    'SELECT id, method, args, due_ms AS dueMs, every_ms AS everyMs, tries FROM zera_reminders WHERE key = ? ORDER BY due_ms',
  send: 'INSERT INTO zera_messages (key, commit_id, place, method, args, tries) VALUES (?, ?, ?, ?, ?, 0)',
  sent: 'SELECT number, place FROM zera_messages WHERE commit_id = ? AND key = ?',
  handle: 'DELETE FROM zera_messages WHERE number = ? AND key = ?',
  try: 'UPDATE zera_messages SET tries = tries + 1 WHERE number = ? AND key = ?',
  keep: 'INSERT OR REPLACE INTO zera_answers (key, id, answer, at_ms) VALUES (?, ?, ?, ?)',
  answer: 'SELECT answer FROM zera_answers WHERE key = ? AND id = ?',
  expire: 'DELETE FROM zera_answers WHERE at_ms < ?',
  messages: 'SELECT number, method, args, tries FROM zera_messages WHERE key = ? ORDER BY number LIMIT ?',
}

export type Statements = Record<keyof typeof STATEMENTS, Statement>

export function prepareAll(database: Database): Statements {
  return Object.fromEntries(
    Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)]),
  ) as unknown as Statements
}

import { ANSWER_MS, type ActorCommit } from '@zera/actors/internal'

/** The values of `commitIn`, in its order. */
export function valuesOf(commits: readonly ActorCommit[]): unknown[] {
  const actors = (['key', 'version', 'id', 'state'] as const).map(name => commits.map(commit => commit[name]))
  const reminders = commits.flatMap(({ key, reminders: own }) => own.map(change => ({ key, ...change })))
  const sent = commits.flatMap(({ key, id, sent: own }) =>
    own.map((message, place) => ({ key, id, place, ...message })),
  )
  const answers = commits.flatMap(({ key, answers: own }) => own.map(answer => ({ key, ...answer })))
  const numbersOf = (name: 'handled' | 'tried'): [string[], number[]] => {
    const numbers = commits.flatMap(commit => commit[name].map(number => ({ key: commit.key, number })))
    return [numbers.map(({ key }) => key), numbers.map(({ number }) => number)]
  }
  return [
    ...actors,
    reminders.map(({ key }) => key),
    reminders.map(({ id }) => id),
    ...(['method', 'args', 'dueMs', 'everyMs', 'tries'] as const).map(name =>
      reminders.map(({ reminder }) => reminder?.[name] ?? null),
    ),
    ...(['key', 'id', 'place', 'to', 'method', 'args'] as const).map(name => sent.map(message => message[name])),
    ...numbersOf('handled'),
    ...numbersOf('tried'),
    ...(['key', 'id', 'answer'] as const).map(name => answers.map(answer => answer[name])),
    ANSWER_MS,
  ]
}

/** Changes nothing of an actor that another process has committed since: the version tells, or a message that is gone. */
export function commitIn(schema: string): string {
  return `
    WITH handled AS (SELECT * FROM unnest($18::text[], $19::bigint[]) AS h(key, number)),
    gone AS (
      SELECT h.key FROM handled h LEFT JOIN ${schema}.zera_messages m USING (number) WHERE m.number IS NULL),
    changes AS (
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) AS c(key, version, id, state)
      WHERE key NOT IN (SELECT key FROM gone)),
    updated AS (
      UPDATE ${schema}.zera_actors a SET version = c.version, commit_id = c.id, state = c.state, at = now()
      FROM changes c WHERE a.key = c.key AND a.version = c.version - 1 AND c.version > 1 RETURNING a.key),
    inserted AS (
      INSERT INTO ${schema}.zera_actors (key, version, commit_id, state)
      SELECT key, version, id, state FROM changes WHERE version = 1 ON CONFLICT DO NOTHING RETURNING key),
    kept AS (SELECT key FROM updated UNION ALL SELECT key FROM inserted),
    reminders AS (
      SELECT r.* FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::float8[], $11::int[])
        AS r(key, id, method, args, due_ms, every_ms, tries) JOIN kept USING (key)),
    forgotten AS (
      DELETE FROM ${schema}.zera_reminders z USING reminders r WHERE z.key = r.key AND z.id = r.id AND r.method IS NULL),
    set AS (
      INSERT INTO ${schema}.zera_reminders (key, id, method, args, due_ms, every_ms, tries)
      SELECT * FROM reminders WHERE method IS NOT NULL
      ON CONFLICT (key, id) DO UPDATE SET method = excluded.method, args = excluded.args, due_ms = excluded.due_ms,
        every_ms = excluded.every_ms, tries = excluded.tries),
    taken AS (
      DELETE FROM ${schema}.zera_messages m USING handled h JOIN kept USING (key) WHERE m.number = h.number),
    tried AS (
      UPDATE ${schema}.zera_messages m SET tries = m.tries + 1
      FROM unnest($20::text[], $21::bigint[]) AS t(key, number) JOIN kept USING (key) WHERE m.number = t.number),
    answers AS (
      INSERT INTO ${schema}.zera_answers (key, id, answer)
      SELECT a.* FROM unnest($22::text[], $23::text[], $24::text[]) AS a(key, id, answer) JOIN kept USING (key)
      ON CONFLICT (key, id) DO UPDATE SET answer = excluded.answer, at = excluded.at),
    expired AS (
      DELETE FROM ${schema}.zera_answers WHERE at < now() - $25::float8 * interval '1 ms' AND cardinality($22::text[]) > 0),
    sent AS (
      SELECT s.* FROM unnest($12::text[], $13::text[], $14::int[], $15::text[], $16::text[], $17::text[])
        WITH ORDINALITY AS s(key, id, place, receiver, method, args, at) JOIN kept USING (key)),
    posted AS (
      INSERT INTO ${schema}.zera_messages (key, commit_id, place, method, args)
      SELECT receiver, id, place, method, args FROM sent ORDER BY at RETURNING number, commit_id, place)
    SELECT k.key, coalesce(array_agg(p.number ORDER BY p.place) FILTER (WHERE p.number IS NOT NULL), '{}') AS numbers
    FROM kept k LEFT JOIN changes c USING (key) LEFT JOIN posted p ON p.commit_id = c.id GROUP BY k.key`
}

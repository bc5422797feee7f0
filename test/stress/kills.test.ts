import { expect, test } from 'vitest'
import { killRounds } from './kills/kill-rounds.js'

/** `npm run stress:kills` has many more. */
test.each(['sqlite', 'postgres'] as const)(
  'a durable actor survives kill -9 at any moment, with its answers, its messages and its reminders (%s)',
  { timeout: 120_000 },
  async engine => {
    const { problems, answered, last } = await killRounds({ engine, kills: 8, seed: 1 })

    expect(problems).toEqual([])
    expect(answered).toBeGreaterThan(0)
    expect(last).toEqual({ total: last.total, pending: 0, fired: last.total, twice: 0, noted: last.total, wrong: 0 })
  },
)

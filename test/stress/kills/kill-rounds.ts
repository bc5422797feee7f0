import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@zera/actors/internal'
import type * as RunModule from '../../../packages/core/dist/fixtures/run-module.js'
import type * as Servers from '../../../packages/store/dist/fixtures/postgres-server.js'
import type { JournalReport, LedgerReport } from './ledger.js'

/** Where durable actors are kept. */
export type Engine = 'sqlite' | 'postgres'

type Found = LedgerReport & JournalReport

/** How programs with durable actors are killed. */
export interface KillOptions {
  readonly engine: Engine
  readonly kills: number
  /** Decides when. */
  readonly seed: number
}

/** What became of them. */
export interface KillReport {
  /** Which database it was. */
  readonly store: string
  /** Messages that were answered. */
  readonly answered: number
  readonly last: Found
  /** What must not be. */
  readonly problems: readonly string[]
}

const { runModule } = (await import(
  new URL('../../../../packages/core/dist/fixtures/run-module.js', import.meta.url).href
)) as typeof RunModule
const { startPostgres } = (await import(
  new URL('../../../../packages/store/dist/fixtures/postgres-server.js', import.meta.url).href
)) as typeof Servers

const PROGRAM = new URL('./ledger-program.js', import.meta.url)
/** Milliseconds after the first line within which a program is killed: some commits, and some reminders. */
const MOST_MS = 120
/** As many as the program has under way. */
const UNDER_WAY = 16

/**
 * Kills a program with a durable actor again and again, each time at another moment, and starts it anew. What was
 * answered must be there, nothing twice, in its order, also in the journal that the actor has told, and each reminder
 * must come once.
 */
export async function killRounds({ engine, kills, seed }: KillOptions): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'zera-kills-'))
  const server = engine === 'postgres' ? await startPostgres() : undefined
  const place = server?.url ?? join(folder, 'ledger.db')
  const random = seededRandom(seed)
  const problems: string[] = []
  let answered = 0
  try {
    for (let round = 1; round <= kills; round++) {
      const atMs = random.next() * MOST_MS
      const say = (problem: string): void =>
        void problems.push(`kill ${round}, after ${atMs.toFixed(1)} ms: ${problem}`)
      const lines = await untilKilled(place, atMs)
      const found = JSON.parse(lines[0] ?? '{}') as Found
      if (!(found.total >= answered && found.total <= answered + UNDER_WAY))
        say(`${answered} were answered, and ${found.total} are there`)
      if (found.noted !== found.total || found.wrong > 0)
        say(`${found.noted} of ${found.total} are in the journal, ${found.wrong} at the wrong time`)
      if (found.twice > 0) say(`${found.twice} reminders came twice`)
      const answers = lines.slice(1).map(Number)
      const wrong = answers.findIndex((answer, index) => answer !== found.total + index + 1)
      if (wrong >= 0) say(`after ${found.total + wrong} came ${answers[wrong]}`)
      answered = answers.at(-1) ?? found.total
      if (problems.length > 10) break
    }
    const { stdout, code } = await runModule(PROGRAM, { args: [place, 'check'] })
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Found
    const isWhole = last.fired === last.total && last.noted === last.total
    if (code !== 0 || last.twice > 0 || last.wrong > 0 || !isWhole) problems.push(`in the end: ${JSON.stringify(last)}`)
    return { store: server?.version ?? 'SQLite', answered, last, problems }
  } finally {
    await server?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
}

/** The whole lines that it has written until then. */
async function untilKilled(place: string, atMs: number): Promise<string[]> {
  let isTimed = false
  const { stdout, signal, stderr } = await runModule(PROGRAM, {
    args: [place],
    onOutput: (_text, kill) => {
      if (isTimed) return
      isTimed = true
      setTimeout(() => kill('SIGKILL'), atMs)
    },
  })
  if (signal !== 'SIGKILL') throw new Error(`the program has ended by itself: ${stderr}`)
  return stdout.split('\n').slice(0, -1)
}

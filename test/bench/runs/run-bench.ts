import { Scope } from '@zera/core'
import type { Bench, Contender, Figures, Running } from '../bench.js'
import type { Effort } from '../effort.js'

/** What the rounds of a benchmark have given. */
export interface BenchRun {
  readonly bench: Bench
  /**
   * The rounds of each system, in their order: what stands at one place was measured side by side. One map for each
   * part, by its name; a benchmark without parts has one alone, for undefined.
   */
  readonly rounds: ReadonlyMap<string | undefined, ReadonlyMap<string, readonly Figures[]>>
  /** The systems that could not run here, and why. */
  readonly absences: ReadonlyMap<string, string>
}

interface Started {
  readonly contender: Contender
  readonly running: Running
}

/** A system in one part. */
interface Entry extends Started {
  readonly rounds: Figures[]
  /** What all of its rounds have taken. */
  tookMs: number
}

/**
 * Starts all contenders once, and runs part by part, with a warm-up for each.
 *
 * @throws {DeliveryError} When a system did
 * not deliver.
 */
export async function runBench(bench: Bench, effort: Effort): Promise<BenchRun> {
  await using scope = new Scope()
  const started: Started[] = []
  const absences = new Map<string, string>()
  for (const contender of bench.contenders) {
    const absence = contender.absence?.(effort)
    if (absence === undefined) started.push(await start(contender, effort, scope))
    else absences.set(contender.system, absence)
  }
  const parts = new Map((bench.parts ?? [undefined]).map(part => [part?.name, entriesOf(part?.name, started)]))
  for (const [part, entries] of parts) await runPart(part, entries, effort)
  const roundsOf = (entries: readonly Entry[]): Map<string, readonly Figures[]> =>
    new Map(entries.map(({ contender, rounds }) => [contender.system, rounds]))
  return { bench, rounds: new Map([...parts].map(([part, entries]) => [part, roundsOf(entries)])), absences }
}

/** Warms all systems up, and runs their rounds in turn. What was compiled for one part is warm for the next. */
async function runPart(part: string | undefined, entries: readonly Entry[], effort: Effort): Promise<void> {
  const isWarm = ({ tookMs }: Entry, rounds: number): boolean =>
    tookMs > effort.contenderMs || (rounds >= effort.warmUps && tookMs >= effort.warmUpMs)
  for (let round = 0; entries.some(one => !isWarm(one, round)); round++)
    for (const one of entries) if (!isWarm(one, round)) await timed(one, part)
  for (let round = 0; round < effort.rounds; round++) {
    // Another one goes first each time, so that none always follows the same one's garbage.
    for (const one of rotate(entries, round))
      if (round === 0 || one.tookMs <= effort.contenderMs) one.rounds.push(await timed(one, part))
  }
}

/** The same, beginning at another place. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

async function start(contender: Contender, effort: Effort, scope: Scope): Promise<Started> {
  const running = await contender.start(effort)
  scope.own(contender.system, async () => running[Symbol.asyncDispose]())
  return { contender, running }
}

function entriesOf(part: string | undefined, started: readonly Started[]): Entry[] {
  return started
    .filter(({ contender: { parts } }) => part === undefined || parts === undefined || parts.includes(part))
    .map(one => ({ ...one, rounds: [], tookMs: 0 }))
}

async function timed(one: Entry, part: string | undefined): Promise<Figures> {
  const begunAt = performance.now()
  const figures = await one.running.round(part)
  one.tookMs += performance.now() - begunAt
  return figures
}

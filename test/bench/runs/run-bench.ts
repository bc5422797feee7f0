import { Scope } from '@zera/core'
import type { Bench, Contender, Figures, Running } from '../bench.js'
import type { Effort } from '../effort.js'

/** What the rounds of a benchmark have given. */
export interface BenchRun {
  readonly bench: Bench
  /** The rounds of each system, in their order: what stands at one place was measured side by side. */
  readonly rounds: ReadonlyMap<string, readonly Figures[]>
  /** The systems that could not run here, and why. */
  readonly absences: ReadonlyMap<string, string>
}

interface Started {
  readonly system: string
  readonly running: Running
  readonly rounds: Figures[]
  /** What all of its rounds have taken. */
  tookMs: number
}

/**
 * Starts all contenders once, warms them up, and runs their rounds in turn.
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
  for (let round = 0; round < effort.warmUps; round++) {
    for (const one of started) if (one.tookMs <= effort.contenderMs) await timed(one)
  }
  for (let round = 0; round < effort.rounds; round++) {
    // Another one goes first each time, so that none always follows the same one's garbage.
    for (const one of rotate(started, round))
      if (round === 0 || one.tookMs <= effort.contenderMs) one.rounds.push(await timed(one))
  }
  return { bench, rounds: new Map(started.map(({ system, rounds }) => [system, rounds])), absences }
}

/** The same, beginning at another place. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

async function start({ system, start: startSystem }: Contender, effort: Effort, scope: Scope): Promise<Started> {
  const running = await startSystem(effort)
  scope.own(system, async () => running[Symbol.asyncDispose]())
  return { system, running, rounds: [], tookMs: 0 }
}

async function timed(one: Started): Promise<Figures> {
  const begunAt = performance.now()
  const figures = await one.running.round()
  one.tookMs += performance.now() - begunAt
  return figures
}

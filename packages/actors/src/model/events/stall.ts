import type { BlackBoxReport } from './black-box-report.js'

/** Milliseconds for which a handler may have its thread before that is worth a word. */
const LONGEST_TURN_MS = 50

/** One handler has a thread, and has not reached its next `await`. Plain data, which travels between threads. */
export interface Stall {
  /** The id of its actor. */
  readonly id: number
  /** Its actor, as errors name it. */
  readonly actor: string
  readonly method: string
  readonly forMs: number
}

/**
 * The handler that keeps a thread busy, by the thread's black box; undefined when none has had it for long.
 *
 * @param nowMs Milliseconds since the Unix epoch; when the thread has gone, the time of its end.
 * @param nameOf How errors name an actor, by its id.
 */
export function stallIn(
  { running, actors }: BlackBoxReport,
  nowMs: number,
  nameOf: (id: number) => string,
): Stall | undefined {
  const handling = actors.find(({ id }) => id === running)?.handling
  if (running === undefined || handling === undefined) return undefined
  const forMs = nowMs - handling.sinceMs
  return forMs < LONGEST_TURN_MS ? undefined : { id: running, actor: nameOf(running), method: handling.method, forMs }
}

/** What has the thread and for how long: `spin() of Counter#16@1 "counter" for 5.0 s`. */
export function describeBusy({ method, actor, forMs }: Stall): string {
  return `${method}() of ${actor} for ${(forMs / 1000).toFixed(1)} s`
}

/**
 * Why an actor does not answer, and what to do about it.
 *
 * @param target The id of the actor that does not answer.
 * @param hasEnded Whether its thread has gone meanwhile.
 */
export function describeStall(stall: Stall, target: number, hasEnded: boolean): string {
  const busy = describeBusy(stall)
  const state = hasEnded ? `its thread had been in ${busy}` : `its thread has been in ${busy} and answers nothing`
  const remedy =
    stall.id === target
      ? 'let that await now and then, or pass { cancel } to defineActor, which kills the thread of a handler that does not end'
      : "start one of the two with placement: 'own-thread', or pass { cancel } to defineActor, which kills the thread of a handler that does not end"
  return `${state}; ${remedy}`
}

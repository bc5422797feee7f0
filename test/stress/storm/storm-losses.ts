import type { StormReport } from './storm.js'

/** Actors on each thread of a storm, of which each says once that it has started. */
const ACTORS_A_THREAD = 3

/** What was lost with the threads that died. */
export interface StormLosses {
  /** Messages of senders that died which were not handled. */
  readonly tells: number
  /** Answers that were given, and had not left. */
  readonly answers: number
  /** How many have to be reported as lost. */
  readonly least: number
  /**
   * How many more may be: it is unknown of a message whether it was accepted while its sender died, and of an answer
   * whose handler had not ended; and what a thread had to say to the system itself has no numbers.
   */
  readonly most: number
}

/** What the report of a storm says that has to be reported as lost. */
export function lossesOf({
  downs,
  threads,
  dying,
  questions,
}: Pick<StormReport, 'downs' | 'threads' | 'dying' | 'questions'>): StormLosses {
  const tells = total(dying.map(({ sent, handled }) => sent - handled))
  const answers = total(questions.map(({ answersLost }) => answersLost))
  const least = tells + answers
  const unsure = total(dying.map(each => each.unsure)) + total(questions.map(({ begun }) => begun))
  // That its actors have started, and that it has settled what was between it and each of the others.
  return { tells, answers, least, most: least + unsure + downs * (ACTORS_A_THREAD + threads) }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

import type { Pass } from './pass.js'

/** The whole file counted once each way. */
export interface Round {
  readonly single: Pass
  readonly actors: Pass
}

/** Counts the whole file both ways in turn, `count` times, so that what else the machine does meets both. */
export async function runRounds(
  count: number,
  ways: { single(): Promise<Pass>; actors(): Promise<Pass> },
  onRound?: (round: Round, index: number) => void,
): Promise<Round[]> {
  const rounds: Round[] = []
  for (let index = 0; index < count; index++) {
    const round = { single: await ways.single(), actors: await ways.actors() }
    onRound?.(round, index)
    rounds.push(round)
  }
  return rounds
}

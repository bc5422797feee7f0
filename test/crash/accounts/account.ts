import { LETTER, TOLD, type Fate } from '../records/lane.js'

/** The sums of one lane. */
export interface LaneSums {
  /** Messages that the sender set out to send. Each is in one of the following sums. */
  readonly tried: number
  /** Handled once, and nothing else was said of them. */
  readonly handled: number
  /** Refused at the sender with an error, and never seen again. */
  readonly refused: number
  /** Given back before they were begun: asks that were rejected, tells that became dead letters. */
  readonly givenBack: number
  /** Given back as begun: handled once or not at all. */
  readonly begun: number
  /** Of those, the ones that were handled once. */
  readonly begunAndHandled: number
  /** Asks that were handled, and whose answer died with the thread: the asker's error said so. */
  readonly answerLost: number
  /** Dead letters, because the target had stopped. */
  readonly stopped: number
  /** Accepted, and neither handled nor given back. Right only when the sender died, and as many were reported as lost. */
  readonly missing: number
  /** Their sender died while it sent them, and nothing was seen of them again. */
  readonly unknown: number
  /** What may never be, in words, and how often it was. */
  readonly wrong: Readonly<Record<string, number>>
}

type Sum = Exclude<keyof LaneSums, 'tried' | 'wrong' | 'begunAndHandled'>
type Verdict = Sum | { readonly wrong: string }

/** Judges each message and adds up. */
export function tally(fates: Iterable<Fate>): LaneSums {
  const sums: Record<Sum, number> = {
    handled: 0,
    refused: 0,
    givenBack: 0,
    begun: 0,
    answerLost: 0,
    stopped: 0,
    missing: 0,
    unknown: 0,
  }
  const wrong: Record<string, number> = {}
  let tried = 0
  let begunAndHandled = 0
  for (const fate of fates) {
    tried += 1
    const verdict = judgeFate(fate)
    if (typeof verdict === 'object') {
      wrong[verdict.wrong] = (wrong[verdict.wrong] ?? 0) + 1
      continue
    }
    sums[verdict] += 1
    if (verdict === 'begun') begunAndHandled += fate.handled
  }
  return { tried, ...sums, begunAndHandled, wrong }
}

/** Which sum a message belongs to. */
export function judgeFate({ told, handled, letter }: Fate): Verdict {
  if (handled > 1) return { wrong: 'handled twice' }
  if (letter === LETTER.twice) return { wrong: 'a dead letter twice' }
  if (letter === LETTER.otherReason) return { wrong: 'a dead letter for a reason that does not exist here' }
  switch (told) {
    case TOLD.trying:
      if (letter !== LETTER.none) return { wrong: 'a dead letter of a sender that died' }
      return handled === 1 ? 'handled' : 'unknown'
    case TOLD.refused:
      return handled === 0 && letter === LETTER.none ? 'refused' : { wrong: 'refused, and not refused' }
    case TOLD.told:
      return judgeTell(handled, letter)
    case TOLD.asked:
    case TOLD.answered:
    case TOLD.downNotBegun:
    case TOLD.downBegun:
    case TOLD.downHandled:
    case TOLD.failed:
      if (letter !== LETTER.none) return { wrong: 'an ask became a dead letter' }
      return judgeAsk(told, handled)
  }
}

function judgeTell(handled: number, letter: number): Verdict {
  if (letter === LETTER.none) return handled === 1 ? 'handled' : 'missing'
  if (letter === LETTER.begun) return 'begun'
  if (handled === 1) return { wrong: 'handled, and a dead letter that was not begun' }
  return letter === LETTER.stopped ? 'stopped' : 'givenBack'
}

function judgeAsk(told: number, handled: number): Verdict {
  switch (told) {
    case TOLD.answered:
      return handled === 1 ? 'handled' : { wrong: 'answered, and not handled' }
    case TOLD.downNotBegun:
      return handled === 0 ? 'givenBack' : { wrong: 'handled, and rejected as not begun' }
    case TOLD.downBegun:
      return 'begun'
    case TOLD.downHandled:
      return handled === 1 ? 'answerLost' : { wrong: 'rejected as handled, and not handled' }
    case TOLD.failed:
      return { wrong: 'an ask failed in a way that does not exist here' }
    default:
      return handled === 1 ? 'handled' : 'missing'
  }
}

/** What no lane may have whose sender lived. */
export function judgeSurvivingSender(lane: string, sums: LaneSums): string[] {
  const problems: string[] = []
  if (sums.missing > 0) problems.push(`${lane}: ${sums.missing} messages are neither handled nor given back`)
  if (sums.unknown > 0) problems.push(`${lane}: ${sums.unknown} messages are unknown to a sender that lived`)
  return problems
}

/** What is the same for all lanes. */
export function judgeLane(lane: string, sums: LaneSums): string[] {
  const problems = Object.entries(sums.wrong).map(([what, count]) => `${lane}: ${count} messages: ${what}`)
  const { tried, handled, refused, givenBack, begun, answerLost, stopped, missing, unknown } = sums
  const sum = handled + refused + givenBack + begun + answerLost + stopped + missing + unknown
  const wrong = Object.values(sums.wrong).reduce((total, count) => total + count, 0)
  if (sum + wrong !== tried) problems.push(`${lane}: ${sum} messages are accounted for, ${tried} were tried`)
  return problems
}

/** What a thread that died had sent, and how many messages were reported as lost with it. */
export interface LossAccount {
  /** The lanes that it sent on. */
  readonly sent: readonly LaneSums[]
  /** The lanes that it answered on. */
  readonly answered: readonly LaneSums[]
  /** The sum of all `messages-lost`. */
  readonly lost: number
  /**
   * Times that it died before it had told the system that it was up; an answer to the system itself can be lost each
   * time.
   */
  readonly earlyDeaths: number
  /** Whether items of streams were under way, which count when they are lost, and have no numbers. */
  readonly hasStreams: boolean
}

/**
 * The number that was reported as lost must be that of the messages that are missing: messages that it accepted and
 * that no actor handled, and answers that it gave and that never came.
 *
 * What it was doing when it died leaves it open by one each: a tell that had not returned may have been accepted, a
 * handler that had not ended may have answered.
 */
export function judgeLosses({ sent, answered, lost, earlyDeaths, hasStreams }: LossAccount): string[] {
  const least = add(sent, 'missing') + add(answered, 'answerLost')
  const most = hasStreams ? Infinity : least + add(sent, 'unknown') + add(answered, 'begunAndHandled') + earlyDeaths
  if (lost >= least && lost <= most) return []
  return [`${lost} messages were reported as lost, ${least === most ? least : `${least} to ${most}`} are missing`]
}

/** What a durable actor has. */
export interface KeptAccount {
  /** The messages that it has kept. */
  readonly messages: number
  /** The lanes that it answered on. */
  readonly answered: readonly LaneSums[]
}

/** All that was answered, or is over, is kept, and of what was given back as begun some. */
export function judgeKept({ messages: kept, answered }: KeptAccount): string[] {
  const least = add(answered, 'handled') + add(answered, 'answerLost')
  const most = least + add(answered, 'begunAndHandled')
  if (kept >= least && kept <= most) return []
  return [`${kept} messages are kept, ${least === most ? least : `${least} to ${most}`} were handled`]
}

function add(lanes: readonly LaneSums[], of: Exclude<keyof LaneSums, 'wrong'>): number {
  return lanes.reduce((total, lane) => total + lane[of], 0)
}

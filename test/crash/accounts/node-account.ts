import { readJournal } from '../records/journal.js'
import { LETTER, TOLD } from '../records/lane.js'
import type { LaneName } from '../records/truth.js'
import { eventsOf, type NodeStage } from '../stages/node-stage.js'
import { judgeLane, judgeSurvivingSender, tally, type LaneSums } from './account.js'

/** What became of every message to and from the actors on nodes. */
export interface NodeAccount {
  /** What was sent to them, by the survivors. */
  readonly sent: Readonly<Record<'main-to-victim' | 'host-to-victim', LaneSums>>
  /** What they sent on. */
  readonly sentOn: Readonly<Record<'victim-to-main' | 'victim-to-host', LaneSums>>
  readonly misordered: number
  /** The sum of all `messages-lost`. */
  readonly lost: number
}

/** Adds up what the senders, the sinks and the journal know. To be called once, at the end. */
export function accountForNodes(stage: NodeStage): NodeAccount {
  const { truth, journal } = stage
  const entries = readJournal(journal)
  for (const { lane, number } of entries) truth.lane(lane).handle(number)
  const sent = (lane: LaneName): LaneSums => tally(truth.lane(lane).fates())
  const sentOn = (from: LaneName, to: LaneName): LaneSums =>
    tally(
      entries
        .filter(({ lane }) => lane === from)
        .map(({ number, isSentOn }) => ({
          told: isSentOn ? TOLD.told : TOLD.trying,
          handled: truth.lane(to).timesHandled(number),
          letter: LETTER.none,
        })),
    )
  const lanes: LaneName[] = ['main-to-victim', 'host-to-victim', 'victim-to-main', 'victim-to-host']
  return {
    sent: { 'main-to-victim': sent('main-to-victim'), 'host-to-victim': sent('host-to-victim') },
    sentOn: {
      'victim-to-main': sentOn('main-to-victim', 'victim-to-main'),
      'victim-to-host': sentOn('host-to-victim', 'victim-to-host'),
    },
    misordered: lanes.reduce((total, lane) => total + truth.lane(lane).misordered, 0),
    lost: eventsOf(stage, 'messages-lost').reduce((total, { messages }) => total + messages, 0),
  }
}

/** What no account may show, whatever has died. */
export function judgeNodeAccount({ sent, sentOn, misordered }: NodeAccount): string[] {
  const problems = Object.entries({ ...sent, ...sentOn }).flatMap(([lane, sums]) => judgeLane(lane, sums))
  if (misordered > 0) problems.push(`${misordered} messages were handled before one that was sent earlier`)
  return problems
}

/** What is so when the system was stopped and its senders had lived: each message was handled or given back. */
export function judgeSettledAccount({ sent }: NodeAccount): string[] {
  return Object.entries(sent).flatMap(([lane, sums]) => judgeSurvivingSender(lane, sums))
}

import type { SystemEvents } from '@zera/actors'
import { openResources } from '@zera/core'
import type { KeptAccount } from '../accounts/account.js'
import { reportLanes } from '../accounts/lanes-report.js'
import { reportReceipt } from '../accounts/receipt-report.js'
import type { ThreadReport } from '../accounts/report.js'
import { chance } from '../chance.js'
import { Truth } from '../records/truth.js'
import type { Cell } from '../rows/cell.js'
import { endingOf } from '../rows/endings.js'
import { enterState, everyLaneIsAnswered } from '../stages/enter-state.js'
import { setStage, type Stage } from '../stages/stage.js'
import { PATIENCE_MS, until } from '../until.js'

/** Messages that the victim handles, and microseconds that pass, at most between being up and its death. */
const MAX_MESSAGES_BETWEEN = 1000
const MAX_MICROS_BETWEEN = 500
/** Each such death under full load is followed by one of the next thread, as soon as that has started. */
const EARLY_DEATH_EVERY = 8

/** Heap limits, small ones, since they are to be reached. A full backlog takes some room itself. */
const MAX_HEAP_MB = 32
const MAX_HEAP_MB_HIGH_WATER = 256

const WRONG_EVENTS = ['actor-given-up', 'host-failed']

/** Lets the victim's thread die, as often as is asked for, and reports what became of everything. */
export async function runThreadScenario(cell: Cell, deaths: number): Promise<ThreadReport> {
  const truth = Truth.create()
  const stage = await setStage(truth, cell.state, maxHeapMbOf(cell))
  const { system, events, senders } = stage
  // At once, because the next thread must not find the order.
  system.events.on('host-down', () => truth.clearOrder())
  let [answers, answersPlanned, earlyDeaths, died] = [0, 0, 0, 0]
  const askWitnesses = async (): Promise<void> => {
    answersPlanned += stage.witnesses.length
    await Promise.all(
      stage.witnesses.map(
        async witness => void ((await witness.ask({ timeoutMs: PATIENCE_MS }).answer()) > 0 && (answers += 1)),
      ),
    )
  }
  const next = chance(deaths)
  while (died < deaths) {
    await enterState(cell.state, truth, stage)
    if (cell.state === 'exchanging') await letMessagesPass(truth, next)
    const isEarly =
      cell.ending === 'kill' && cell.state === 'exchanging' && died % EARLY_DEATH_EVERY === 0 && died + 2 <= deaths
    died += isEarly ? 2 : 1
    if (isEarly) earlyDeaths += 1
    const during = askWitnesses()
    await die(cell, truth, stage, died, isEarly)
    await during
    await askWitnesses()
    await until('the victim was restarted', () => restartsSince(stage, died))
    await until('the streams of the thread have ended', () => truth.streams === 0)
    truth.release()
    if (truth.isPumping) await until('the victim answers again', everyLaneIsAnswered(truth))
    else await Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).untilAnswered()))
    await askWitnesses()
  }
  truth.pump(false)
  await Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).settle()))
  const kept = cell.state === 'durable' ? await keptOf(stage, truth) : undefined
  const isBeforeStop = events.length
  const receipt = await system.stop()
  const of = <K extends keyof SystemEvents>(type: K): SystemEvents[K][] =>
    events.filter(event => event.type === type).map(({ event }) => event as SystemEvents[K])
  return {
    kind: 'thread',
    deathsPlanned: deaths,
    deaths: of('host-down').map(({ reason, exitCode, error }) => ({ reason, exitCode, error: error?.message })),
    earlyDeaths,
    hasStreams: cell.state === 'streaming' || cell.state === 'stream-left',
    hasSibling: cell.state === 'in-tree',
    kept,
    restarts: countNames(
      of('actor-restarted').map(({ actor }) => (actor.id === stage.victim.address.id ? 'victim' : actor.name)),
    ),
    restartsInVain: of('restart-failed').length,
    hasNeighbour: stage.neighbour !== undefined,
    stopped: countNames(
      events.slice(0, isBeforeStop).flatMap(({ type, event }) => (type === 'actor-stopped' ? [event.actor.name] : [])),
    ),
    wrongEvents: events
      .filter(({ type }) => WRONG_EVENTS.includes(type))
      .map(({ type, event }) => ('error' in event ? `${type} (${event.error?.message})` : type)),
    answers,
    answersPlanned,
    lanes: reportLanes(truth),
    lost: countLost(of('messages-lost').filter(({ host }) => host === stage.victim.address.host)),
    lostByOthers: countLost(of('messages-lost').filter(({ host }) => host !== stage.victim.address.host)),
    letters: stage.letters(),
    strayLetters: stage.strayLetters,
    receipt: reportReceipt(receipt),
    open: openResources().map(({ kind, name }) => `${kind} ${name}`),
  }
}

/** What a durable victim has, when nothing is on its way to it. */
async function keptOf({ victim }: Stage, truth: Truth): Promise<KeptAccount> {
  const messages = await victim.ask({ timeoutMs: PATIENCE_MS }).takenSoFar()
  const { sums } = reportLanes(truth)
  return { messages, answered: [sums['main-to-victim'], sums['host-to-victim']] }
}

function maxHeapMbOf({ ending, state }: Cell): number | undefined {
  if (endingOf(ending).reason !== 'heap-limit') return undefined
  return state === 'high-water' ? MAX_HEAP_MB_HIGH_WATER : MAX_HEAP_MB
}

/** Ends the victim's thread; resolves when it is down for the `died`th time. */
async function die(
  { ending }: Cell,
  truth: Truth,
  { system, victim, events }: Stage,
  died: number,
  isEarly: boolean,
): Promise<void> {
  const killNext = isEarly
    ? system.events.on('host-started', () => {
        killNext?.cancel()
        void system.killHost(victim)
      })
    : undefined
  if (ending !== 'kill') truth.orderEnd(ending)
  if (ending === 'loop') await until('the victim loops', () => truth.isLooping)
  if (ending === 'kill' || ending === 'loop') await system.killHost(victim)
  await until('the thread is down', () => events.filter(({ type }) => type === 'host-down').length === died)
}

/** Whether the victim was restarted since its thread went down for the `died`th time. */
function restartsSince({ events, victim }: Stage, died: number): boolean {
  let deaths = 0
  return events.some(({ type, event }) => {
    if (type === 'host-down') deaths += 1
    return deaths === died && type === 'actor-restarted' && event.actor.id === victim.address.id
  })
}

/** Lets the victim handle some messages and some microseconds pass, so that each death finds it elsewhere. */
async function letMessagesPass(truth: Truth, next: () => number): Promise<void> {
  const handled = (): number => truth.lane('main-to-victim').handled + truth.lane('host-to-victim').handled
  const target = handled() + (next() % MAX_MESSAGES_BETWEEN)
  await until('messages have passed', () => handled() >= target)
  const end = performance.now() + (next() % MAX_MICROS_BETWEEN) / 1000
  while (performance.now() < end);
}

function countLost(losses: readonly SystemEvents['messages-lost'][]): number {
  return losses.reduce((total, { messages }) => total + messages, 0)
}

function countNames(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

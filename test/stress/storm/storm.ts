import { startSystem, type ActorRef, type SystemReceipt } from '@zera/actors'
import { openResources } from '@zera/core'
import { watchPage } from '../../watch-page.js'
import AnswererActor from './answerer.js'
import KeeperActor, { type Keeper } from './keeper.js'
import { Questions, type QuestionCounts } from './questions.js'
import { StormLog } from './storm-log.js'
import TellerActor from './teller.js'
import { createTracks, type Track } from './track.js'

/** What is to be weathered. */
export interface StormOptions {
  readonly seconds: number
  /** Milliseconds from one kill to the next. */
  readonly everyMs: number
  readonly threads: number
  /** Whether an observer shows it, on a page that is open. */
  readonly isObserved?: boolean | undefined
  /** Gets the progress, once a second. */
  readonly onSecond?: (progress: StormProgress) => void
}

interface StormProgress {
  readonly second: number
  readonly downs: number
  readonly handled: number
  readonly answered: number
}

/** The sums of one track. */
type TrackReport = Pick<Track, 'sent' | 'unsure' | 'handled' | 'handledAgain' | 'misordered'>

/** What became of everything. */
export interface StormReport {
  /** Threads that went down, and how many there were at a time. */
  readonly downs: number
  readonly threads: number
  /** Messages of senders that lived, to actors that lose nothing. */
  readonly living: readonly TrackReport[]
  /** Messages of senders that died with their threads again and again. */
  readonly dying: readonly TrackReport[]
  readonly questions: readonly QuestionCounts[]
  /** The sum of all `messages-lost`, and the dead letters by their reason. */
  readonly lost: number
  readonly deadLetters: Readonly<Record<string, number>>
  /** Events that may not be. */
  readonly wrongEvents: readonly string[]
  /** How often a page was shown the system, when one was open. */
  readonly looks: number
  readonly receipt: Pick<SystemReceipt, 'isClean' | 'left' | 'restarts'>
  /** What was open in the main thread after the stop. */
  readonly open: readonly string[]
}

const SPEC = { maxRestarts: Infinity, shutdownMs: 60_000 }

/** Kills one thread after the other under load, and accounts for everything. */
export async function weatherStorm({
  seconds,
  everyMs,
  threads,
  isObserved = false,
  onSecond,
}: StormOptions): Promise<StormReport> {
  const tracks = createTracks(2 * threads)
  const system = await startSystem({
    threads,
    handleSignals: false,
    stopMs: SPEC.shutdownMs,
    observer: isObserved,
  })
  const page = isObserved ? await watchPage((await system.observe()).url) : undefined
  const log = new StormLog(system)
  const upTo = Array.from({ length: threads }, (_, index) => index)
  // An actor goes to the thread with the fewest, so each thread has one of each.
  const keepers = await Promise.all(upTo.map(() => system.spawn(KeeperActor, SPEC)))
  const answerers = await Promise.all(upTo.map(() => system.spawn(AnswererActor, SPEC)))
  const tellTo = (track: number, keeper: number) => ({ track, keeper: keepers[keeper % threads] as ActorRef<Keeper> })
  const living = await Promise.all(
    upTo.map(index => system.spawn(TellerActor, { ...SPEC, placement: 'main', props: tellTo(index, index) })),
  )
  const dying = await Promise.all(
    upTo.map(index => system.spawn(TellerActor, { ...SPEC, props: tellTo(threads + index, index + 1) })),
  )
  const questions = answerers.map(answerer => new Questions(answerer))

  const kills = new Set<Promise<void>>()
  const killer = setInterval(() => {
    const kill = system
      .killHost(keepers[Math.floor(Math.random() * threads)] as ActorRef<Keeper>)
      .finally(() => kills.delete(kill))
    kills.add(kill)
  }, everyMs)
  for (let second = 1; second <= seconds; second++) {
    await new Promise<void>(resolve => setTimeout(resolve, 1000))
    onSecond?.({
      second,
      downs: log.downs,
      handled: sum(tracks.map(({ handled }) => handled)),
      answered: sum(questions.map(({ counts }) => counts.answered)),
    })
  }
  clearInterval(killer)
  // A thread that is asked to finish must not be killed any more.
  await Promise.all(kills)

  await Promise.all([...living, ...dying].map(teller => teller.ask({ timeoutMs: Infinity }).finish()))
  await Promise.all(questions.map(each => each.finish()))
  page?.close()
  const { isClean, left, restarts } = await system.stop()
  return {
    downs: log.downs,
    threads,
    living: tracks.slice(0, threads).map(reportTrack),
    dying: tracks.slice(threads).map(reportTrack),
    questions: questions.map(({ counts }) => counts),
    lost: log.lost,
    deadLetters: log.deadLetters,
    wrongEvents: log.wrongEvents,
    looks: page?.looks ?? 0,
    receipt: { isClean, left, restarts },
    open: openResources().map(({ kind, name }) => `${kind} ${name}`),
  }
}

function reportTrack({ sent, unsure, handled, handledAgain, misordered }: Track): TrackReport {
  return { sent, unsure, handled, handledAgain, misordered }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem, type ActorRef, type DeadLetter, type System, type SystemEvent } from '@zera/actors'
import { sqlite } from '@zera/store'
import SenderActor, { type Sender } from '../actors/sender.js'
import SinkActor, { type Sink } from '../actors/sink.js'
import type { Victim } from '../actors/victim.js'
import WitnessActor, { type Witness } from '../actors/witness.js'
import { LETTER, type Letter } from '../records/lane.js'
import { LANES, type LaneName, type Truth } from '../records/truth.js'
import type { StateName } from '../rows/states.js'
import { PATIENCE_MS } from '../until.js'
import { startVictim } from './victim-in.js'

/** No stop is hurried: one that takes longer is a hang. */
const SHUTDOWN_MS = 60_000

/** The actors of a scenario. */
export interface Stage {
  readonly system: System
  /** It dies. Its own ref, whatever others call it by. */
  readonly victim: ActorRef<Victim>
  /** It shares the victim's thread, and is not to be restarted. Absent when the victim's thread is its own. */
  readonly neighbour: ActorRef<Witness> | undefined
  /** On the main thread, and on a thread that does not die. */
  readonly senders: readonly ActorRef<Sender>[]
  readonly sinks: readonly ActorRef<Sink>[]
  readonly witnesses: readonly ActorRef<Witness>[]
  /** What has happened, in order, without the dead letters. */
  readonly events: readonly SystemEvent[]
  /** Dead letters. */
  readonly letters: () => number
  /** Dead letters of messages that are none of the numbered ones. */
  readonly strayLetters: readonly string[]
}

/**
 * Starts a system in which one actor can die and the others look on.
 *
 * @param state Where the victim is, when that says so.
 * @param maxHeapMb The heap limit of the victim's thread, which is its own then; undefined for a thread that it shares.
 */
export async function setStage(truth: Truth, state: StateName, maxHeapMb: number | undefined): Promise<Stage> {
  const isShared = maxHeapMb === undefined
  const store = state === 'durable' ? { store: sqlite(join(ownFolder(), 'victim.db')) } : {}
  const system = await startSystem({ threads: isShared ? 2 : 1, startMs: PATIENCE_MS, stopMs: SHUTDOWN_MS, ...store })
  const events: SystemEvent[] = []
  const strayLetters: string[] = []
  let letters = 0
  system.events.onAny(event => {
    if (event.type !== 'dead-letter') {
      events.push(event)
      return
    }
    letters += 1
    const { args, reason, method } = event.event
    const [lane, number] = args
    if (LANES.includes(lane as LaneName)) truth.lane(lane as LaneName).letter(number as number, letterOf(event.event))
    else strayLetters.push(`${method} (${reason})`)
  })
  const host = { placement: 'shared', shutdownMs: SHUTDOWN_MS } as const
  const main = { placement: 'main', shutdownMs: SHUTDOWN_MS } as const
  // An actor goes to the thread with the fewest; so each second one goes to the victim's.
  const hostSink = await system.spawn(SinkActor, { ...host, name: 'host-sink' })
  const neighbour = isShared
    ? await system.spawn(WitnessActor, { ...host, name: 'neighbour', restart: 'temporary' })
    : undefined
  const hostWitness = await system.spawn(WitnessActor, { ...host, name: 'host-witness' })
  const mainSink = await system.spawn(SinkActor, { ...main, name: 'main-sink' })
  const mainWitness = await system.spawn(WitnessActor, { ...main, name: 'main-witness' })
  // Spawned actors stop together, but for what is declared between them: a sender stops before its receiver.
  await system.supervise([])
  const { ref, actor: victim } = await startVictim(system, state, {
    placement: isShared ? 'shared' : 'own-thread',
    shutdownMs: SHUTDOWN_MS,
    name: 'victim',
    props: { mainSink, hostSink },
    ...(isShared ? {} : { maxHeapMb }),
  })
  await system.supervise([])
  const hostSender = await system.spawn(SenderActor, {
    ...host,
    name: 'host-sender',
    props: { lane: 'host-to-victim', victim: ref },
  })
  const mainSender = await system.spawn(SenderActor, {
    ...main,
    name: 'main-sender',
    props: { lane: 'main-to-victim', victim: ref },
  })
  const [own, others] = [victim.address.host, [hostSink, hostWitness, hostSender].map(({ address }) => address.host)]
  if (others.includes(own) || (neighbour !== undefined && neighbour.address.host !== own)) {
    throw new Error(`The stage is set wrong: the victim is on host ${own}, the others on ${others.join(', ')}`)
  }
  return {
    system,
    victim,
    neighbour,
    senders: [mainSender, hostSender],
    sinks: [mainSink, hostSink],
    witnesses: [mainWitness, hostWitness],
    events,
    letters: () => letters,
    strayLetters,
  }
}

/** A folder that goes with this process. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zera-crash-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What a dead letter says of its message. */
export function letterOf({ reason, progress }: DeadLetter): Letter {
  if (reason === 'actor-stopped') return LETTER.stopped
  if (reason !== 'thread-down') return LETTER.otherReason
  return progress === 'begun' ? LETTER.begun : LETTER.notBegun
}

import {
  startSystem,
  type ActorRef,
  type DeadLetter,
  type System,
  type SystemEvent,
  type SystemEvents,
  type SystemOptions,
} from '@zera/actors'
import LodgerActor, { type Lodger } from '../actors/lodger.js'
import SenderActor, { type Sender } from '../actors/sender.js'
import SinkActor from '../actors/sink.js'
import type { Victim } from '../actors/victim.js'
import type { LaneName, Truth } from '../records/truth.js'
import { PATIENCE_MS } from '../until.js'
import { letterOf } from './stage.js'

/** No stop is hurried: one that takes longer is a hang. */
const SHUTDOWN_MS = 60_000

/** How a stage with nodes is set. */
export interface NodeStageOptions {
  readonly truth: Truth
  /** Where the actors on nodes write down what they handle. */
  readonly journal: string
  /** Where they live: one, or one for each of two senders. */
  readonly places: readonly { readonly node: string }[] | readonly 'own-process'[]
  readonly heartbeat: NonNullable<SystemOptions['heartbeat']>
}

/** The actors of a scenario with nodes. Those on the nodes die. */
export interface NodeStage extends NodeStageOptions {
  readonly system: System
  /** One at each place. */
  readonly lodgers: readonly ActorRef<Lodger>[]
  /** On the main thread, for the first lodger, and on another thread of the system's process, for the last. */
  readonly senders: readonly ActorRef<Sender>[]
  /** What has happened, in order, without the dead letters. */
  readonly events: readonly SystemEvent[]
  /** Dead letters. */
  readonly letters: () => number
}

/** Starts a system in which actors on nodes can die and others send to them and receive from them. */
export async function setNodeStage(options: NodeStageOptions): Promise<NodeStage> {
  const { truth, journal, places, heartbeat } = options
  const nodes = places.flatMap(place => (place === 'own-process' ? [] : [{ name: place.node }]))
  const system = await startSystem({
    threads: 1,
    nodes,
    spareProcesses: places.length - nodes.length,
    heartbeat,
    stopMs: SHUTDOWN_MS,
    startMs: PATIENCE_MS,
  })
  const events: SystemEvent[] = []
  let letters = 0
  system.events.onAny(event => {
    if (event.type !== 'dead-letter') {
      events.push(event)
      return
    }
    letters += 1
    noteLetter(truth, event.event)
  })
  const [main, host] = [
    { placement: 'main', shutdownMs: SHUTDOWN_MS },
    { placement: 'shared', shutdownMs: SHUTDOWN_MS },
  ] as const
  const hostSink = await system.spawn(SinkActor, host)
  const mainSink = await system.spawn(SinkActor, main)
  // Spawned actors stop together, but for what is declared between them: a sender stops before its receiver.
  await system.supervise([])
  const lodgers = await Promise.all(
    places.map(placement =>
      system.spawn(LodgerActor, {
        placement,
        maxRestarts: Infinity,
        shutdownMs: SHUTDOWN_MS,
        props: { journal, mainSink, hostSink },
      }),
    ),
  )
  // A sender that only pumps says nothing but what a lodger understands.
  const [first, last] = [lodgers[0], lodgers.at(-1)] as unknown as ActorRef<Victim>[] as [
    ActorRef<Victim>,
    ActorRef<Victim>,
  ]
  await system.supervise([])
  const senders = await Promise.all([
    system.spawn(SenderActor, { ...main, props: { lane: 'main-to-victim', victim: first } }),
    system.spawn(SenderActor, { ...host, props: { lane: 'host-to-victim', victim: last } }),
  ])
  return { ...options, system, lodgers, senders, events, letters: () => letters }
}

/** Everybody sends as fast as they can. */
export function startPumping({ truth, senders }: NodeStage): void {
  truth.pump(true)
  for (const sender of senders) sender.tell.pump()
}

/** No actor sends any more, and all that was sent is settled. */
export async function settle({ truth, senders }: NodeStage): Promise<void> {
  truth.pump(false)
  await Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).settle()))
}

/** What has happened of one kind. */
export function eventsOf<K extends keyof SystemEvents>({ events }: NodeStage, type: K): SystemEvents[K][] {
  return events.filter(event => event.type === type).map(({ event }) => event as SystemEvents[K])
}

/** A message that ends a thread stands on no lane. */
function noteLetter(truth: Truth, letter: DeadLetter): void {
  if (letter.method === 'take')
    truth.lane(letter.args[0] as LaneName).letter(letter.args[1] as number, letterOf(letter))
}

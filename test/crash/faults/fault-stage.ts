import { startSystem, type ActorRef, type System, type SystemEvent } from '@zera/actors'
import { PATIENCE_MS, until } from '../until.js'
import CulpritActor, { type Culprit } from './culprit.js'
import type { Fault, Place } from './faults.js'
import OnlookerActor, { type Onlooker } from './onlooker.js'

/** An actor that commits faults, and others that must not notice. */
export interface FaultStage {
  readonly system: System
  readonly fault: Fault
  readonly place: Place
  readonly culprit: ActorRef<Culprit>
  /** On the culprit's thread, when it shares one. */
  readonly neighbour: ActorRef<Onlooker> | undefined
  /** On the main thread, and on another thread. */
  readonly onlookers: readonly ActorRef<Onlooker>[]
  readonly events: readonly SystemEvent[]
  /** What is not as it has to be. */
  readonly problems: string[]
}

/** Starts a system in which one actor commits faults. */
export async function setFaultStage(fault: Fault, place: Place): Promise<FaultStage> {
  const system = await startSystem({ threads: 2, startMs: PATIENCE_MS, stopMs: PATIENCE_MS })
  const events: SystemEvent[] = []
  system.events.onAny(event => events.push(event))
  const limits = { maxRestarts: Infinity, shutdownMs: PATIENCE_MS, backoff: { firstMs: 0, factor: 1, maxMs: 0 } }
  // An actor goes to the thread with the fewest.
  const other = await system.spawn(OnlookerActor, { ...limits, placement: 'shared', name: 'other' })
  const { maxHeapMb } = fault
  const isShared = place.placement === 'shared' && maxHeapMb === undefined
  const placement = place.placement === 'shared' && !isShared ? 'own-thread' : place.placement
  const culprit = await system.spawn(CulpritActor, { ...limits, placement, maxHeapMb, name: 'culprit' })
  await system.spawn(OnlookerActor, { ...limits, placement: 'shared', name: 'filler' })
  const neighbour = isShared
    ? await system.spawn(OnlookerActor, { ...limits, placement: 'shared', name: 'neighbour' })
    : undefined
  if (neighbour !== undefined && neighbour.address.host !== culprit.address.host)
    throw new Error('The stage is set wrong: the neighbour is on another host')
  if (other.address.host === culprit.address.host)
    throw new Error('The stage is set wrong: the other is on the same host')
  const main = await system.spawn(OnlookerActor, { ...limits, placement: 'main', name: 'main' })
  return { system, fault, place, culprit, neighbour, onlookers: [main, other], events, problems: [] }
}

/** How often something has happened. */
export function countEvents(
  { events }: FaultStage,
  type: SystemEvent['type'],
  isCounted: (event: SystemEvent) => boolean = () => true,
): number {
  return events.filter(event => event.type === type && isCounted(event)).length
}

/** Waits until the culprit's thread has gone down once more, and the culprit is back. */
export async function deathOf(stage: FaultStage, commit: () => unknown): Promise<void> {
  const [downs, restarts] = [countEvents(stage, 'host-down'), restartsOf(stage)]
  commit()
  await until('the thread is down', () => countEvents(stage, 'host-down') > downs)
  await until('the culprit is back', () => restartsOf(stage) > restarts)
  expectSame(
    stage,
    'the answer of the culprit that is back',
    await outcomeOf(stage.culprit.ask({ timeoutMs: PATIENCE_MS }).answer()),
    'answered',
  )
}

/** Notes when something is not as it has to be. */
export function expectSame(stage: FaultStage, what: string, is: unknown, shouldBe: unknown): void {
  if (is !== shouldBe) stage.problems.push(`${what}: ${String(is)}, should be ${String(shouldBe)}`)
}

/** What a promise comes to, in a word: `answered`, or the code or the class of its error. */
export async function outcomeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'answered'
  } catch (error) {
    if (!(error instanceof Error)) return 'no error'
    return 'code' in error && typeof error.code === 'string' ? error.code : error.name
  }
}

function restartsOf(stage: FaultStage): number {
  return countEvents(
    stage,
    'actor-restarted',
    event => event.type === 'actor-restarted' && event.event.actor.name === 'culprit',
  )
}

import type { ActorRef, System } from '@zera/actors'
import AggregatorDefinition, { type Aggregator } from './aggregator.js'
import SinkDefinition, { type Sink } from './sink.js'

/** The actors that count, supervised, each on a thread of its own. */
export interface Crew {
  readonly workers: readonly ActorRef<Aggregator>[]
  readonly sink: ActorRef<Sink>
}

/** Starts the actors. They stay alive: stop the system to stop them. */
export async function startCrew(system: System, workers: number): Promise<Crew> {
  // The sink is started first, so it is stopped last.
  const sink = await system.spawn(SinkDefinition, { name: 'sink', placement: 'own-thread' })
  return {
    sink,
    workers: await Promise.all(
      Array.from({ length: workers }, (_, index) =>
        system.spawn(AggregatorDefinition, {
          name: `worker-${index + 1}`,
          placement: 'own-thread',
          maxRestarts: 10,
          props: { sink },
        }),
      ),
    ),
  }
}

import { child, type ActorRef, type SpawnOptions, type System } from '@zera/actors'
import VictimActor, { durableVictim, type Victim, type VictimProps } from '../actors/victim.js'
import WitnessActor from '../actors/witness.js'
import type { StateName } from '../rows/states.js'

type VictimOptions = SpawnOptions<Victim> & { readonly name: string; readonly props: VictimProps }

/** The victim, as others know it. */
export interface StagedVictim {
  /** Where messages for it go. */
  readonly ref: ActorRef<Victim>
  /** It itself. */
  readonly actor: ActorRef<Victim>
}

/** Restarted with the victim, because it was started after it. */
export const SIBLING = 'sibling'

/** Starts the victim where a state wants it: by itself, deep in a tree, or in a pool. */
export async function startVictim(system: System, state: StateName, options: VictimOptions): Promise<StagedVictim> {
  if (state === 'in-tree') return inTree(system, options)
  if (state === 'in-pool') return inPool(system, options)
  const definition = state === 'durable' ? durableVictim : VictimActor
  const ref = await system.spawn(definition, { ...options, maxRestarts: Infinity })
  return { ref, actor: ref }
}

async function inTree(system: System, options: VictimOptions): Promise<StagedVictim> {
  const limits = { maxRestarts: Infinity }
  const sibling = child(WitnessActor, { name: SIBLING, placement: 'main' })
  const inner = { ...limits, strategy: 'rest-for-one', children: [child(VictimActor, options), sibling] } as const
  const middle = { ...limits, children: [child(inner)] }
  await system.supervise([child(middle)], limits)
  const ref = (await system.lookup(options.name, VictimActor)) as ActorRef<Victim>
  return { ref, actor: ref }
}

async function inPool(system: System, { name, ...options }: VictimOptions): Promise<StagedVictim> {
  const ref = await system.startPool(VictimActor, {
    ...options,
    name,
    size: 1,
    maxRestarts: Infinity,
  })
  return { ref, actor: await ref.ask.self() }
}

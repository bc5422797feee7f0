import { expect, test } from 'vitest'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ChildSnapshot } from '../model/events/snapshot.js'
import type { ActorRef } from '../model/refs/ref.js'
import type { Placement } from '../model/supervision/child-spec.js'
import type { Strategy } from '../model/supervision/supervisor-spec.js'
import { simulate } from './simulation/simulate.js'
import type { Simulation } from './simulation/simulation.js'

const PLACES: readonly Placement[] = ['shared', 'shared', 'main', 'own-thread']

/** The names of all children that were ever started, outside of all hosts. */
let names: Set<string>

interface Props {
  readonly name: string
  /** How many generations are to come. */
  readonly depth: number
}

/** Has two children from its start on, and more on demand. */
class Branch {
  readonly #context = actorContext()
  readonly #children: ActorRef<Branch>[] = []
  #props: Props = { name: '', depth: 0 }

  async onStart(props: Props): Promise<void> {
    this.#props = props
    for (let n = 0; n < 2 && props.depth > 0; n++)
      this.#children.push(await this.grow(String(n), PLACES[n] as Placement))
  }

  grow(suffix: string, placement: Placement): Promise<ActorRef<Branch>> {
    const name = `${this.#props.name}.${suffix}`
    names.add(name)
    return this.#context.spawn(this.#definition, { name, placement, props: { name, depth: this.#props.depth - 1 } })
  }

  /** Starts a child without waiting for it, which may fail because the name is taken already. */
  growWild(suffix: string, placement: Placement): void {
    void this.grow(suffix, placement).catch(() => undefined)
  }

  async cut(index: number): Promise<void> {
    const [child] = this.#children.splice(index, 1)
    if (child !== undefined) await this.#context.stop(child)
  }

  fail(): never {
    throw new Error(`${this.#props.name} fails`)
  }

  /** How many there are in its part of the tree that it was started with. */
  async count(): Promise<number> {
    let sum = 1
    for (const child of this.#children) sum += await child.ask.count()
    return sum
  }

  get #definition(): (typeof definitions)[Strategy] {
    return definitions[STRATEGIES[this.#props.name.length % STRATEGIES.length] as Strategy]
  }
}

const STRATEGIES: readonly Strategy[] = ['one-for-one', 'one-for-all', 'rest-for-one']
class OneForAll extends Branch {}
class RestForOne extends Branch {}
const definitions = {
  'one-for-one': defineActor(import.meta.url, Branch),
  'one-for-all': defineActor<Branch>(import.meta.url, OneForAll, { children: { strategy: 'one-for-all' } }),
  'rest-for-one': defineActor<Branch>(import.meta.url, RestForOne, {
    children: { strategy: 'rest-for-one', maxRestarts: 3 },
  }),
}
export const [OneForOnes, OneForAlls, RestForOnes] = Object.values(definitions)

const parts = Array.from({ length: 3 }, (_, part) => ({ from: part * 100, to: (part + 1) * 100 }))

test.each(parts)(
  'after any storm a tree of actors is whole, and nothing of it outlives its top: seeds $from to $to',
  async ({ from, to }) => {
    await simulate({ seeds: Array.from({ length: to - from }, (_, n) => from + n), threads: 2 }, async simulation => {
      names = new Set(['top'])
      const { system } = simulation
      const top = await system.spawn(definitions['one-for-one'], {
        name: 'top',
        maxRestarts: Infinity,
        props: { name: 'top', depth: 2 },
      })

      await rage(simulation)
      // Whatever has been cut off comes back with the next instance.
      await top.ask.fail().catch(() => undefined)
      await simulation.pass(5000)

      expect(await top.ask.count()).toBe(7)
      expect(namesOf((await system.snapshot()).tree).toSorted()).toEqual(await namesTaken(simulation))
      await system.stop(top)
      expect(await namesTaken(simulation)).toEqual([])
      expect((await system.snapshot()).tree).toEqual([])
      for (const name of names) await system.spawn(definitions['one-for-one'], { name, props: { name, depth: 0 } })
    })
  },
)

test('a stop of the system in any storm leaves nothing', async () => {
  await simulate({ seeds: 200, threads: 2 }, async simulation => {
    names = new Set(['top'])
    const { system, random } = simulation
    void system
      .spawn(definitions['one-for-one'], { name: 'top', maxRestarts: Infinity, props: { name: 'top', depth: 2 } })
      .catch(() => undefined)
    await simulation.pass(random.next() * 30)
    if (random.next() < 0.5) await rage(simulation)
    simulation.crashEvery(20)
    const { stopped } = await system.stop()

    const at = stopped.flatMap(part => (part.kind === 'actor' ? part.name : []))
    expect(new Set(at).size).toBe(at.length)
    // Children come before those that have started them.
    for (const [index, name] of at.entries())
      for (const later of at.slice(index + 1)) expect(later.startsWith(`${name}.`)).toBe(false)
  })
})

/** Threads crash, and actors fail, start others and stop others, for a while. */
async function rage(simulation: Simulation): Promise<void> {
  const { random, system } = simulation
  const any = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T
  simulation.crashEvery(30 + random.next() * 150)
  for (let turns = random.next() * 15; turns > 0; turns--) {
    const actor = await system.lookup<Branch>(any([...names]))
    const deed = random.next()
    if (deed < 0.35) actor?.tell.fail()
    else if (deed < 0.7) actor?.tell.growWild(`wild-${Math.floor(random.next() * 3)}`, any(PLACES))
    else if (deed < 0.85) actor?.tell.cut(Math.floor(random.next() * 2))
    else if (actor !== undefined && actor.name !== 'top') void system.stop(actor)
    await simulation.pass(random.next() * 40)
  }
  simulation.calm()
  await simulation.pass(5000)
}

async function namesTaken({ system }: Simulation): Promise<string[]> {
  const taken: string[] = []
  for (const name of names) if ((await system.lookup(name)) !== undefined) taken.push(name)
  return taken.toSorted()
}

function namesOf(children: readonly ChildSnapshot[]): string[] {
  return children.flatMap(({ actor, children: below }) => [actor?.name ?? '', ...namesOf(below)])
}

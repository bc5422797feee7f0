import { expect, test } from 'vitest'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { child, type ChildSpec, type SupervisorSpec } from '../model/supervision/child-spec.js'
import type { Strategy } from '../model/supervision/supervisor-spec.js'
import type { Random } from '../model/time/random.js'
import { simulate } from './simulation/simulate.js'
import type { Simulation } from './simulation/simulation.js'

/** What happens to leaves, by their names, outside of all hosts. */
let journal: { readonly starts: string[]; readonly stops: string[] }

class Leaf {
  #name = ''

  onStart({ name }: { name: string }): void {
    this.#name = name
    journal.starts.push(name)
  }
  onStop(): void {
    journal.stops.push(this.#name)
  }
  ping(): string {
    return this.#name
  }
  fail(): never {
    throw new Error(`${this.#name} fails`)
  }
}
const Leaves = defineActor(import.meta.url, Leaf)

const STRATEGIES: readonly Strategy[] = ['one-for-one', 'one-for-all', 'rest-for-one']
const LIMITS = { maxRestarts: Infinity }

/** A leaf, or those under a supervisor. */
type Tree = string | { readonly strategy: Strategy; readonly children: readonly Tree[] }

const parts = Array.from({ length: 4 }, (_, part) => ({ from: part * 500, to: (part + 1) * 500 }))

test.each(parts)(
  'trees of supervisors are whole after any storm, in the order of their strategies, and stop from the right: seeds $from to $to',
  async ({ from, to }) => {
    await simulate({ seeds: Array.from({ length: to - from }, (_, n) => from + n), threads: 2 }, async simulation => {
      journal = { starts: [], stops: [] }
      const { system, random } = simulation
      const { strategy, children } = growTree(random)
      const names = leavesOf({ strategy, children })
      await system.supervise(children.map(specOf), { ...LIMITS, strategy })
      const leaves = (await Promise.all(names.map(name => system.lookup(name, Leaves)))) as ActorRef<Leaf>[]
      expect(journal.starts).toEqual(names)

      await rage(simulation, leaves)

      expect(await Promise.all(leaves.map(leaf => leaf.ask.ping()))).toEqual(names)
      expectOrder({ strategy, children }, name => journal.starts.lastIndexOf(name))
      journal.stops.length = 0
      await system.stop()
      expect(journal.stops).toEqual(names.toReversed())
    })
  },
)

/** Threads crash and leaves fail, for a while. */
async function rage(simulation: Simulation, leaves: readonly ActorRef<Leaf>[]): Promise<void> {
  const { random } = simulation
  simulation.crashEvery(20 + random.next() * 100)
  for (let failures = random.next() * 10; failures > 0; failures--) {
    leaves[Math.floor(random.next() * leaves.length)]?.tell.fail()
    await simulation.pass(random.next() * 40)
  }
  simulation.calm()
  await simulation.pass(5000)
}

/** A leaf that is restarted takes those along that were started after it, unless each is for itself. */
function expectOrder(tree: Tree, lastStart: (name: string) => number): void {
  if (typeof tree === 'string') return
  for (const [index, one] of tree.children.entries()) {
    expectOrder(one, lastStart)
    if (typeof one !== 'string' || tree.strategy === 'one-for-one') continue
    for (const later of tree.children.slice(index + 1).flatMap(leavesOf))
      expect(lastStart(later)).toBeGreaterThan(lastStart(one))
  }
}

function growTree(random: Random): Exclude<Tree, string> {
  let leaves = 0
  const grow = (depth: number): Exclude<Tree, string> => {
    const strategy = STRATEGIES[Math.floor(random.next() * STRATEGIES.length)] as Strategy
    const size = 1 + Math.floor(random.next() * 3)
    return {
      strategy,
      children: Array.from({ length: size }, () =>
        depth < 2 && random.next() < 0.4 ? grow(depth + 1) : `leaf-${leaves++}`,
      ),
    }
  }
  return grow(0)
}

function leavesOf(tree: Tree): string[] {
  return typeof tree === 'string' ? [tree] : tree.children.flatMap(leavesOf)
}

function specOf(tree: Tree): ChildSpec {
  if (typeof tree === 'string') return child(Leaves, { id: tree, name: tree, props: { name: tree } })
  return child({ ...LIMITS, strategy: tree.strategy, children: tree.children.map(specOf) } satisfies SupervisorSpec)
}

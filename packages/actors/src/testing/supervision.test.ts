import type { Service, StartService } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { nextEvent } from '../fixtures/next-event.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { child, type ChildSpec } from '../model/supervision/child-spec.js'
import type { Strategy } from '../model/supervision/supervisor-spec.js'
import type { Random } from '../model/time/random.js'
import type { Supervisor } from '../system/supervision/supervisor.js'
import { simulate } from './simulation/simulate.js'
import { SIMULATED_MS } from './simulation/simulated-thread.js'
import { SeededSimulation, type Simulation } from './simulation/simulation.js'

/** What actors and services write down of their ends, outside of all hosts. */
let ends: string[] = []
let passing = 0

class Member {
  readonly #context = actorContext()
  #label = ''

  onStart({ label }: { label: string }): void {
    this.#label = label
  }

  onStop(): void {
    ends.push(this.#label)
  }

  label(): string {
    return this.#label
  }

  fail(): never {
    throw new Error('as told')
  }

  leave(): void {
    this.#context.stop()
  }
}
const Members = defineActor(import.meta.url, Member)

/** Starts once, and not again. */
class OneShot {
  static starts = 0

  onStart(): void {
    OneShot.starts += 1
    if (OneShot.starts > 1) throw new Error('not again')
  }

  fail(): never {
    throw new Error('as told')
  }
}
const OneShots = defineActor(import.meta.url, OneShot)

/** Has handlers, and an `onStop`, that do not come to their end. */
class Hanging {
  hang(): Promise<void> {
    return new Promise(() => undefined)
  }

  onStop(): Promise<void> {
    return new Promise(() => undefined)
  }
}
const Hangings = defineActor(import.meta.url, Hanging)

const STRATEGIES: readonly Strategy[] = ['one-for-one', 'one-for-all', 'rest-for-one']
const PLACEMENTS = ['shared', 'shared', 'own-thread', 'main'] as const

const PARTS = 4
const SEEDS_A_PART = 125
const parts = Array.from({ length: PARTS }, (_, part) => ({ from: part * SEEDS_A_PART, to: (part + 1) * SEEDS_A_PART }))

describe('a tree of supervisors in a storm of crashes', () => {
  test.each(parts)('comes back whole, and stops in the order of the tree: seeds $from to $to', async ({ from, to }) => {
    for (let seed = from; seed < to; seed++) {
      const simulation = new SeededSimulation(seed, { threads: 2, latencyMs: 3, spares: seed % 2 })
      const labels: string[] = []

      const receipt = await simulation.run(async ({ system, random }) => {
        ends = []
        const failures: (() => void)[] = []
        const top = await system.supervise(grow(random, '', 3, labels, failures), {
          id: 'top',
          strategy: pick(random, STRATEGIES),
          maxRestarts: Infinity,
          backoff: { firstMs: 1, factor: 2, maxMs: 20 },
        })
        simulation.crashEvery(20)
        await trouble(simulation, top, labels, failures)
        simulation.calm()
        // A thread that died again and again waits for its next start, five seconds at most.
        await simulation.pass(7000)

        expect(statesIn(top)).toEqual(labels.map(label => `${label} running`))
        for (const label of labels.filter(isActor)) expect(await refIn(top, label)?.ask.label()).toBe(label)
        ends = []
      })

      expect(ends).toEqual(labels.filter(label => kindOf(label) !== 'supervisor').toReversed())
      expect(receipt.isClean).toBe(true)
      const paths = labels.filter(label => !isActor(label)).map(label => `/top/${label}`)
      expect(receipt.stopped.flatMap(part => ('path' in part ? [part.path] : []))).toEqual([
        ...paths.toReversed(),
        '/top',
      ])
    }
  })

  test('ends the system, and nothing is left, when it cannot come back', async () => {
    await simulate({ seeds: 200 }, async simulation => {
      const { system } = simulation
      const inner = {
        id: 'inner',
        start: { children: [child(Members, { id: 'a', props: { label: 'a' } })], maxRestarts: 1 },
      }
      const outer = await system.supervise([inner], { id: 'outer', maxRestarts: 1 })
      const a = outer.supervisor('inner').actor(Members, 'a')
      let hasStopped = false
      void system.stopped.then(() => (hasStopped = true))

      // Two restarts of the actor, and the second is too many; twice that, and twice again.
      for (let failures = 0; failures < 8; failures++) {
        a.tell.fail()
        await simulation.pass(150)
      }

      expect(hasStopped).toBe(true)
      expect((await system.stopped).error).toMatchObject({ code: 'ZERA_RESTART_LIMIT', supervisor: '', child: 'outer' })
    })
  })
})

describe('backoff', () => {
  /**
   * Milliseconds that messages between threads and turns of event loops may add to a wait, in all; a thread may be busy
   * when it is asked to stop an actor, and to stop.
   */
  const SLACK_MS = 50 + 2 * SIMULATED_MS.busy

  test('waits longer with each restart in a row, up to the cap, and begins anew after a quiet period', async () => {
    const waits: number[][] = []
    await simulate({ seeds: 50 }, async simulation => {
      const supervisor = await simulation.system.supervise([child(Members, { id: 'a', props: { label: 'a' } })], {
        maxRestarts: Infinity,
        backoff: { firstMs: 100, factor: 2, maxMs: 1000 },
      })
      const ref = supervisor.actor(Members, 'a')
      const timeRestart = async (): Promise<number> => {
        const restarted = nextEvent(simulation.system, 'actor-restarted')
        const failedAt = simulation.nowMs
        ref.tell.fail()
        await restarted
        return simulation.nowMs - failedAt
      }

      const inARow = [
        await timeRestart(),
        await timeRestart(),
        await timeRestart(),
        await timeRestart(),
        await timeRestart(),
      ]
      await simulation.pass(1000)
      waits.push([...inARow, await timeRestart()])
    })

    const longest = [0, 1, 2, 3, 4, 5].map(index => Math.max(...waits.map(ofSeed => ofSeed[index] as number)))
    for (const [index, boundMs] of [100, 200, 400, 800, 1000, 100].entries()) {
      expect(longest[index]).toBeLessThan(boundMs + SLACK_MS)
      expect(longest[index]).toBeGreaterThan(boundMs / 2)
    }
  })

  test('by default restarts at once, then later and later what fails at each start, counts that and tells of it', async () => {
    const starts: number[] = []
    await simulate({ seeds: 50 }, async simulation => {
      const { system } = simulation
      OneShot.starts = 0
      const ref = await system.spawn(OneShots, { name: 'one-shot', maxRestarts: Infinity })
      const failures: number[] = []
      const waits: number[] = []
      system.events.on('restart-failed', ({ path, error, restarts }) => {
        expect([path, error.message]).toEqual(['/one-shot', 'not again'])
        failures.push(restarts)
      })
      system.events.on('restart-delayed', ({ path, waitMs }) => {
        expect(path).toBe('/one-shot')
        waits.push(waitMs)
      })

      ref.tell.fail()
      await simulation.pass(20_000)

      starts.push(OneShot.starts)
      expect(failures).toEqual(Array.from({ length: OneShot.starts - 1 }, (_, at) => at + 1))
      for (const [at, waitMs] of waits.entries()) expect(waitMs).toBeLessThanOrEqual(Math.min(5000, 10 * 2 ** at))
      expect((await system.snapshot()).restarts).toBe(OneShot.starts - 1)
      expect(system.root.children).toMatchObject([{ id: 'one-shot', state: 'down', restarts: OneShot.starts - 1 }])
      const stoppedAt = simulation.nowMs
      const receipt = await system.stop()
      expect(receipt.restarts).toBe(OneShot.starts - 1)
      expect(simulation.nowMs - stoppedAt).toBeLessThan(SLACK_MS)
    })

    expect(Math.min(...starts)).toBeGreaterThan(10)
    expect(Math.max(...starts)).toBeLessThan(30)
  })

  test.each([
    [3, 5000],
    [50, 5000],
    [4, Infinity],
  ])('by default leaves a limit of %d restarts within %d ms what it is', async (maxRestarts, periodMs) => {
    await simulate({ seeds: 20 }, async simulation => {
      const { system } = simulation
      OneShot.starts = 0
      const ref = await system.spawn(OneShots, { maxRestarts, periodMs })
      const givenUp = nextEvent(system, 'actor-given-up')
      const failedAt = simulation.nowMs

      ref.tell.fail()
      await givenUp

      expect(OneShot.starts).toBe(1 + maxRestarts)
      expect(simulation.nowMs - failedAt).toBeLessThan(5000 + maxRestarts * SLACK_MS)
    })
  })

  test('by default counts for no limit as time in which the child has run', async () => {
    await simulate({ seeds: 20 }, async simulation => {
      const { system } = simulation
      const supervisor = await system.supervise([child(Members, { id: 'a', props: { label: 'a' } })], {
        maxRestarts: 5,
        periodMs: 5000,
        restart: 'temporary',
      })
      const ref = supervisor.actor(Members, 'a')
      const givenUp = nextEvent(system, 'supervisor-given-up')
      let failures = 0

      // What it waits besides that makes six of them longer than the period.
      while (failures < 6) {
        const restarted = Promise.race([nextEvent(system, 'actor-restarted'), givenUp])
        ref.tell.fail()
        failures += 1
        await restarted
        await simulation.pass(850)
      }

      await givenUp
    })
  })

  test('of what is spawned is as it was asked for', async () => {
    await simulate({ seeds: 20 }, async simulation => {
      const { system } = simulation
      OneShot.starts = 0
      const ref = await system.spawn(OneShots, {
        maxRestarts: Infinity,
        backoff: { firstMs: 1e9, factor: 1, maxMs: 1e9 },
      })
      const delayed = nextEvent(system, 'restart-delayed')

      ref.tell.fail()
      await delayed
      await simulation.pass(100)

      expect(OneShot.starts).toBe(1)
    })
  })

  test('is ended by a stop', async () => {
    await simulate({ seeds: 20 }, async simulation => {
      const backoff = { firstMs: 1e9, factor: 1, maxMs: 1e9 }
      const supervisor = await simulation.system.supervise([child(Members, { id: 'a', props: { label: 'a' } })], {
        maxRestarts: Infinity,
        backoff,
      })
      const failed = nextEvent(simulation.system, 'actor-failed')
      supervisor.actor(Members, 'a').tell.fail()
      await failed
      await simulation.pass(100)
      const stoppedAt = simulation.nowMs

      await supervisor.remove('a')

      expect(simulation.nowMs - stoppedAt).toBeLessThan(SLACK_MS)
      expect(supervisor.children).toEqual([])
    })
  })
})

describe('a stop of actors that hang', () => {
  test('takes no longer than that of one of them, when they live on one thread', async () => {
    await simulate({ seeds: 20, threads: 1 }, async simulation => {
      const { system } = simulation
      const refs = await Promise.all(Array.from({ length: 20 }, () => system.spawn(Hangings, { shutdownMs: 1000 })))
      for (const ref of refs) ref.tell.hang()
      await simulation.pass(100)
      const stoppedAt = simulation.nowMs

      const { actors } = await system.stop()

      expect(actors.map(({ outcome }) => outcome)).toEqual(refs.map(() => 'hurried'))
      expect(simulation.nowMs - stoppedAt).toBeLessThan(3000)
    })
  })
})

/** Some children with children of their own, up to a depth. Each has its path as its label. */
function grow(random: Random, path: string, depth: number, labels: string[], failures: (() => void)[]): ChildSpec[] {
  return Array.from({ length: 1 + Math.floor(random.next() * 3) }, (_, index) => {
    const kind = depth > 1 && random.next() < 0.4 ? 'supervisor' : random.next() < 0.3 ? 'service' : 'actor'
    const id = `${kind}-${index}`
    const label = `${path}${id}`
    labels.push(label)
    if (kind === 'actor') return child(Members, { id, placement: pick(random, PLACEMENTS), props: { label } })
    if (kind === 'service') return child(startService(label, failures), { id })
    const children = grow(random, `${label}/`, depth - 1, labels, failures)
    return {
      id,
      start: { children, strategy: pick(random, STRATEGIES), maxRestarts: Math.floor(random.next() * 3), periodMs: 50 },
    }
  })
}

/** A service that fails on demand. */
function startService(label: string, failures: (() => void)[]): StartService {
  return async (): Promise<Service> => {
    let end: (error: Error | undefined) => void = () => undefined
    const ended = new Promise<Error | undefined>(resolve => (end = resolve))
    failures.push(() => end(new Error('as told')))
    return {
      ended,
      stop: async () => {
        ends.push(label)
        end(undefined)
      },
    }
  }
}

/** Has actors and services fail, stops and starts children again, and adds some that go again, all by chance. */
async function trouble(
  simulation: Simulation,
  top: Supervisor,
  labels: readonly string[],
  failures: (() => void)[],
): Promise<void> {
  const { system, random } = simulation
  const underWay: Promise<void>[] = []
  for (let step = 0; step < 30; step++) {
    await simulation.pass(random.next() * 20)
    const label = pick(random, labels)
    const what = random.next()
    if (isActor(label) && what < 0.5) refIn(top, label)?.tell.fail()
    else if (isActor(label) && what < 0.6) refIn(top, label)?.tell.leave()
    else if (what < 0.7)
      underWay.push(restart(parentOf(top, label), label.slice(label.lastIndexOf('/') + 1), simulation))
    else if (what < 0.8) underWay.push(comeAndGo(parentOf(top, label)))
    else failures.splice(0).forEach(fail => fail())
  }
  await Promise.all(underWay)
  expect(system.root.children).toHaveLength(1)
}

/** Stops a child and starts it again, as often as it takes. */
async function restart(supervisor: Supervisor, id: string, simulation: Simulation): Promise<void> {
  await supervisor.stop(id)
  while (supervisor.children.find(each => each.id === id)?.state === 'stopped') {
    // Its thread may go down meanwhile, or its supervisor.
    await supervisor.start(id).catch(() => undefined)
    await simulation.pass(5)
  }
}

async function comeAndGo(supervisor: Supervisor): Promise<void> {
  try {
    const { name } = await supervisor.spawn(Members, { name: `passing-${(passing += 1)}`, props: { label: 'passing' } })
    await supervisor.remove(name)
  } catch (error) {
    // Its supervisor is being restarted, which it does not outlive.
    expect(['ActorStartError', 'NoSuchChildError']).toContain((error as Error).name)
  }
}

function parentOf(top: Supervisor, label: string): Supervisor {
  return label
    .split('/')
    .slice(0, -1)
    .reduce((supervisor, id) => supervisor.supervisor(id), top)
}

function refIn(top: Supervisor, label: string): ActorRef<Member> | undefined {
  return parentOf(top, label).actor(Members, label.slice(label.lastIndexOf('/') + 1))
}

function isActor(label: string): boolean {
  return kindOf(label) === 'actor'
}

function kindOf(label: string): string {
  return label.slice(label.lastIndexOf('/') + 1).split('-')[0] as string
}

function statesIn(supervisor: Supervisor, path = ''): string[] {
  return supervisor.children.flatMap(({ id, kind, state }) => [
    `${path}${id} ${state}`,
    ...(kind === 'supervisor' ? statesIn(supervisor.supervisor(id), `${path}${id}/`) : []),
  ])
}

function pick<T>(random: Random, some: readonly T[]): T {
  return some[Math.floor(random.next() * some.length)] as T
}

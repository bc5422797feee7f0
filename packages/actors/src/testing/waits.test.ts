import { afterEach, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { actorContext } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import { WaitTimeoutError } from '../model/errors.js'
import type { SystemSnapshot } from '../model/events/snapshot.js'
import type { ActorRef } from '../model/refs/ref.js'
import { child } from '../model/supervision/child-spec.js'
import { simulate } from './simulation/simulate.js'
import { SeededSimulation, type Simulation } from './simulation/simulation.js'

/** Whether sleepers start. */
let isMorning = false
afterEach(() => void (isMorning = false))

class Sleeper {
  async onStart(): Promise<void> {
    if (!isMorning) await new Promise(() => undefined)
  }
}
class Quick {
  readonly #context = actorContext()

  async spawnAnother(timeoutMs: number): Promise<string> {
    return this.#context.spawn(Sleepers, { name: 'another', timeoutMs, shutdownMs: 0 }).then(
      () => 'started',
      (error: unknown) => (error as Error).name,
    )
  }
  async spawnQuick(timeoutMs: number): Promise<number> {
    return this.#context.spawn(Quicks, { timeoutMs }).then(() => 1)
  }
  async *forever(): AsyncGenerator<number> {
    yield 1
    await new Promise(() => undefined)
  }
  /** Spawns a child that takes its time to stop, and waits for its stop for a while. */
  async stopChild(timeoutMs: number, how: 'in time' | 'aborted before' | 'aborted meanwhile'): Promise<string> {
    const slow = await this.#context.spawn(Slows, { name: 'slow', shutdownMs: 1000 })
    const controller = new AbortController()
    if (how === 'aborted before') controller.abort(new RangeError('before'))
    const stop = this.#context.stop(slow, { timeoutMs, signal: controller.signal })
    if (how === 'aborted meanwhile') controller.abort(new RangeError('meanwhile'))
    return stop.then(
      () => 'stopped',
      (error: unknown) => (error as Error).name,
    )
  }
  hang(): Promise<never> {
    return new Promise(() => undefined)
  }
}
class Slow {
  async onStop(): Promise<void> {
    await new Promise(() => undefined)
  }
}
const Slows = defineActor(import.meta.url, Slow)
const Sleepers = defineActor(import.meta.url, Sleeper)
const Quicks = defineActor(import.meta.url, Quick)

expectNoLeaksAfterEach()

function inSimulation(scenario: (simulation: Simulation) => Promise<void>): Promise<unknown> {
  return new SeededSimulation(1, { threads: 2 }).run(scenario)
}

/** Waits until no actor lives in a system any more. */
async function untilEmpty({ system, pass }: Pick<Simulation, 'system' | 'pass'>): Promise<void> {
  while (system.root.children.length > 0) await pass(1)
}

const empty = (simulation: Simulation): Promise<void> =>
  untilEmpty({ system: simulation.system, pass: ms => simulation.pass(ms) })

/** How many actors live in a system, children of others with them. */
async function actorsOf({ system }: Simulation): Promise<number> {
  const count = (children: SystemSnapshot['tree']): number =>
    children.reduce((sum, { children: below }) => sum + 1 + count(below), 0)
  return count((await system.snapshot()).tree)
}

describe('System.spawn()', () => {
  test('gives up after timeoutMs, and leaves neither actor nor name', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation

      await expect(system.spawn(Sleepers, { name: 'sleeper', timeoutMs: 100, shutdownMs: 0 })).rejects.toMatchObject({
        code: 'ZERA_WAIT_TIMEOUT',
        timeoutMs: 100,
        leaves: 'nothing',
      })

      await empty(simulation)
      await system.spawn(Quicks, { name: 'sleeper' })
    })
  })

  test('rejects at once with the reason of its signal, and its actor never runs', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const started: string[] = []
      system.events.on('actor-started', ({ actor }) => started.push(actor.name))
      const abort = new AbortController()
      const spawning = system.spawn(Sleepers, { name: 'sleeper', signal: abort.signal })

      abort.abort('enough')

      await expect(spawning).rejects.toBe('enough')
      await empty(simulation)
      await simulation.pass(1000)
      expect(started).toEqual([])
    })
  })

  test('begins nothing with a signal that has aborted', async () => {
    await inSimulation(async ({ system }) => {
      await expect(system.spawn(Quicks, { signal: AbortSignal.abort('no') })).rejects.toBe('no')

      expect(system.root.children).toEqual([])
    })
  })

  test('stops an actor that a listener gives up when it has just started', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const abort = new AbortController()
      system.events.on('actor-started', () => abort.abort('not that one'))

      await expect(system.spawn(Quicks, { signal: abort.signal })).rejects.toBe('not that one')

      await empty(simulation)
    })
  })
})

describe('ActorContext.spawn()', () => {
  test('gives up after timeoutMs, and leaves neither actor nor name', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const quick = await system.spawn(Quicks)

      expect(await quick.ask.spawnAnother(100)).toBe('WaitTimeoutError')

      while ((await actorsOf(simulation)) > 1) await simulation.pass(1)
      await system.spawn(Quicks, { name: 'another' })
    })
  })
})

describe('What is spawned or pooled', () => {
  test('runs when its wait was successful, and else does not, whenever that is given up', async () => {
    const outcomes = new Set<string>()
    await simulate({ seeds: 100, threads: 2 }, async simulation => {
      const { random, system } = simulation
      const quick = await system.spawn(Quicks, { name: 'quick' })
      const givenUpAfter = (): { timeoutMs: number } => ({ timeoutMs: random.next() * 30 })
      const waits = [
        system.spawn(Quicks, givenUpAfter()).then(() => 1),
        system.startPool(Quicks, { size: 2, ...givenUpAfter() }).then(() => 2),
        quick.ask.spawnQuick(givenUpAfter().timeoutMs),
      ]

      const started = await Promise.all(waits.map(wait => wait.catch(() => 0)))
      for (const [index, count] of started.entries()) outcomes.add(`${index}: ${count}`)

      await simulation.pass(1000)
      expect(await actorsOf(simulation)).toBe(1 + started.reduce((sum, count) => sum + count, 0))
    })
    expect(outcomes).toEqual(new Set(['0: 0', '0: 1', '1: 0', '1: 2', '2: 0', '2: 1']))
  })
})

describe('System.startPool()', () => {
  test('gives up after timeoutMs, and leaves no worker', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation

      await expect(
        system.startPool(Sleepers, { name: 'pool', size: 3, timeoutMs: 100, shutdownMs: 0 }),
      ).rejects.toBeInstanceOf(WaitTimeoutError)

      await empty(simulation)
      await system.startPool(Quicks, { name: 'pool', size: 1 })
    })
  })
})

describe('Supervisor', () => {
  test('supervise() gives up after timeoutMs, and what was started is stopped', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const stopped: string[] = []
      system.events.on('actor-stopped', ({ actor }) => stopped.push(actor.name))

      await expect(
        system.supervise([child(Quicks, { name: 'first' }), child(Sleepers, { shutdownMs: 0 })], { timeoutMs: 100 }),
      ).rejects.toBeInstanceOf(WaitTimeoutError)

      await empty(simulation)
      expect(stopped).toEqual(['first'])
    })
  })

  test.each(['one-for-one', 'one-for-all'] as const)(
    'add() gives up, forgets the child, and the next one starts (%s)',
    async strategy => {
      await inSimulation(async simulation => {
        const supervisor = await simulation.system.supervise([], { strategy })

        await expect(
          supervisor.add(child(Sleepers, { id: 'it', shutdownMs: 0 }), { timeoutMs: 100 }),
        ).rejects.toBeInstanceOf(WaitTimeoutError)

        while (supervisor.children.length > 0) await simulation.pass(1)
        expect(await supervisor.add(child(Quicks, { id: 'it' }))).toBe('it')
      })
    },
  )

  test('start() gives up and leaves the child stopped', async () => {
    await inSimulation(async simulation => {
      const supervisor = await simulation.system.supervise([])
      isMorning = true
      await supervisor.add(child(Sleepers, { id: 'it', shutdownMs: 0 }))
      await supervisor.stop('it')
      isMorning = false

      await expect(supervisor.start('it', { timeoutMs: 10 })).rejects.toBeInstanceOf(WaitTimeoutError)

      await simulation.pass(1000)
      expect(supervisor.children.map(({ id, state }) => [id, state])).toEqual([['it', 'stopped']])
      isMorning = true
      await supervisor.start('it')
      isMorning = false
      expect(supervisor.children.map(({ state }) => state)).toEqual(['running'])
    })
  })

  test('stop() that is given up goes on', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const quick = await system.spawn(Quicks, { name: 'quick', shutdownMs: 1000 })
      void quick.ask.hang().catch(() => undefined)

      await expect(system.root.stop('quick', { timeoutMs: 10 })).rejects.toMatchObject({ leaves: 'work' })

      await empty(simulation)
    })
  })
})

describe('System.stop(ref) and System.watch()', () => {
  test('are given up after timeoutMs; the stop goes on', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const quick = await system.spawn(Quicks, { shutdownMs: 1000 })
      void quick.ask.hang().catch(() => undefined)

      await expect(system.watch(quick, { timeoutMs: 10 })).rejects.toBeInstanceOf(WaitTimeoutError)
      const watch = system.watch(quick)
      await expect(system.stop(quick, { timeoutMs: 10 })).rejects.toBeInstanceOf(WaitTimeoutError)

      expect((await watch).reason).toBe('stopped')
    })
  })
})

describe('ActorContext.stop(child)', () => {
  test.each([
    ['rejects after timeoutMs, and the stop goes on', 100, 'in time', 'WaitTimeoutError'],
    ['rejects with the reason of a signal that aborts meanwhile', Infinity, 'aborted meanwhile', 'RangeError'],
    ['waits as long as it takes', 60_000, 'in time', 'stopped'],
  ] as const)('%s', async (_what, timeoutMs, how, outcome) => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const quick: ActorRef<Quick> = await system.spawn(Quicks)

      expect(await quick.ask.stopChild(timeoutMs, how)).toBe(outcome)

      while ((await actorsOf(simulation)) > 1) await simulation.pass(1)
      expect(await system.lookup('slow')).toBeUndefined()
    })
  })

  test('stops nothing with a signal that has aborted', async () => {
    await inSimulation(async simulation => {
      const { system } = simulation
      const quick: ActorRef<Quick> = await system.spawn(Quicks)

      expect(await quick.ask.stopChild(Infinity, 'aborted before')).toBe('RangeError')
      await simulation.pass(2000)

      expect(await system.lookup('slow')).toBeDefined()
    })
  })
})

describe('ActorRef.stream()', () => {
  test('ends after timeoutMs, with what has arrived first', async () => {
    await inSimulation(async ({ system }) => {
      const quick: ActorRef<Quick> = await system.spawn(Quicks)
      const read: number[] = []

      const reading = (async () => {
        for await (const item of quick.stream({ timeoutMs: 100 }).forever()) read.push(item)
      })()

      await expect(reading).rejects.toMatchObject({ code: 'ZERA_ASK_TIMEOUT', timeoutMs: 100 })
      expect(read).toEqual([1])
    })
  })
})

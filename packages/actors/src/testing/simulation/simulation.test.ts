import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { actorContext } from '../../model/actor-context.js'
import { defineActor } from '../../model/definition.js'
import { AskTimeoutError } from '../../model/errors.js'
import type { LogLine } from '../../model/log.js'
import type { ActorRef } from '../../model/refs/ref.js'
import { SimulationError } from '../simulation-error.js'
import { simulate } from './simulate.js'
import { SeededSimulation } from './simulation.js'

class Player {
  readonly #context = actorContext<Player>()
  hits = 0

  async play(other: ActorRef<Player>, times: number): Promise<number> {
    if (times > 0) await other.ask.play(this.#context.self, 0)
    return ++this.hits
  }
  fail(): void {
    throw new RangeError('as it was told')
  }
  hang(): Promise<never> {
    return new Promise(() => undefined)
  }
}
const Players = defineActor(import.meta.url, Player)

expectNoLeaksAfterEach()

/** All that happens with one seed, in words. */
async function historyOf(seed: number): Promise<string[]> {
  const history: string[] = []
  await new SeededSimulation(seed, { threads: 3 }).run(async simulation => {
    const { system } = simulation
    system.events.onAny(({ type, event }) =>
      history.push(`${simulation.nowMs} ${type} ${'host' in event ? event.host : ''}`),
    )
    const players = await Promise.all([0, 1, 2, 3].map(() => system.spawn(Players, { maxRestarts: Infinity })))
    simulation.crashEvery(10)
    for (const player of players) {
      const answer = await player.ask
        .play(players[0] as ActorRef<Player>, 1)
        .catch((error: unknown) => (error as Error).name)
      history.push(`${simulation.nowMs} ${answer}`)
    }
  })
  return history
}

describe('Simulation.run()', () => {
  test('has the same happen with the same seed, and something else with another', async () => {
    const [first, again, other] = [await historyOf(7), await historyOf(7), await historyOf(8)]

    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(first.some(line => line.includes('host-down'))).toBe(true)
  })

  test('has processes of actors crash as theirs do, and come back', async () => {
    const reasons = new Set<string>()
    await new SeededSimulation(3, { threads: 0 }).run(async simulation => {
      const { system } = simulation
      system.events.on('host-down', ({ reason }) => reasons.add(reason))
      const player = await system.spawn(Players, { placement: 'own-process', maxRssMb: 100, maxRestarts: Infinity })
      for (let crash = 0; crash < 50; crash++) {
        const restarted = nextEvent(system, 'actor-restarted')
        simulation.crash(player.address.host)
        await restarted
        expect(await player.ask.play(player, 0)).toBe(1)
      }
    })

    expect([...reasons].toSorted()).toEqual(['crashed', 'exited', 'heap-limit', 'killed', 'memory-limit', 'threw'])
  })

  test('takes no real time for what takes hours', async () => {
    await new SeededSimulation(1, {}).run(async simulation => {
      const player = await simulation.system.spawn(Players, { shutdownMs: 0 })

      await expect(player.ask({ timeoutMs: 36e5 }).hang()).rejects.toThrow(AskTimeoutError)
      await simulation.pass(36e5)

      expect(simulation.nowMs).toBeGreaterThan(72e5)
    })
  })

  test('logs what goes wrong, once and in its own time, and counts what a crash loop leaves out', async () => {
    const lines: LogLine[] = []
    await new SeededSimulation(1, { log: line => void lines.push(line) }).run(async simulation => {
      const player = await simulation.system.spawn(Players, {
        name: 'ann',
        maxRestarts: Infinity,
        backoff: { firstMs: 0, factor: 1, maxMs: 0 },
      })
      await simulation.pass(1000)
      for (let at = 0; at < 20; at++) await player.ask.fail().catch(() => undefined)
    })

    const of = (event: LogLine['event']) => lines.filter(line => line.event === event)
    expect(
      of('actor-failed').map(({ actor, timeMs, data }) => [actor, timeMs > 1000 && timeMs < 20_000, data?.['leftOut']]),
    ).toEqual([...Array.from({ length: 5 }, () => ['Player#16@1 "ann"', true, undefined]), [undefined, true, 15]])
    expect(of('actor-restarted').length).toBeGreaterThan(0)
    expect(of('dead-letter')).toEqual([])
  })

  test('computes in its own time', async () => {
    await new SeededSimulation(1, {}).run(async simulation => {
      const before = simulation.nowMs

      expect(await simulation.system.compute((a: number, b: number) => a + b, [1, 2])).toBe(3)
      expect(simulation.nowMs).toBeGreaterThan(before)
    })
  })

  test('returns the receipt of the stop, with every thread', async () => {
    const receipt = await new SeededSimulation(1, { threads: 2 }).run(async simulation => {
      await simulation.system.spawn(Players, { maxRestarts: Infinity })
      const started = new Promise(resolve => simulation.system.events.on('actor-restarted', resolve))
      simulation.crash(1)
      await started
    })

    expect(receipt.threads.map(({ outcome }) => outcome).toSorted()).toEqual(
      expect.arrayContaining(['clean', 'clean']) as unknown,
    )
    expect(receipt.threads).toHaveLength(3)
    expect(receipt.actors).toMatchObject([{ outcome: 'drained' }])
  })

  test('rejects with the seed and the cause when the scenario throws, also after its system was stopped', async () => {
    const cause = new RangeError('as it was')

    await expect(new SeededSimulation(5, {}).run(() => Promise.reject(cause))).rejects.toMatchObject({
      name: 'SimulationError',
      seed: 5,
      cause,
    })
  })

  test('rejects when the scenario waits for something that never comes', async () => {
    const waits = new SeededSimulation(5, {}).run(async ({ system }) => {
      const player = await system.spawn(Players, { shutdownMs: 100 })
      await player.ask({ timeoutMs: Infinity }).hang()
    })

    await expect(waits).rejects.toThrow(SimulationError)
  })

  test('crash() of a host that has no thread, or is not there, is nothing', async () => {
    await new SeededSimulation(1, { threads: 1 }).run(async simulation => {
      const started = new Promise(resolve => simulation.system.events.on('host-started', resolve))

      expect([simulation.crash(7), simulation.crash(1), simulation.crash(1)]).toEqual([undefined, 1, undefined])
      await started
    })
  })
})

describe('simulate()', () => {
  test('runs each seed once, and stops at the first that goes wrong', async () => {
    const seeds: number[] = []
    const failing = simulate({ seeds: 10 }, async ({ seed }) => {
      seeds.push(seed)
      await Promise.resolve()
      if (seed === 3) throw new Error('three')
    })

    await expect(failing).rejects.toMatchObject({ seed: 3 })
    expect(seeds).toEqual([0, 1, 2, 3])
  })

  test.each([-1, 1.5, NaN])('refuses %d seeds, and the seed %d', async number => {
    await expect(simulate({ seeds: number }, () => Promise.resolve())).rejects.toThrow(RangeError)
    await expect(simulate({ seeds: [number] }, () => Promise.resolve())).rejects.toThrow(RangeError)
  })
})

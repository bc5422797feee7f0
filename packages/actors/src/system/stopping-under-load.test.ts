import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import slow, { type Slow } from '../fixtures/actors/slow.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import {
  ActorDownError,
  ActorStoppedError,
  child,
  startSystem,
  SystemStoppedError,
  type ActorRef,
  type System,
} from '../index.js'

/** Far less than the `shutdownMs` of an actor, which it would take if it never had nothing to do. */
const SOON_MS = 10_000

expectNoLeaksAfterEach()

let system: System
let load: Load
beforeEach(async () => {
  system = await startSystem({ threads: 2, handleSignals: false })
  load = new Load()
})
afterEach(async () => {
  load.end()
  await system.stop()
})

/** Callers that ask on and on until they are refused, and what came of it. */
class Load {
  readonly #callers: Promise<void>[] = []
  #stoppedAt = Infinity
  #isOver = false
  answered = 0
  /** Answers to what was asked after the stop had begun. */
  answeredLate = 0
  readonly refusals: unknown[] = []

  /** @param askers As many go on at the same time. */
  on(ref: ActorRef<Slow>, askers: number, ms: number): this {
    for (let each = 0; each < askers; each++) this.#callers.push(this.#ask(ref, ms))
    return this
  }

  /** Stops something, and returns how long that took. */
  async during(stop: () => Promise<unknown>): Promise<number> {
    this.#stoppedAt = performance.now()
    await stop()
    return performance.now() - this.#stoppedAt
  }

  /** Resolves when everybody has been refused. */
  async over(): Promise<void> {
    await Promise.all(this.#callers)
  }

  end(): void {
    this.#isOver = true
  }

  async #ask(ref: ActorRef<Slow>, ms: number): Promise<void> {
    while (!this.#isOver) {
      const askedAt = performance.now()
      try {
        await ref.ask.work(ms)
        this.answered += 1
        if (askedAt > this.#stoppedAt) this.answeredLate += 1
      } catch (error) {
        this.refusals.push(error)
        return
      }
    }
  }
}

async function answers(count: number): Promise<void> {
  await vi.waitUntil(() => load.answered >= count, { timeout: 10_000 })
}

describe('System.stop(ref) while others ask on', () => {
  test.each(['shared', 'main', 'own-thread'] as const)(
    'drains what the actor has, and refuses the rest as not begun (%s)',
    async placement => {
      const ref = await system.spawn(slow, { placement, shutdownMs: 20_000 })
      load.on(ref, 5, 20)
      await answers(5)

      const tookMs = await load.during(() => system.stop(ref))
      await load.over()

      expect(tookMs).toBeLessThan(SOON_MS)
      expect(load.answeredLate).toBe(0)
      expect(load.refusals).toHaveLength(5)
      for (const error of load.refusals) {
        // A thread of its own ends with the actor, and may be gone when the last ask arrives.
        expect(
          error instanceof ActorStoppedError || (placement === 'own-thread' && error instanceof ActorDownError),
        ).toBe(true)
        expect(error).toMatchObject({ progress: 'not-begun' })
      }
    },
  )

  test('refuses at once, while the actor still handles what it has', async () => {
    const ref = await system.spawn(slow)
    const working = ref.ask.work(300)
    await ref.ready()

    const stopped = system.stop(ref)
    const error = await ref.ask.work(1).catch((thrown: unknown) => thrown)
    const isOver = await Promise.race([stopped.then(() => true), Promise.resolve(false)])

    expect([error, isOver]).toMatchObject([{ isStopping: true, progress: 'not-begun', ref }, false])
    expect(await working).toBe(1)
    await stopped
    await expect(ref.ask.work(1)).rejects.toMatchObject({ isStopping: false, progress: 'not-begun' })
  })

  test('says of a message that the actor had begun, and had no time to finish, that it was begun', async () => {
    const ref = await system.spawn(slow, { shutdownMs: 100 })
    const [working, waiting] = [ref.ask.work(1000), ref.ask.work(1)].map(ask => ask.catch((error: unknown) => error))

    await system.stop(ref)

    expect(await Promise.all([working, waiting])).toMatchObject([{ progress: 'begun' }, { progress: 'not-begun' }])
  })

  test('is not held up by an endless stream, nor by what the actor does by itself', async () => {
    const ref = await system.spawn(slow, { shutdownMs: 20_000 })
    ref.tell.tick()
    let items = 0
    const read = async (): Promise<void> => {
      for await (const item of ref.stream.forever()) items = item
    }
    const reading = read().catch((error: unknown) => error)
    await vi.waitUntil(() => items > 1000, { timeout: 10_000 })

    const tookMs = await load.during(() => system.stop(ref))

    expect(tookMs).toBeLessThan(SOON_MS)
    expect(await reading).toMatchObject({ code: 'ZERA_ACTOR_STOPPED', progress: 'begun' })
  })
})

describe('the stop of a pool', () => {
  test('takes about as long as its longest message, however many ask on', async () => {
    const pool = await system.startPool(slow, { size: 8, shutdownMs: 20_000 })
    load.on(pool, 16, 30)
    await answers(50)

    const tookMs = await load.during(() => system.stop(pool))
    await load.over()

    expect(tookMs).toBeLessThan(SOON_MS)
    expect([load.answeredLate, load.refusals.length]).toEqual([0, 16])
    for (const error of load.refusals) expect(error).toMatchObject({ progress: 'not-begun' })
  })

  test('ends in time, too, when a worker spins', async () => {
    const pool = await system.startPool(slow, { size: 2, placement: 'own-thread', shutdownMs: 500 })
    pool.tell.spin()

    const tookMs = await load.during(() => system.stop(pool))

    expect(tookMs).toBeLessThan(SOON_MS)
  })

  test('with the system closes it as one: no message is refused before all of it is closed', async () => {
    const pool = await system.startPool(slow, { size: 8, shutdownMs: 20_000 })
    load.on(pool, 16, 30)
    await answers(50)

    const tookMs = await load.during(async () => {
      const { isClean, phase, deadLetters } = await system.stop()
      expect([isClean, phase, deadLetters]).toEqual([true, 'unhurried', 0])
    })
    await load.over()

    expect(tookMs).toBeLessThan(SOON_MS)
    for (const error of load.refusals) {
      // The pool itself refuses, not a worker that has closed while others are open.
      expect(error instanceof SystemStoppedError || (error as ActorStoppedError).ref?.equals(pool)).toBe(true)
    }
  })

  test('comes after what was started when the pool was there, also of workers that came later', async () => {
    const pool = await system.startPool(slow, { size: { min: 1, max: 4 }, shutdownMs: 20_000 })
    let served: unknown
    const server = await system.supervise([
      child(async () => {
        let end: () => void = () => undefined
        return {
          ended: new Promise<undefined>(resolve => (end = () => resolve(undefined))),
          stop: async () => {
            served = await Promise.all(
              Array.from({ length: 8 }, () =>
                pool.ask.work(1).then(
                  () => 200,
                  () => 500,
                ),
              ),
            )
            end()
          },
        }
      }),
    ])
    load.on(pool, 16, 30)
    await vi.waitUntil(async () => (await system.snapshot()).pools[0]?.workers.length === 4, { timeout: 10_000 })

    await load.during(() => system.stop())

    expect(served).toEqual(Array.from({ length: 8 }, () => 200))
    expect(server.children).toEqual([])
  })

  test('a worker that stops by itself leaves its pool first: the others get what is sent meanwhile', async () => {
    const pool = await system.startPool(slow, { size: 4 })
    load.on(pool, 6, 10)
    await answers(10)

    for (let time = 0; time < 3; time++) {
      const gone = new Promise(resolve => system.events.on('actor-stopped', resolve))
      pool.tell.leave()
      await gone
    }
    await answers(load.answered + 10)

    expect(load.refusals).toEqual([])
  })
})

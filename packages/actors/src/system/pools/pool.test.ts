import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import type { WorkerReport } from '../../host/pools/pool-member.js'
import { LOOK_EVERY_MS, Pool, type PoolPlan } from './pool.js'

const PLAN: PoolPlan = {
  id: 1,
  name: 'pool',
  url: 'file:///w.js',
  definition: 'W',
  route: 'round-robin',
  bounds: { min: 2, max: 4 },
  recycle: {},
}

/** A pool whose workers say what a test has them say; `done` is what it did, in order. */
function openPool(plan: Partial<PoolPlan> = {}) {
  const clock = new ManualClock()
  const done: string[] = []
  const reports = new Map<number, Partial<WorkerReport>>()
  let nextId = 16
  let brokenSpawns = 0
  let held: Promise<void> | undefined
  const pool: Pool = new Pool(
    { ...PLAN, ...plan },
    {
      clock,
      random: { next: () => 0.5 },
      spawn: async index => {
        await held
        if (brokenSpawns > 0) {
          brokenSpawns -= 1
          throw new Error('no start')
        }
        const id = nextId++
        done.push(`start ${index} as ${id}`)
        return { host: 1, id, name: '', url: '', definition: '' }
      },
      // As supervisors do.
      stop: async ({ id }, reason) => {
        await pool.leave(id)
        done.push(`stop ${id}: ${reason}`)
      },
      publish: ({ workers }) => Promise.resolve(void done.push(`publish ${workers.map(({ id }) => id).join(' ')}`)),
      close: () => Promise.resolve(void done.push('close')),
      forget: () => void done.push('forget'),
      report: workers =>
        Promise.resolve(
          workers.map(({ id }) => ({
            id,
            waiting: 0,
            isBusy: false,
            handled: 0,
            heapBytes: 0,
            rssBytes: 0,
            ...reports.get(id),
          })),
        ),
      resized: (from, to) => void done.push(`resized ${from} ${to}`),
      failed: error => void done.push(`failed ${String(error)}`),
    },
  )
  return {
    pool,
    clock,
    reports,
    breakSpawns: (times: number) => (brokenSpawns = times),
    /** Returns the function that lets go of them. */
    holdSpawns: () => {
      let letGo: () => void = () => undefined
      held = new Promise(resolve => (letGo = resolve))
      return letGo
    },
    /** What was done since the last time. */
    done: () => done.splice(0),
    look: async () => {
      clock.advance(LOOK_EVERY_MS)
      await new Promise(resolve => setImmediate(resolve))
      return done.splice(0)
    },
  }
}

describe('Pool', () => {
  test('start() starts as many as there shall be at least, then tells all hosts', async () => {
    const { pool, done } = openPool()

    await pool.start()

    expect(done()).toEqual(['start 0 as 16', 'start 1 as 17', 'publish 16 17'])
    pool.halt()
  })

  test('start() leaves nothing when a worker does not start', async () => {
    const { pool, done, clock, breakSpawns } = openPool()
    breakSpawns(1)

    await expect(pool.start()).rejects.toThrow('no start')

    expect(done()).toEqual(['start 1 as 16', 'publish 16', 'close', 'stop 16: its pool could not be started', 'forget'])
    expect(clock.timers).toBe(0)
  })

  test('grows while messages pile up, and shrinks when it is quiet, the last index first', async () => {
    const { pool, done, look, reports } = openPool()
    await pool.start()
    done()
    reports.set(16, { waiting: 100, isBusy: true })

    expect(await look()).toEqual(['start 2 as 18', 'publish 16 17 18', 'resized 2 3'])
    reports.clear()
    const quiet = [await look(), await look(), await look(), await look()]

    expect(quiet.flat()).toEqual(['publish 16 17', 'stop 18: its pool has less to do', 'resized 3 2'])
    pool.halt()
  })

  test('replaces a worker that was given up at its next look, under its index', async () => {
    const { pool, done, look, clock } = openPool({ bounds: { min: 2, max: 2 } })
    await pool.start()
    expect(clock.timers).toBe(0)
    done()

    pool.gone(16)

    expect(await look()).toEqual(['publish 17', 'start 0 as 18', 'publish 18 17', 'resized 1 2'])
    expect(clock.timers).toBe(0)
  })

  test('tries again at each look while a worker does not start', async () => {
    const { pool, done, look, breakSpawns } = openPool({ bounds: { min: 1, max: 1 } })
    await pool.start()
    done()
    breakSpawns(1)
    pool.gone(16)

    expect(await look()).toEqual(['publish ', 'publish ', 'failed Error: no start'])
    expect(await look()).toEqual(['start 0 as 17', 'publish 17', 'resized 0 1'])
  })

  test('replaces workers that are given up again and again later and later, and others meanwhile not at all', async () => {
    const { pool, done, look } = openPool({ bounds: { min: 1, max: 1 } })
    await pool.start()
    done()
    const looks: number[] = []

    for (let id = 16; id < 21; id++) {
      pool.gone(id)
      let count = 1
      while (!(await look()).includes(`start 0 as ${id + 1}`)) count += 1
      looks.push(count)
    }

    // Half of what may be waited at most: 125, 250, 500 and 1000 ms behind the one before.
    expect(looks).toEqual([1, 1, 1, 2, 4])
    pool.halt()
  })

  test('recycles a worker that has handled enough, with another there before it goes', async () => {
    const { pool, done, look, reports } = openPool({ bounds: { min: 1, max: 1 }, recycle: { afterMessages: 10 } })
    await pool.start()
    done()
    reports.set(16, { handled: 10 })

    expect(await look()).toEqual(['start 0 as 17', 'publish 17', 'stop 16: its pool has recycled it'])
    expect(await look()).toEqual([])
    pool.halt()
  })

  test('recycles a worker whose heap has grown since it was first seen', async () => {
    const { pool, done, look, reports } = openPool({ bounds: { min: 1, max: 1 }, recycle: { heapGrowthMb: 1 } })
    await pool.start()
    done()
    reports.set(16, { heapBytes: 5_000_000 })
    expect(await look()).toEqual([])
    reports.set(16, { heapBytes: 7_000_000 })

    expect(await look()).toEqual(['start 0 as 17', 'publish 17', 'stop 16: its pool has recycled it'])
    pool.halt()
  })

  test('takes a worker that stops by itself out of all hosts first, and replaces it', async () => {
    const { pool, done, look } = openPool()
    await pool.start()
    done()

    await pool.leave(16)
    expect([done(), pool.has(16)]).toEqual([['publish 17'], true])
    pool.gone(16)

    expect(pool.has(16)).toBe(false)
    expect(await look()).toEqual(['start 0 as 18', 'publish 18 17', 'resized 1 2'])
    pool.halt()
  })

  test('when the system stops it goes on with those that are left, and closes with the last', async () => {
    const { pool, done } = openPool({ bounds: { min: 3, max: 3 } })
    await pool.start()
    pool.halt()
    done()

    await pool.leave(16)
    await Promise.all([pool.leave(17), pool.leave(18)])

    expect(done()).toEqual(['publish 17 18', 'close'])
  })

  test('stop() does not wait for a worker that is being started, which is stopped when it is there', async () => {
    const { pool, done, look, clock, holdSpawns } = openPool({ bounds: { min: 2, max: 2 } })
    await pool.start()
    const letGo = holdSpawns()
    pool.gone(16)
    await look()
    done()

    await pool.stop('enough')
    expect(done()).toEqual(['close', 'stop 17: enough', 'forget'])
    letGo()

    expect(await look()).toEqual(['start 0 as 18', 'stop 18: its pool was stopped'])
    expect(clock.timers).toBe(0)
  })

  test('stop() takes the pool out of all hosts first', async () => {
    const { pool, done, clock } = openPool()
    await pool.start()
    done()

    await pool.stop('enough')

    expect(done()).toEqual(['close', 'stop 16: enough', 'stop 17: enough', 'forget'])
    expect(clock.timers).toBe(0)
  })

  test('halt() leaves its workers to others', async () => {
    const { pool, done, look } = openPool()
    await pool.start()
    done()

    pool.halt()
    pool.gone(16)

    expect(await look()).toEqual([])
  })
})

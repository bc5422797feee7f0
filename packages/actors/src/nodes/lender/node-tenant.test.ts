import { cancellable, systemClock, type Clock } from '@zera/core/internal'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NODE_LIMITS } from '../../model/nodes/node-limits.js'
import { NODE_PROTOCOL, type Bare } from '../control/control.js'
import { Lease } from '../control/lease.js'
import { openDoors } from './doors.js'
import { NodeTenant } from './node-tenant.js'

vi.mock(import('@zera/core/internal'), async importReal => {
  const core = await importReal()
  const machineNs = (): bigint => process.hrtime.bigint()
  return {
    ...core,
    realTimers: { ...core.realTimers, machineNs },
  }
})

// The lease is in the time of the machine, which moves with the clock here.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] }))
afterEach(() => void vi.useRealTimers())

/** The clock of the timers that the test moves. */
const clock: Clock = {
  ...systemClock,
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return cancellable(() => clearTimeout(timer))
  },
}

const REQUEST = {
  protocol: NODE_PROTOCOL,
  system: '1'.repeat(32),
  root: undefined,
  threads: 1,
  heartbeatMs: 100,
  deadlineMs: 300,
}

/** A session whose words are recorded. */
function tenantOf(request: Partial<typeof REQUEST> = {}): { tenant: NodeTenant; said: Bare[]; left: () => boolean } {
  const said: Bare[] = []
  let hasLeft = false
  const tenant = new NodeTenant(
    { ...REQUEST, ...request },
    {
      clock,
      doors: openDoors('beside', 'ipc:///nowhere'),
      isEncrypted: false,
      roots: undefined,
      limits: NODE_LIMITS,
      faulted: () => undefined,
      transmit: text => said.push(JSON.parse(text) as Bare),
      left: () => (hasLeft = true),
    },
  )
  return { tenant, said, left: () => hasLeft }
}

describe('NodeTenant', () => {
  test('says its heartbeats by number, and goes on while they are heard', async () => {
    const { tenant, said } = tenantOf()

    for (let beat = 1; beat <= 10; beat++) {
      await vi.advanceTimersByTimeAsync(100)
      tenant.take({ value: JSON.stringify({ beat, echo: said.at(-1)?.beat }) })
    }

    expect(said.map(({ beat }) => beat)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(said.at(-1)).toEqual({ beat: 11, echo: 9, rssBytes: expect.any(Number) })
    expect(tenant.isAlive).toBe(true)
    await tenant.end('done')
  })

  test('ends when its own heartbeats are not heard, though those of the system are', async () => {
    const { tenant, said, left } = tenantOf()

    for (let beat = 1; beat <= 5 && tenant.isAlive; beat++) {
      tenant.take({ value: JSON.stringify({ beat, echo: 0 }) })
      await vi.advanceTimersByTimeAsync(100)
    }

    expect(tenant.isAlive).toBe(false)
    expect(said.at(-1)).toMatchObject({ ended: expect.any(String) })
    expect(left()).toBe(true)
  })

  test('is not brought back by what comes too late', async () => {
    const { tenant, said } = tenantOf()
    const first = said[0]?.beat

    // As when its process was suspended: no timer has run.
    const now = process.hrtime.bigint()
    vi.spyOn(process.hrtime, 'bigint').mockReturnValue(now + 400_000_000n)
    tenant.take({ value: JSON.stringify({ beat: 1, echo: first }) })

    expect(tenant.isAlive).toBe(false)
    await tenant.end('done')
    vi.restoreAllMocks()
  })
})

describe('NodeTenant, of a lease', () => {
  test.each([{ phaseMs: 0 }, { phaseMs: 50 }, { phaseMs: 99 }])(
    'ends within a tenth of the deadline after a silence that begins $phaseMs ms after a heartbeat',
    async ({ phaseMs }) => {
      const { tenant, said, left } = tenantOf({ heartbeatMs: 100, deadlineMs: 1200 })
      for (let beat = 1; beat <= 5; beat++) {
        await vi.advanceTimersByTimeAsync(100)
        tenant.take({ value: JSON.stringify({ echo: said.at(-1)?.beat }) })
      }
      await vi.advanceTimersByTimeAsync(phaseMs)

      await vi.advanceTimersByTimeAsync(1200 - 120)
      const isAlive = tenant.isAlive
      await vi.advanceTimersByTimeAsync(120)

      expect([isAlive, tenant.isAlive, left()]).toEqual([true, false, true])
    },
  )

  test.each([{ waits: true }, { waits: false }])(
    'goes on after its process was suspended beyond the lease if the echo of a later heartbeat waits: $waits',
    async ({ waits }) => {
      const { tenant, said } = tenantOf()
      await vi.advanceTimersByTimeAsync(250)
      tenant.take({ value: JSON.stringify({ echo: said[0]?.beat }) })
      const now = process.hrtime.bigint()
      const asleep = vi.spyOn(process.hrtime, 'bigint').mockReturnValue(now + 120_000_000n)
      await vi.advanceTimersByTimeAsync(100)
      asleep.mockRestore()

      if (waits) tenant.take({ value: JSON.stringify({ echo: said.at(-1)?.beat }) })
      await vi.advanceTimersByTimeAsync(100)

      expect(tenant.isAlive).toBe(waits)
      await tenant.end('done')
    },
  )
})

describe('NodeTenant.expectProof()', () => {
  test('ends the session of a system that does not hear it any more, whatever was heard before', async () => {
    const { tenant, said, left } = tenantOf({ heartbeatMs: 100, deadlineMs: 60_000 })
    const before = said.at(-1)?.beat

    tenant.expectProof()
    for (let beat = 1; beat <= 12; beat++) {
      await vi.advanceTimersByTimeAsync(100)
      if (tenant.isAlive) tenant.take({ value: JSON.stringify({ beat, echo: before }) })
    }

    expect(tenant.isAlive).toBe(false)
    expect(left()).toBe(true)
  })

  test('lets a system that does go on', async () => {
    const { tenant, said } = tenantOf({ heartbeatMs: 100, deadlineMs: 60_000 })

    tenant.expectProof()
    await vi.advanceTimersByTimeAsync(100)
    tenant.take({ value: JSON.stringify({ beat: 1, echo: said.at(-1)?.beat }) })
    await vi.advanceTimersByTimeAsync(10_000)

    expect(tenant.isAlive).toBe(true)
    await tenant.end('done')
  })
})

describe('Lease', () => {
  test('holds until its end, for all that share its memory', () => {
    const lease = new Lease()
    const shared = new Lease(lease.memory)
    expect(shared.holds).toBe(false)

    lease.extend(Lease.now() + 100)
    expect(shared.holds).toBe(true)
    vi.advanceTimersByTime(101)
    expect(shared.holds).toBe(false)
    lease.extend(Lease.now() + 100)
    lease.end()

    expect(shared.holds).toBe(false)
  })
})

import { setEnvironmentData } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import spinner from '../../fixtures/actors/failing/spinner.js'
import gate, { openGate } from '../../fixtures/actors/gate.js'
import worker from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { child, startSystem } from '../../index.js'

expectNoLeaksAfterEach()

describe('System.snapshot()', () => {
  test('tells what is handled and since when, what waits, and which actor waits for which', async () => {
    const system = await startSystem({ threads: 2, handleSignals: false })
    const door = await system.spawn(gate, { name: 'door', placement: 'main' })
    const held = await system.spawn(worker, { name: 'held' })
    const answer = held.ask({ timeoutMs: Infinity }).hold(door)
    const later = [held.ask.echo(1), held.ask.echo(2)]
    const waits = async (): Promise<number> =>
      (await system.snapshot()).tree.flatMap(({ actor }) => actor?.waitsFor ?? []).length
    await expect.poll(waits, { timeout: 20_000 }).toBe(1)

    const { tree, hosts, pools, compute, atMs, uptimeMs } = await system.snapshot({ timeoutMs: 60_000 })

    const actor = tree.find(({ id }) => id === 'held')?.actor
    expect(tree).toMatchObject([
      { kind: 'actor', state: 'running', restarts: 0 },
      { kind: 'actor', state: 'running', restarts: 0 },
    ])
    expect(actor).toMatchObject({
      name: 'held',
      definition: 'Worker',
      handling: { method: 'hold', kind: 'ask' },
      handled: 0,
    })
    expect(actor?.handling?.sinceMs).toBeLessThanOrEqual(atMs)
    expect(actor?.waitsFor).toEqual([{ actor: door.address.id, host: 0, method: 'pass' }])
    expect(actor?.waiting).toBe(actor?.mailbox?.waiting)
    expect(hosts.map(({ number, isRunning, isStale }) => [number, isRunning, isStale])).toEqual([
      [0, true, false],
      [1, true, false],
      [2, true, false],
    ])
    for (const { heapBytes, utilization, asks, seenAtMs } of hosts) {
      expect(heapBytes).toBeGreaterThan(1_000_000)
      expect(utilization >= 0 && utilization <= 1).toBe(true)
      expect(asks).toBeGreaterThanOrEqual(0)
      expect(seenAtMs).toBe(atMs)
    }
    expect([pools, compute, uptimeMs >= 0]).toEqual([[], { running: 0, waiting: 0 }, true])
    expect(structuredClone(tree)).toEqual(tree)
    openGate()
    await Promise.all([answer, ...later])
    await system.stop()
  })

  test('shows a host that spins as it was last known, and says so', async () => {
    const system = await startSystem({ threads: 0, handleSignals: false })
    const flag = new Int32Array(new SharedArrayBuffer(4))
    setEnvironmentData('spinner', flag.buffer)
    const actor = await system.spawn(spinner, { placement: 'own-thread', shutdownMs: 0 })
    actor.tell.spin()
    await Atomics.waitAsync(flag, 0, 0).value

    const { hosts, tree } = await system.snapshot({ timeoutMs: 10 })

    expect(hosts).toMatchObject([
      { number: 0, isStale: false },
      { number: 1, isStale: true, isRunning: true, asks: undefined, running: actor.address.id },
    ])
    expect(tree).toMatchObject([{ actor: { handling: { method: 'spin' }, mailbox: undefined } }])
    await system.killHost(actor)
    await system.stop()
  })

  test('shows trees, pools, and counters that grow', async () => {
    const system = await startSystem({ threads: 1, handleSignals: false })
    const shop = await system.supervise([child(worker, { id: 'till' })], { id: 'shop' })
    const pool = await system.startPool(worker, { size: 2, name: 'tills' })
    await expect(shop.actor(worker, 'till').ask.fail('once')).rejects.toMatchObject({ message: 'once' })
    // The failure is known to the actor's asker first, and to its supervisor then.
    await expect.poll(() => shop.children[0], { timeout: 20_000 }).toMatchObject({ state: 'running', restarts: 1 })
    await pool.ask.echo(1)

    const { tree, pools, restarts } = await system.snapshot()

    expect(tree.slice(0, 1)).toMatchObject([
      {
        id: 'shop',
        kind: 'supervisor',
        children: [{ id: 'till', kind: 'actor', restarts: 1, actor: { definition: 'Worker', handled: 1 } }],
      },
    ])
    expect(pools).toEqual([{ id: 1, name: 'tills', workers: tree.slice(1).map(({ actor }) => actor?.id) }])
    expect(restarts).toBe(1)
    await system.stop()
    const { hosts } = await system.snapshot()
    expect(hosts.every(({ isRunning }) => !isRunning)).toBe(true)
  })
})

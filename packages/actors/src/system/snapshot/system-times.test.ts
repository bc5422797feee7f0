import { describe, expect, test } from 'vitest'
import counter from '../../fixtures/actors/counter.js'
import gate, { openGate } from '../../fixtures/actors/gate.js'
import worker from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startSystem, type MethodTimes, type System } from '../../index.js'

expectNoLeaksAfterEach()

async function timesOf(system: System, method: string): Promise<MethodTimes | undefined> {
  return (await system.times()).find(one => one.method === method)
}

describe('System.times()', () => {
  test('has each method of each definition, from whichever thread', async () => {
    await using system = await startSystem({ threads: 2, handleSignals: false })
    const [here, there] = [
      await system.spawn(counter, { placement: 'main' }),
      await system.spawn(counter, { placement: 'own-thread' }),
    ]
    for (let n = 0; n < 500; n++) for (const ref of [here, there]) ref.tell.add(1)
    await Promise.all([here, there].map(ref => ref.ask.add(0)))

    const times = await timesOf(system, 'add')

    expect(times).toMatchObject({ definition: 'Counter', handled: 1002, failed: 0 })
    expect(times?.ask.count).toBeGreaterThan(0)
    expect(times?.run.count).toBeGreaterThan(800)
    expect(times?.wait.count).toBe(times?.run.count)
    expect(structuredClone(times)).toEqual(times)
  })

  test('measures a handler that awaits to its end, the wait behind it, and the ask from its call', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const door = await system.spawn(gate, { placement: 'main' })
    const held = await system.spawn(worker)
    const begunAt = performance.now()
    const [answer, behind] = [held.ask({ timeoutMs: Infinity }).hold(door), held.ask({ timeoutMs: Infinity }).echo(1)]
    await expect
      .poll(async () => (await system.snapshot()).tree.flatMap(({ actor }) => actor?.waitsFor ?? []))
      .toHaveLength(1)
    openGate()
    await Promise.all([answer, behind])
    const tookMs = performance.now() - begunAt

    const [hold, echo] = [await timesOf(system, 'hold'), await timesOf(system, 'echo')]

    expect(hold).toMatchObject({ handled: 1, run: { count: 1 }, ask: { count: 1 } })
    expect(hold?.run.maxMs).toBeGreaterThan(0)
    expect(hold?.run.maxMs).toBeLessThan(tookMs)
    expect(hold?.ask.maxMs).toBeGreaterThanOrEqual(hold?.run.maxMs as number)
    expect(hold?.ask.maxMs).toBeLessThan(tookMs)
    expect(echo).toMatchObject({ handled: 1 })
  })

  test('counts what throws, and goes on when a thread has died', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false, log: false })
    const ref = await system.spawn(counter, { placement: 'own-thread', maxRestarts: 5 })
    await expect(ref.ask.fail('on purpose')).rejects.toThrow('on purpose')
    await ref.ask.add(1)
    await system.killHost(ref)
    await ref.ask.add(1)

    expect(await timesOf(system, 'fail')).toMatchObject({ handled: 1, failed: 1 })
    expect(await timesOf(system, 'add')).toMatchObject({ handled: 2, failed: 0 })
  })

  test('counts a stream with all that was taken from it', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const ref = await system.spawn(counter)
    let items = 0
    for await (const item of ref.stream.upTo(300)) items = item

    const times = await timesOf(system, 'upTo')

    expect(items).toBe(300)
    expect((await system.times()).map(({ method }) => method)).toEqual(['upTo'])
    expect(times?.handled).toBeGreaterThan(1)
  })

  test('has what came since an earlier reading', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false })
    const ref = await system.spawn(counter)
    for (let n = 0; n < 3; n++) await ref.ask.add(1)
    const since = await system.times()
    await ref.ask.add(1)

    expect(await system.times({ since })).toMatchObject([
      { method: 'add', handled: 1, run: { count: 1 }, ask: { count: 1 } },
    ])
    expect(await system.times({ since: await system.times() })).toEqual([])
  })

  test('is there at once while a thread spins', async () => {
    const system = await startSystem({ threads: 0, handleSignals: false })
    const actor = await system.spawn(counter, { placement: 'own-thread', shutdownMs: 0 })
    await actor.ask.add(1)
    actor.tell.spin()
    await expect.poll(async () => (await system.snapshot({ timeoutMs: 10 })).hosts[1]?.running).toBe(actor.address.id)

    expect(await timesOf(system, 'add')).toMatchObject({ definition: 'Counter', handled: 1 })
    await system.killHost(actor)
    await system.stop()
  })

  test('has those of processes', async () => {
    await using system = await startSystem({ threads: 0, handleSignals: false })
    const ref = await system.spawn(counter, { placement: 'own-process' })
    await ref.ask.add(1)

    expect(await system.times({ timeoutMs: 20_000 })).toMatchObject([{ method: 'add', handled: 1, ask: { count: 1 } }])
  })

  test('is empty when nothing is to be measured', async () => {
    await using system = await startSystem({ threads: 1, handleSignals: false, times: false })
    const ref = await system.spawn(counter)
    await ref.ask.add(1)

    expect(await system.times()).toEqual([])
  })
})

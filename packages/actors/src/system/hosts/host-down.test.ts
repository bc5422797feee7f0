import { setEnvironmentData } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import spinner from '../../fixtures/actors/failing/spinner.js'
import worker from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { nextEvent } from '../../fixtures/next-event.js'
import { startSystem, type System } from '../../index.js'

expectNoLeaksAfterAll()
let system: System
beforeAll(async () => void (system = await startSystem({ threads: 1, handleSignals: false })))
afterAll(async () => void (await system.stop()))

describe('the event host-down', () => {
  test('tells what a thread that spins was doing when it was killed', async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4))
    setEnvironmentData('spinner', flag.buffer)
    const actor = await system.spawn(spinner, { name: 'spinner', placement: 'own-thread' })
    const [down, failed] = [nextEvent(system, 'host-down'), nextEvent(system, 'actor-failed')]
    const begunMs = Date.now()
    actor.tell.spin()
    await Atomics.waitAsync(flag, 0, 0).value

    await system.killHost(actor)

    const { blackBox } = await down
    const { id } = actor.address
    expect(blackBox).toMatchObject({
      running: id,
      actors: [{ id, handling: { method: 'spin', kind: 'tell' }, handled: 0 }],
    })
    expect(Math.abs((blackBox.actors[0]?.handling?.sinceMs ?? 0) - begunMs)).toBeLessThan(10_000)
    expect(await failed).toMatchObject({ method: 'spin', isThreadDown: true, actor: { name: 'spinner' } })
    await system.stop(actor)
  })

  test('names the actor that filled its heap, and what it was handling', async () => {
    const actor = await system.spawn(worker, {
      name: 'hoarder',
      placement: 'own-thread',
      maxHeapMb: 32,
      restart: 'temporary',
    })
    const [down, failed] = [nextEvent(system, 'host-down'), nextEvent(system, 'actor-failed')]
    expect(await actor.ask.echo(1)).toBe(1)

    await expect(actor.ask({ timeoutMs: Infinity }).fillHeap()).rejects.toMatchObject({ reason: 'heap-limit' })

    const { blackBox, reason } = await down
    expect(reason).toBe('heap-limit')
    expect(blackBox.running).toBe(actor.address.id)
    expect(blackBox.entries.map(({ what, method }) => `${what} ${method}`)).toEqual([
      'begin echo',
      'end echo',
      'begin fillHeap',
    ])
    const { method, error } = await failed
    expect(method).toBe('fillHeap')
    expect(error.message).toContain('Worker#17@3 "hoarder" handled fillHeap()')
  })
})

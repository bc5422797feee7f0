import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import fragile from '../fixtures/fragile.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { startSystem, type System } from '../index.js'

expectNoLeaksAfterEach()

describe("placement: 'own-process'", () => {
  let system: System
  beforeEach(async () => {
    system = await startSystem({ threads: 1, handleSignals: false, startMs: 60_000 })
  })
  afterEach(() => system.stop())

  test('gives an actor a child process, which ends with it', async () => {
    const ref = await system.spawn(fragile, { placement: 'own-process' })

    const pid = await ref.ask.pid()
    await system.stopActor(ref)

    expect(pid).not.toBe(process.pid)
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(await system.stop()).toMatchObject({ isClean: true, threads: [{ outcome: 'clean' }, { outcome: 'clean' }] })
  })

  test.each([['segv', 'SIGSEGV', 139], ['abort', 'SIGABRT', 134], ['kill', 'SIGKILL', 137]] as const)('restarts it in another process when its own ends by %s', async (how, signal, exitCode) => {
    const ref = await system.spawn(fragile, { placement: 'own-process' })
    const neighbour = await system.spawn(fragile)
    const pid = await ref.ask.pid()
    const [hostDown, restarted, watched] = [nextEvent(system, 'host-down'), nextEvent(system, 'actor-restarted'), system.watch(ref)]

    await expect(ref.ask.crash(how)).rejects.toMatchObject({ name: 'ActorDownError', reason: 'crashed', progress: 'begun' })
    expect(await neighbour.ask.pid()).toBe(process.pid)
    await restarted

    expect(await hostDown).toMatchObject({ host: ref.address.host, reason: 'crashed', exitCode, error: { name: 'ProcessDownError', signal } })
    expect(await watched).toMatchObject({ reason: 'crashed' })
    expect(await ref.ask.pid()).not.toBe(pid)
  })
})

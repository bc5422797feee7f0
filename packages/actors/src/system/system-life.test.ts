import { expect, test } from 'vitest'
import asker, { heard } from '../fixtures/actors/asks-at-stop.js'
import worker from '../fixtures/actors/worker.js'
import { runProgram } from '../fixtures/run-program.js'
import { ActorStoppedError, startSystem } from '../index.js'

test('stop() keeps the process alive until it is done, whatever it waits for', async () => {
  expect(await runProgram('programs/main-stops-slowly')).toMatchObject({ code: 0, signal: null, stdout: 'clean\n' })
})

test.each(['own-thread', 'shared'] as const)(
  'an actor whose thread (%s) dies in a stop is gone, and its asker does not wait',
  async placement => {
    const system = await startSystem({ threads: 1, handleSignals: false })
    const victim = await system.spawn(worker, { placement })
    await system.spawn(asker, { placement: 'main', props: victim, shutdownMs: Infinity })
    system.events.on('stopping', () => void system.killHost(victim))

    const { actors } = await system.stop()

    expect(heard.splice(0)).toEqual([expect.any(ActorStoppedError)])
    expect(actors.map(({ outcome }) => outcome)).toEqual(['drained', 'lost'])
  },
)

import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { asker, busyFor, type Asker } from '../../fixtures/actors/failing/busy-asker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import { runProgram } from '../../fixtures/run-program.js'
import { startSystem, type ActorRef, type System } from '../../index.js'

expectNoLeaksAfterAll()

let system: System
let here: ActorRef<Asker>
let there: ActorRef<Asker>
beforeAll(async () => {
  system = await startSystem({ threads: 2, handleSignals: false })
  ;[here, there] = [await system.spawn(asker), await system.spawn(asker)]
  await Promise.all([1, 2].map(() => system.compute(() => 'warm', [])))
})
afterAll(() => system.stop())

test('an answer that came in time is the outcome, on a thread that was busy until long after its deadline', async () => {
  await there.ask.busily(here, { timeoutMs: 60_000, busyMs: 0 })
  const asked = [here.ask({ timeoutMs: 50 }).echo('main'), here.ask({ signal: AbortSignal.timeout(50) }).echo('signal')]
  const jobs = [
    system.compute(() => 'job', [], { timeoutMs: 60 }),
    system.compute(() => 'aborted', [], { signal: AbortSignal.timeout(60) }),
  ]
  const elsewhere = there.ask.busily(here, { timeoutMs: 50, busyMs: 200 })
  await new Promise(resolve => setImmediate(resolve))
  busyFor(300)

  expect(await Promise.all([...asked, ...jobs, elsewhere])).toEqual(['main', 'signal', 'job', 'aborted', 'busily'])
})

test('an ask that is given up while the thread of its actor is busy is not handled when that looks again', async () => {
  const spawned = await Promise.all([1, 2].map(() => system.spawn(asker)))
  const neighbour = spawned.find(({ address }) => address.host === here.address.host) as ActorRef<Asker>
  const isBusy = here.ask.busily(there, { timeoutMs: 60_000, busyMs: 500 })
  let [answered, timedOut] = [0, 0]

  // Until it is busy, it answers.
  while (timedOut < 10) {
    const isAnswered = await neighbour
      .ask({ timeoutMs: 10 })
      .echo('x')
      .then(
        () => true,
        () => false,
      )
    if (isAnswered) answered += 1
    else timedOut += 1
  }
  await isBusy

  const handled = await neighbour.ask.echoes()
  // One may have been begun, and its answer kept back with all else of that thread.
  expect(handled - answered).toBeLessThanOrEqual(1)
  await vi.waitUntil(
    () =>
      [...system.deadLetters].filter(({ reason }) => reason === 'withdrawn').length === answered + timedOut - handled,
  )
})

test('asks with as many lengths as there are asks leave nothing, nor does a signal', async () => {
  const { signal } = new AbortController()
  await Promise.all(Array.from({ length: 20 }, () => here.ask({ signal }).echo('x')))
  const { code, stdout } = await runProgram('programs/main-asks-with-many-deadlines')

  expect(getEventListeners(signal, 'abort')).toEqual([])
  expect(code).toBe(0)
  const { bytesAnAsk, bytesASignal } = JSON.parse(stdout) as Record<string, number>
  expect(bytesAnAsk).toBeLessThan(20)
  expect(bytesASignal).toBeLessThan(20)
})

import { setEnvironmentData } from 'node:worker_threads'
import { messageOf } from '@zera/core/internal'
import { expect, test } from 'vitest'
import spinner from '../fixtures/actors/failing/spinner.js'
import quotes, { prices, type Quotes } from '../fixtures/actors/talking/quotes.js'
import { expectNoLeaksAfterAll } from '../fixtures/leaks.js'
import { startSystem } from '../index.js'
import { AskTimeoutError, WaitTimeoutError } from '../model/errors.js'

expectNoLeaksAfterAll()

/** Starts a system with one thread, and has an actor there spin. */
async function startSpinning() {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  setEnvironmentData('spinner', flag.buffer)
  const system = await startSystem({
    threads: 1,
    handleSignals: false,
    log: { sink: new URL('../fixtures/silent-sink.js', import.meta.url) },
  })
  const neighbour = await system.spawn(spinner, { name: 'neighbour' })
  const spinning = await system.spawn(spinner, { name: 'spinning', shutdownMs: 50 })
  const asked = spinning
    .ask({ timeoutMs: 200 })
    .spin()
    .catch((error: unknown) => error as Error)
  await expect.poll(() => Atomics.load(flag, 0)).toBe(1)
  return { system, neighbour, asked }
}

const SPINS = /has been in spin\(\) of Spinner#\d+@1 "spinning" for \d+\.\d s and answers nothing/u

test('An ask to an actor whose thread spins says which handler has it, and so does one to its neighbour', async () => {
  const { system, neighbour, asked } = await startSpinning()
  const behind = neighbour.ask({ timeoutMs: 100 }).idle()

  const [own, others] = await Promise.all([asked, behind.catch((error: unknown) => error as Error)])

  for (const error of [own, others]) {
    expect(error).toBeInstanceOf(AskTimeoutError)
    expect(error.message).toMatch(SPINS)
  }
  expect(others.message).toContain("placement: 'own-thread'")
  const receipt = await system.stop({ timeoutMs: 1000 })
  expect(receipt.actors.find(({ name }) => name === 'spinning')?.stalledBy).toMatch(
    /^spin\(\) of Spinner#\d+@1 "spinning" for \d+\.\d s$/u,
  )
})

test('An ask to an actor that only awaits says nothing of its thread', async () => {
  await using system = await startSystem({ threads: 1, handleSignals: false })
  const idle = await system.spawn(spinner, { shutdownMs: 0 })

  // On a busy machine its thread may be late.
  await expect
    .poll(() => idle.ask({ timeoutMs: 50 }).idle().catch(messageOf))
    .toMatch(/no answer within 50 ms \(signalled\); raise timeoutMs$/u)
})

test('A thread that spins keeps no caller waiting longer than timeoutMs, and nothing is left of what was given up', async () => {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  setEnvironmentData('spinner', flag.buffer)
  await using system = await startSystem({ threads: 1, handleSignals: false })
  const free = await system.spawn(quotes, { placement: 'main', name: 'free' })
  const spinning = await system.spawn(spinner, { maxRestarts: Infinity })
  spinning.tell.spin()
  await expect.poll(() => Atomics.load(flag, 0)).toBe(1)

  const waits = [
    system.group<Quotes>('team').join(free, { timeoutMs: 50 }),
    system.topic(prices).subscribe(free, 'onPrice', '', { timeoutMs: 50 }),
    system.spawn(quotes, { name: 'given up', timeoutMs: 50, shutdownMs: 0 }),
    system.startPool(quotes, { name: 'pool', size: 2, timeoutMs: 50, shutdownMs: 0 }),
  ]

  const outcomes = await Promise.all(waits.map(wait => wait.catch((error: unknown) => error)))
  expect(outcomes.every(outcome => outcome instanceof WaitTimeoutError)).toBe(true)
  await system.killHost(spinning)
  await expect.poll(() => system.root.children.map(({ id }) => id)).toEqual(['free', 'actor-1'])
  await system.spawn(quotes, { name: 'given up' })
  await system.startPool(quotes, { name: 'pool', size: 1 })
})

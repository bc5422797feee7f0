import { getEventListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import lodger, { notesIn, redelivered } from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { runProgram } from '../fixtures/run-program.js'
import { startSystem, type DeadLetter, type System } from '../index.js'

expectNoLeaksAfterEach()

let directory: string
let notes: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zera-notes-'))
  notes = join(directory, 'notes')
})
afterEach(() => rm(directory, { recursive: true }))

async function startWithNode(heartbeat = {}): Promise<{ system: System; deadLetters: DeadLetter[] }> {
  const system = await startSystem({
    threads: 1,
    nodes: [{ name: 'a' }],
    heartbeat,
    handleSignals: false,
    startMs: 60_000,
  })
  const deadLetters: DeadLetter[] = []
  system.events.on('dead-letter', letter => deadLetters.push(letter))
  return { system, deadLetters }
}

describe('a child node that is killed', () => {
  test('takes its actors down as unreachable, gives back what they had, and they start again in another process', async () => {
    const started = await startWithNode()
    await using system = started.system
    const ref = await system.spawn(lodger, { placement: 'any-node', maxRestarts: Infinity })
    const pid = await ref.ask.pid()
    const [hostDown, restarted, watched] = [
      nextEvent(system, 'host-down'),
      nextEvent(system, 'actor-restarted'),
      system.watch(ref),
    ]
    const waiting = ref.ask.noteAndWait(notes).catch((error: unknown) => error)
    await expect.poll(() => notesIn(notes).length, { timeout: 20_000 }).toBe(1)

    process.kill(pid, 'SIGKILL')
    for (const number of [1, 2, 3]) ref.tell.take(number)
    const error = await waiting
    await restarted

    expect(error).toMatchObject({ name: 'ActorDownError', reason: 'unreachable', progress: 'begun' })
    expect(await hostDown).toMatchObject({ reason: 'unreachable', error: { name: 'NodeUnreachableError', node: 'a' } })
    expect(await watched).toMatchObject({ reason: 'unreachable' })
    expect(await ref.ask.pid()).not.toBe(pid)
    const taken = await ref.ask.taken()
    expect([...taken, ...started.deadLetters.map(({ args }) => args[0] as number)].toSorted((a, b) => a - b)).toEqual([
      1, 2, 3,
    ])
    expect(
      started.deadLetters.every(({ reason, progress }) => reason === 'thread-down' && progress !== undefined),
    ).toBe(true)
  })

  test('loses and disorders no tell to an actor with redeliver', async () => {
    const started = await startWithNode()
    await using system = started.system
    const [ref, other] = [
      await system.spawn(redelivered, { placement: 'any-node', maxRestarts: Infinity }),
      await system.spawn(redelivered, { placement: 'any-node', maxRestarts: Infinity }),
    ]
    const numbers = Array.from({ length: 3000 }, (_, at) => at + 1)

    for (const number of numbers) {
      ref.tell.note(notes, number)
      if (number % 1000 !== 500) continue
      await expect.poll(() => notesIn(notes).length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(number - 450)
      process.kill(await other.ask({ timeoutMs: 60_000 }).pid(), 'SIGKILL')
    }
    await ref.ask({ timeoutMs: 60_000 }).pid()

    const noted = notesIn(notes).map(Number)
    expect([...new Set(noted)]).toEqual(numbers)
    expect(started.deadLetters).toEqual([])
  })
})

describe('a node that is cut off', () => {
  test('is down within the deadline; when it goes on, its old threads handle nothing more, and its actors start again there', async () => {
    const started = await startWithNode({ heartbeatMs: 300, deadlineMs: 2000 })
    await using system = started.system
    const ref = await system.spawn(lodger, { placement: 'any-node', maxRestarts: Infinity })
    const pid = await ref.ask.pid()
    const [hostDown, restarted] = [nextEvent(system, 'host-down'), nextEvent(system, 'actor-restarted')]
    for (let number = 0; number < 50; number++) ref.tell.noteSlowly(notes, number, 20)
    await expect.poll(() => notesIn(notes).length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(2)

    process.kill(pid, 'SIGSTOP')
    const stoppedAt = performance.now()
    const down = await hostDown
    const silentMs = performance.now() - stoppedAt
    const before = notesIn(notes).length
    process.kill(pid, 'SIGCONT')
    await restarted

    expect(down).toMatchObject({ reason: 'unreachable' })
    // A busy machine is late; what it must not be is early.
    expect(silentMs).toBeGreaterThan(1000)
    expect(await ref.ask.pid()).toBe(pid)
    // One handler had begun before, which cannot be undone.
    expect(notesIn(notes).length).toBeLessThanOrEqual(before + 1)
    await eventually(() => expect(started.deadLetters.length).toBeGreaterThanOrEqual(49 - before))
    expect(notesIn(notes).length).toBeLessThanOrEqual(before + 1)
  })
})

test('a child node that was given up and goes on leaves nothing of its old sessions behind', async () => {
  const listen = vi.spyOn(EventTarget.prototype, 'addEventListener')
  const started = await startWithNode({ heartbeatMs: 100, deadlineMs: 300 })
  await using system = started.system
  const ref = await system.spawn(lodger, { placement: 'any-node', maxRestarts: Infinity })
  const pid = await ref.ask.pid()

  for (let session = 1; session <= 2; session++) {
    const restarted = nextEvent(system, 'actor-restarted')
    // A main thread that is blocked loses its nodes.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    await restarted
  }
  const signals = new Set(listen.mock.contexts.filter(target => target instanceof AbortSignal))
  listen.mockRestore()

  expect(await ref.ask.pid()).toBe(pid)
  expect(Math.max(...Array.from(signals, signal => getEventListeners(signal, 'abort').length))).toBe(1)
})

test('a child node ends when the process of its system was killed', async () => {
  const ended = await runProgram('programs/nodes/main-has-node', [], ['SIGKILL'])
  const pid = Number(ended.stdout)

  expect(ended).toMatchObject({ signal: 'SIGKILL', stderr: '' })
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
})

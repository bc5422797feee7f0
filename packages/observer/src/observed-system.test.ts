import type { Worker } from 'node:worker_threads'
import { startSystem } from '@zera/actors'
import { expectNoLeaks } from '@zera/core'
import { afterEach, describe, expect, test } from 'vitest'
import { ask, askJson } from './fixtures/ask.js'
import spinner from './fixtures/spinner.js'
import type { SystemState } from './model/state.js'

afterEach(() => expectNoLeaks())

describe('A system with an observer', () => {
  test('shows its threads, its actors and what they have handled', async () => {
    await using system = await startSystem({ threads: 2, name: 'shop', observer: true, handleSignals: false })
    const ref = await system.spawn(spinner, { name: 'whirl' })
    for (let n = 0; n < 10; n++) await ref.ask.ready()
    const { url } = await system.observe()
    const look = () => askJson<SystemState>(url, '/api/state')
    await expect.poll(async () => (await look()).tree.length).toBe(1)

    const state = await look()

    expect(state).toMatchObject({
      name: 'shop',
      pid: process.pid,
      counters: { handled: 10, failed: 0, messagesLost: 0 },
    })
    expect(state.threads.map(({ name, condition }) => `${name} ${condition}`)).toEqual([
      'main well',
      'shop/1 well',
      'shop/2 well',
    ])
    expect(state.tree).toMatchObject([
      { kind: 'actor', state: 'running', actor: { name: 'whirl', definition: 'Spinner', handled: 10 } },
    ])
    expect(state.methods).toMatchObject([
      { definition: 'Spinner', method: 'ready', total: { handled: 10, run: { count: 10 } } },
    ])
    expect(state.findings).toEqual([])
  })

  test('keeps what has happened, with the black box of a thread that went down', async () => {
    const system = await startSystem({ threads: 1, observer: true, handleSignals: false, log: false })
    const ref = await system.spawn(spinner, { name: 'whirl', placement: 'own-thread' })
    await ref.ask.ready()
    await system.killHost(ref)
    await ref.ask.ready()
    const { url } = await system.observe()
    const history = async () => (await askJson<SystemState>(url, '/api/state')).history

    await expect
      .poll(async () => (await history()).map(({ type }) => type))
      .toEqual(['host-down', 'actor-failed', 'host-started', 'actor-restarted'])
    expect((await history())[0]).toMatchObject({
      text: 'Thread 2.1 went down: killed',
      blackBox: [
        { what: 'begin', text: 'ask ready() of whirl' },
        { what: 'end', text: 'ask ready() of whirl' },
      ],
    })
    expect((await system.stop()).isClean).toBe(true)
  })

  test('knows what became of each message between threads, also of those whose threads died under load', async () => {
    await using system = await startSystem({ threads: 2, observer: true, handleSignals: false, log: false })
    const placement = 'own-thread'
    const [ref, other] = await Promise.all([system.spawn(spinner, { placement }), system.spawn(spinner, { placement })])
    const { url } = await system.observe()
    const ledger = async () => (await askJson<SystemState>(url, '/api/state')).ledger
    for (const victim of [ref, other]) {
      for (let n = 0; n < 2000; n++) for (const one of [ref, other]) one.tell.keep(1)
      await system.killHost(victim)
      await Promise.all([ref.ask.ready(), other.ask.ready()])
    }

    await expect.poll(ledger).toMatchObject({ underWay: 0, missing: 0 })
    const { sent, handled, givenBack, lost } = await ledger()
    expect(sent).toBeGreaterThan(8000)
    expect(givenBack + lost).toBeGreaterThan(0)
    expect(sent).toBe(handled + givenBack + lost)
  })

  test('says what takes the memory of a thread', async () => {
    await using system = await startSystem({ threads: 1, observer: true, handleSignals: false })
    const ref = await system.spawn(spinner)
    const { url } = await system.observe()
    interface Node {
      readonly callFrame: { readonly functionName: string }
      readonly selfSize: number
      readonly children: readonly Node[]
    }
    const sizeBelow = ({ selfSize, children }: Node): number =>
      children.reduce((sum, child) => sum + sizeBelow(child), selfSize)
    const sizeOf = (node: Node, name: string): number =>
      node.callFrame.functionName === name
        ? sizeBelow(node)
        : node.children.reduce((sum, child) => sum + sizeOf(child, name), 0)

    const profile = askJson<{ readonly head: Node }>(url, '/api/heap?host=1&ms=1500')
    const recorded = new AbortController()
    void profile.finally(() => recorded.abort()).catch(() => undefined)
    while (!recorded.signal.aborted) await ref.ask.keep(10)

    expect(sizeOf((await profile).head, 'keep')).toBeGreaterThan(50_000)
  })

  test('goes on at the same address, with its history, when the thread that shows it has died', async () => {
    const workers: Worker[] = []
    const note = (worker: Worker): void => void workers.push(worker)
    process.on('worker', note)
    const system = await startSystem({ threads: 1, observer: true, handleSignals: false, log: false })
    process.off('worker', note)
    const ref = await system.spawn(spinner, { placement: 'own-thread' })
    await system.killHost(ref)
    const { url } = await system.observe()
    const history = async () => (await askJson<SystemState>(url, '/api/state')).history.length
    await expect.poll(history).toBeGreaterThan(2)
    const before = await history()

    // The last that was started. It sleeps, so it is in no native code.
    await workers.at(-1)?.terminate()

    await expect.poll(() => history().catch(() => 0), { timeout: 20_000 }).toBeGreaterThanOrEqual(before)
    expect((await system.stop()).isClean).toBe(true)
  })

  test('stops with its page, and closes what is open', async () => {
    const system = await startSystem({ threads: 0, observer: true, handleSignals: false })
    const { url } = await system.observe()
    const live = ask(url, '/api/live').catch((error: unknown) => error)
    await ask(url, '/healthz')

    expect((await system.stop()).isClean).toBe(true)
    await live
    await expect(ask(url, '/healthz')).rejects.toThrow('ECONNREFUSED')
  })

  test('says what is wrong when it cannot listen, and leaves nothing open', async () => {
    await using first = await startSystem({ threads: 0, observer: true, handleSignals: false })
    const port = Number(new URL((await first.observe()).url).port)

    await expect(startSystem({ threads: 0, observer: { port }, handleSignals: false })).rejects.toMatchObject({
      name: 'ObserverError',
      code: 'ZERA_OBSERVER',
      message: expect.stringContaining('EADDRINUSE') as string,
    })
  })

  test('is none unless it was asked for', async () => {
    await using system = await startSystem({ threads: 0, handleSignals: false })

    await expect(system.observe()).rejects.toMatchObject({ code: 'ZERA_OBSERVER' })
  })

  test.each([
    [{ port: -1 }, RangeError],
    [{ port: 1.5 }, RangeError],
    [{ token: 'short' }, RangeError],
    [{ token: 'with spaces in it, and long' }, RangeError],
    [{ host: '0.0.0.0' }, RangeError],
    [{ host: '0.0.0.0', token: 'correct-horse-battery' }, RangeError],
    [{ prot: 1 }, TypeError],
    [{ host: 5 }, TypeError],
  ])('refuses %j', async (observer, kind) => {
    await expect(startSystem({ threads: 0, observer: observer as object })).rejects.toThrow(kind)
  })
})

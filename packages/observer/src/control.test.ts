import { startSystem, withTraceparent } from '@zera/actors'
import type { TracedMessage } from '@zera/actors/internal'
import { expectNoLeaks } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, askJson } from './fixtures/ask.js'
import { lines } from './fixtures/kept-lines.js'
import partner from './fixtures/partner.js'
import type { ActorView, SystemState } from './model/state.js'

const QUIET = { handleSignals: false, log: { sink: new URL('./fixtures/kept-lines.js', import.meta.url) } } as const

beforeEach(() => void lines.splice(0))
afterEach(() => expectNoLeaks())

/** What an act has come to. */
async function act(url: string, what: object): Promise<string> {
  const { status, body } = await ask(url, '/api/control', {}, what)
  return `${status} ${body}`
}

describe('An observer with control', () => {
  test('restarts and stops actors, and kills threads, and says who did it', async () => {
    await using system = await startSystem({ ...QUIET, threads: 1, observer: { control: true } })
    const { url } = await system.observe()
    const [one, other] = [
      await system.spawn(partner, { name: 'one' }),
      await system.spawn(partner, { name: 'other', placement: 'own-thread' }),
    ]

    const restarted = await act(url, { act: 'restart', actor: one.address.id })
    const killed = await act(url, { act: 'kill', host: other.address.host })
    await expect
      .poll(async () => (await system.snapshot()).tree.map(({ restarts, state }) => `${restarts} ${state}`))
      .toEqual(['1 running', '1 running'])
    const stopped = await act(url, { act: 'stop', actor: one.address.id })

    expect([restarted, killed, stopped].map(answer => answer.slice(0, 3))).toEqual(['200', '200', '200'])
    expect(await other.ask.name()).toBe('partner')
    await expect(one.ask.name()).rejects.toThrow('it was stopped by hand, by 127.0.0.1 (command)')
    expect(lines.filter(line => line.startsWith('control'))).toEqual([
      `control: 127.0.0.1 (command) restarts Partner#${one.address.id}@1 "one"`,
      'control: 127.0.0.1 (command) killed thread 2',
      `control: 127.0.0.1 (command) stopped Partner#${one.address.id}@1 "one"`,
    ])
    const { history } = await askJson<SystemState>(url, '/api/state')
    expect(history.filter(({ type }) => type === 'control')).toHaveLength(3)
  })

  test('resizes pools, and stops them', async () => {
    await using system = await startSystem({ ...QUIET, threads: 1, observer: { control: true } })
    const { url } = await system.observe()
    const pool = await system.startPool(partner, { name: 'partners', size: 2 })
    const { id } = pool.address
    const workers = async () => (await askJson<SystemState>(url, '/api/state')).pools.map(each => each.workers)

    expect(await act(url, { act: 'resize', pool: id, min: 4, max: 4 })).toMatch(/^200 /)
    await expect.poll(workers).toEqual([4])
    expect(await act(url, { act: 'resize', pool: id, min: 1, max: 1 })).toMatch(/^200 /)
    await expect.poll(workers).toEqual([1])
    expect(await pool.ask.name()).toBe('partner')
    expect(await act(url, { act: 'resize', pool: id, min: 3, max: 1 })).toMatch(/^409 .*min not above max/)
    expect(await act(url, { act: 'drain', pool: id })).toMatch(/^200 /)
    await expect.poll(workers).toEqual([])
  })

  test('sends dead letters again, whose arguments it shows only where that is wanted', async () => {
    const shown: (string | undefined)[] = []
    for (const payloads of [false, true]) {
      await using system = await startSystem({ ...QUIET, threads: 1, observer: { control: true, payloads } })
      const { url } = await system.observe()
      const ref = await system.spawn(partner)
      const letters = async () => (await askJson<SystemState>(url, '/api/state')).letters
      ref.tell.fail({ secret: 'x' })
      await expect.poll(async () => (await letters()).length).toBe(1)
      const [letter] = await letters()
      shown.push(letter?.args)

      expect(letter).toMatchObject({ method: 'fail', reason: 'handler-threw', error: 'on purpose' })
      expect(await act(url, { act: 'replay', letter: letter?.number })).toMatch(/^200 /)
      // It fails again, as another letter.
      await expect.poll(async () => (await letters()).map(each => each.number)).toEqual([2])
      expect(await act(url, { act: 'replay', letter: 1 })).toMatch(/^409 .*not kept any more/)
    }

    expect(shown).toEqual([undefined, "{ secret: 'x' }"])
  })

  test('does nothing that cannot be done, and says why', async () => {
    await using system = await startSystem({ ...QUIET, threads: 1, observer: { control: true } })
    const { url } = await system.observe()

    const answers = []
    for (const what of [
      { act: 'kill', host: 0 },
      { act: 'kill', host: 7 },
      { act: 'restart', actor: 9 },
      { act: 'stop', actor: 9 },
      { act: 'drain', pool: 9 },
      { act: 'burn' },
    ])
      answers.push(await act(url, what))

    expect(answers).toEqual([
      '409 {"error":"Cannot kill thread 0: it is the main thread"}',
      '409 {"error":"Cannot kill thread 7: it does not run"}',
      expect.stringMatching(/^409 .*actor 9/),
      expect.stringMatching(/^409 .*actor 9/),
      '409 {"error":"Cannot find pool 9: there is none, or it was stopped"}',
      expect.stringMatching(/^400 .*there is no such act/),
    ])
  })
})

describe('An observer', () => {
  test('only shows, unless it is to have control', async () => {
    await using system = await startSystem({ ...QUIET, threads: 1, observer: true })
    const { url } = await system.observe()
    const ref = await system.spawn(partner, { placement: 'own-thread' })

    expect(await act(url, { act: 'kill', host: ref.address.host })).toMatch(/^403 .*observer: \{ control: true \}/)
    expect(await ref.ask.name()).toBe('partner')
  })

  test('names two that wait for each other, within a second', async () => {
    await using system = await startSystem({ ...QUIET, threads: 2, observer: true, stopTimeoutMs: 1000 })
    const { url } = await system.observe()
    const [one, other] = [await system.spawn(partner, { name: 'one' }), await system.spawn(partner, { name: 'other' })]
    const look = () => askJson<SystemState>(url, '/api/state')
    expect((await look()).deadlocks).toEqual([])
    const begunAt = performance.now()

    one.tell.greet(other, one)
    await expect.poll(async () => (await look()).deadlocks.length, { interval: 50 }).toBe(1)
    const tookMs = performance.now() - begunAt

    const state = await look()
    expect(tookMs).toBeLessThan(1000)
    expect(state.deadlocks[0]?.map(({ title }) => title).toSorted()).toEqual(['one', 'other'])
    expect(state.findings.find(({ kind }) => kind === 'deadlock')?.text).toMatch(
      /^These wait for each other: (one for askBack\(\) of other and other for name\(\) of one|other for name\(\) of one and one for askBack\(\) of other)$/,
    )
    const view = await askJson<ActorView>(url, `/api/actor?id=${one.address.id}`)
    expect(view).toMatchObject({
      node: { actor: { name: 'one', doing: { method: 'greet' } } },
      waitsFor: [{ to: { title: 'other' }, method: 'askBack' }],
      awaitedBy: [{ from: { title: 'other' }, method: 'name' }],
    })
    expect(view.entries.at(-1)).toMatchObject({ what: 'begin', text: 'tell greet()' })
  })

  test('follows a message over threads by its traceparent', async () => {
    await using system = await startSystem({ ...QUIET, threads: 2, observer: true })
    const { url } = await system.observe()
    const [one, other] = [await system.spawn(partner), await system.spawn(partner)]
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

    await withTraceparent(`00-${trace}-00f067aa0ba902b7-01`, () => one.ask.nameOf(other))
    await withTraceparent(`00-${trace}-00f067aa0ba902b7-01`, () => one.ask.fail()).catch(() => undefined)
    await one.ask.name()

    const messages = await askJson<TracedMessage[]>(url, '/api/traces')
    expect(messages).toMatchObject([
      { trace, parent: '00f067aa0ba902b7', host: 1, definition: 'Partner', method: 'nameOf', hasThrown: false },
      { method: 'fail', hasThrown: true },
      { trace, host: 2, actor: other.address.id, method: 'name', hasThrown: false },
    ])
    const [first, , second] = messages as [TracedMessage, TracedMessage, TracedMessage]
    expect(first.beganAtMs).toBeLessThanOrEqual(second.beganAtMs)
    expect(second.endedAtMs).toBeLessThanOrEqual(first.endedAtMs as number)
  })

  test('has the times of actors in processes of their own', async () => {
    await using system = await startSystem({ ...QUIET, threads: 0, observer: true })
    const { url } = await system.observe()
    const ref = await system.spawn(partner, { placement: 'own-process' })
    for (let n = 0; n < 5; n++) await ref.ask.name()

    const handled = async () =>
      (await askJson<SystemState>(url, '/api/state')).methods.map(({ method, total }) => `${method} ${total.handled}`)
    await expect.poll(handled, { timeout: 20_000 }).toEqual(['name 5'])
  })

  test('shows what is under way between threads, and is ready when all of them are', async () => {
    await using system = await startSystem({ ...QUIET, threads: 1, observer: true })
    const { url } = await system.observe()
    const ref = await system.spawn(partner)
    await ref.ask.name()

    const { links } = await askJson<SystemState>(url, '/api/state')

    expect(links.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(['0 1', '1 0'])
    expect(await ask(url, '/readyz')).toMatchObject({ status: 200, body: 'ready\n' })
    expect((await ask(url, '/api/actor?id=999')).status).toBe(404)
  })
})

import { ManualClock } from '@zera/core/testing'
import { describe, expect, test } from 'vitest'
import {
  ActorDownError,
  ActorRestartedError,
  ActorStoppedError,
  AskTimeoutError,
  UnknownMethodError,
} from '../../model/errors.js'
import type { Stall } from '../../model/events/stall.js'
import { PendingAsks, type Question } from './pending-asks.js'

const question: Question = { target: { host: 1, id: 16 }, method: 'add' }

function openAsks() {
  const clock = new ManualClock()
  const withdrawn: number[] = []
  const sent: number[] = []
  const stalls = new Map<number, Promise<Stall | undefined>>()
  const asks = new PendingAsks(clock, (_question, correlation) => void withdrawn.push(correlation), {
    explain: async () => undefined,
    stallOf: ({ host }) => stalls.get(host),
  })
  const send = (correlation: number): void => void sent.push(correlation)
  return { clock, withdrawn, sent, asks, send, stalls }
}

describe('PendingAsks.ask()', () => {
  test('says what keeps the thread of its target from answering, once that is known', async () => {
    const { asks, clock, send, stalls } = openAsks()
    let know: (stall: Stall) => void = () => undefined
    stalls.set(1, new Promise(resolve => (know = resolve)))
    const [stuck, other] = [question, { ...question, target: { host: 2, id: 17 } }]
    const [asked, elsewhere] = [asks.ask(stuck, {}, send), asks.ask(other, {}, send)]

    clock.advance(5000)
    await expect(elsewhere).rejects.toThrow('raise timeoutMs')
    know({ id: 18, actor: 'Spinner#18@1', method: 'spin', forMs: 7000 })

    await expect(asked).rejects.toThrow('its thread has been in spin() of Spinner#18@1 for 7.0 s')
    await expect(asked).rejects.toBeInstanceOf(AskTimeoutError)
  })

  test('resolves with its answer', async () => {
    const { asks, send, sent } = openAsks()
    const first = asks.ask(question, {}, send)
    const second = asks.ask(question, {}, send)

    asks.answer(sent[1] as number, 'b')
    asks.answer(sent[0] as number, 'a')

    expect(await Promise.all([first, second])).toEqual(['a', 'b'])
    expect(asks.size).toBe(0)
  })

  test('rejects after 5 seconds when nothing else is said, and withdraws', async () => {
    const { asks, clock, send, withdrawn, sent } = openAsks()
    const asked = asks.ask(question, {}, send)

    clock.advance(4999)
    expect(asks.size).toBe(1)
    clock.advance(1)

    await expect(asked).rejects.toMatchObject({ name: 'AskTimeoutError', code: 'ZERA_ASK_TIMEOUT', timeoutMs: 5000 })
    await expect(asked).rejects.toBeInstanceOf(AskTimeoutError)
    expect(withdrawn).toEqual(sent)
  })

  test('waits for ever with Infinity, and no longer than a turn with 0', async () => {
    const { asks, clock, send } = openAsks()
    void asks.ask(question, { timeoutMs: Infinity }, send)
    const impatient = asks.ask(question, { timeoutMs: 0 }, send)

    clock.advance(0)

    await expect(impatient).rejects.toBeInstanceOf(AskTimeoutError)
    expect([asks.size, clock.timers]).toEqual([1, 0])
  })

  test.each([-1, NaN, -Infinity])('rejects timeoutMs %d with a RangeError and sends nothing', async timeoutMs => {
    const { asks, clock, send, sent } = openAsks()

    const asked = asks.ask(question, { timeoutMs }, send)
    clock.turn()

    await expect(asked).rejects.toBeInstanceOf(RangeError)

    expect([sent, asks.size]).toEqual([[], 0])
  })

  test('rejects with the reason of a signal that had aborted, and sends nothing', async () => {
    const { asks, clock, send, sent } = openAsks()
    const reason = new Error('enough')

    const asked = asks.ask(question, { signal: AbortSignal.abort(reason) }, send)
    clock.turn()

    await expect(asked).rejects.toBe(reason)
    expect(sent).toEqual([])
  })

  test('rejects with the reason of a signal that aborts, and withdraws', async () => {
    const { asks, send, sent, withdrawn } = openAsks()
    const controller = new AbortController()
    const reason = new Error('enough')
    const asked = asks.ask(question, { signal: controller.signal }, send)

    controller.abort(reason)

    await expect(asked).rejects.toBe(reason)
    expect(withdrawn).toEqual(sent)
  })

  test('does not care for a signal that aborts when it is settled', async () => {
    const { asks, send, sent, withdrawn } = openAsks()
    const controller = new AbortController()
    const asked = asks.ask(question, { signal: controller.signal }, send)
    asks.answer(sent[0] as number, 1)

    controller.abort()

    expect([await asked, withdrawn]).toEqual([1, []])
  })

  test('rejects with what its sending throws', async () => {
    const { asks, clock } = openAsks()
    const error = new Error('full')

    const asked = asks.ask(question, {}, () => {
      throw error
    })
    clock.turn()

    await expect(asked).rejects.toBe(error)
    expect(asks.size).toBe(0)
  })
})

describe('PendingAsks', () => {
  test('refuse() rejects with an error of the kind', async () => {
    const { asks, clock, send } = openAsks()
    const thrown = new Error('thrown there')
    const kinds = [
      { kind: 'threw', error: thrown },
      { kind: 'stopped' },
      { kind: 'restarted' },
      { kind: 'unknown-method' },
    ] as const
    const asked = kinds.map(() => asks.ask(question, {}, send))

    kinds.forEach((refusal, index) => asks.refuse(index + 1, refusal))
    // Why an actor has stopped is asked first.
    await Promise.resolve()
    clock.turn()

    const errors = await Promise.all(asked.map(ask => ask.catch((error: unknown) => error)))
    expect(errors[0]).toBe(thrown)
    expect(errors.slice(1).map(error => (error as Error).constructor)).toEqual([
      ActorStoppedError,
      ActorRestartedError,
      UnknownMethodError,
    ])
  })

  test('down() rejects with how the thread ended and how far the message came', async () => {
    const { asks, send, sent } = openAsks()
    const cause = new Error('boom')
    const asked = asks.ask(question, {}, send)

    asks.down(sent[0] as number, 'threw', 'begun', cause)

    await expect(asked).rejects.toMatchObject({ reason: 'threw', progress: 'begun', cause })
    await expect(asked).rejects.toBeInstanceOf(ActorDownError)
  })

  test('waitingFor() names those that wait for a host', () => {
    const { asks, send } = openAsks()
    const elsewhere = { ...question, target: { host: 2, id: 17 } }
    for (const asked of [question, elsewhere, question]) void asks.ask(asked, {}, send)

    expect([asks.waitingFor(1), asks.waitingFor(2), asks.last]).toEqual([[1, 3], [2], 3])
  })

  test('item() passes on what comes before the answer, and nothing after it', async () => {
    const { asks, send, sent } = openAsks()
    const items: unknown[] = []
    const asked = asks.ask(question, {}, send, [], item => items.push(item))
    const [correlation] = sent as [number]

    asks.item(correlation, 1)
    asks.answer(correlation, undefined)
    asks.item(correlation, 2)

    await asked
    expect(items).toEqual([1])
  })

  test('rejectAll() rejects all and leaves no timer', async () => {
    const { asks, clock, send } = openAsks()
    const error = new Error('closed')
    const asked = [asks.ask(question, {}, send), asks.ask(question, { timeoutMs: 10 }, send)]

    asks.rejectAll(() => error)

    for (const ask of asked) await expect(ask).rejects.toBe(error)
    expect([asks.size, clock.timers]).toEqual([0, 0])
  })

  test('describe() says in words what is waited for', () => {
    const { asks, send } = openAsks()
    void asks.ask(question, {}, send)
    void asks.ask({ target: { host: 1, id: 0 }, method: 'start' }, {}, send)

    expect([...asks.describe()]).toEqual(['add() of service #16 of host 1', 'start() of guardian of host 1'])
  })
})

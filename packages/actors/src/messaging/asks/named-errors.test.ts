import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mistakenClass, type Mistaken } from '../../fixtures/actors/mistaken.js'
import { ActorStoppedError, AskTimeoutError, SystemStoppedError } from '../../model/errors.js'
import type { ActorRef } from '../../model/refs/ref.js'
import { startSystem } from '../../system/start-system.js'
import type { System } from '../../system/system.js'

let system: System

beforeAll(
  async () =>
    void (system = await startSystem({
      threads: 1,
      log: { level: 'error', sink: new URL('../../fixtures/silent-sink.js', import.meta.url) },
    })),
)
afterAll(() => system.stop())

async function errorOf(call: () => Promise<unknown>): Promise<Error> {
  return await namedCaller(call).then(
    () => new Error('It did not reject'),
    (error: unknown) => error as Error,
  )
}

async function namedCaller(call: () => Promise<unknown>): Promise<unknown> {
  return await call()
}

describe.each(['main', 'shared', 'pool'] as const)('an error of an ask to an actor placed %s', placement => {
  let ref: ActorRef<Mistaken>
  let named: RegExp

  beforeAll(async () => {
    ref =
      placement === 'pool'
        ? await system.startPool(mistakenClass, { size: 1, name: `named ${placement}`, maxRestarts: Infinity })
        : await system.spawn(mistakenClass, { placement, name: `named ${placement}`, maxRestarts: Infinity })
    // The error names the worker of the pool that was asked; the pool has no address of its own.
    const name = placement === 'pool' ? 'named pool/0' : `named ${placement}`
    named = new RegExp(`Mistaken#\\d+@\\d "${name}"`, 'u')
  })

  test('names it, and shows the caller, when it throws', async () => {
    const error = await errorOf(() => ref.ask.fail('broken'))

    expect(error.message).toBe('broken')
    expect(error.stack).toMatch(/at Mistaken\.fail .*mistaken/u)
    expect(error.stack).toMatch(named)
    expect(error.stack).toMatch(/at (async )?namedCaller/u)
  })

  test('names it, and shows the caller, when it does not answer', async () => {
    const error = await errorOf(() => ref.ask({ timeoutMs: 1 }).hang())

    expect(error).toBeInstanceOf(AskTimeoutError)
    expect(error.message).toMatch(named)
    expect(error.stack).toMatch(/at (async )?namedCaller/u)
  })

  test('shows who reads, when its stream throws', async () => {
    const error = await errorOf(async function reader() {
      for await (const item of ref.stream.failing()) void item
    })

    expect(error.message).toBe('broken stream')
    expect(error.stack).toMatch(/at (async )?reader/u)
  })

  test('says by whom it was stopped', async () => {
    await system.stop(ref)

    const error = await errorOf(() => ref.ask.calls())

    expect(error).toBeInstanceOf(ActorStoppedError)
    expect(error).toMatchObject({
      reason: placement === 'pool' ? 'system.stop stopped the pool' : 'system.stop stopped it',
    })
    expect(error.message).toContain(`"named ${placement}"`)
    expect(error.stack).toMatch(/at (async )?namedCaller/u)
  })
})

describe('ActorStoppedError', () => {
  test('says after how many failures the actor was given up, and the last', async () => {
    const ref = await system.spawn(mistakenClass, { maxRestarts: 1, periodMs: 60_000 })
    for (const message of ['first', 'last']) await errorOf(() => ref.ask.fail(message))

    const error = await errorOf(() => ref.ask.calls())

    expect(error).toBeInstanceOf(ActorStoppedError)
    expect((error as ActorStoppedError).reason).toMatch(/2 failures within 60 s.*Error: last/u)
    expect(error.cause).toMatchObject({ message: 'last' })
  })

  test('says that it stopped itself', async () => {
    const ref = await system.spawn(mistakenClass)
    await ref.ask.leave()
    await system.watch(ref)

    expect(await errorOf(() => ref.ask.calls())).toMatchObject({ reason: 'it stopped itself' })
  })
})

test('SystemStoppedError names the actor, also after the stop', async () => {
  const other = await startSystem({ threads: 1 })
  const ref = await other.spawn(mistakenClass, { name: 'late' })
  const waiting = errorOf(() => ref.ask({ timeoutMs: Infinity }).hang())
  await other.stop({ timeoutMs: 1000 })

  for (const error of [
    await waiting,
    await errorOf(() => ref.ask.calls()),
    await errorOf(async () => ref.tell.leave()),
  ])
    expect(error.message).toMatch(/Mistaken#\d+@1 "late"/u)
  expect(await errorOf(() => ref.ask.calls())).toBeInstanceOf(SystemStoppedError)
})

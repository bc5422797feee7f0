import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Kinds, { type Kinds as KindsActor } from '../fixtures/actors/kinds.js'
import { defineActor } from '../model/definition.js'
import { ActorStartError, UnknownMethodError } from '../model/errors.js'
import type { ActorRef } from '../model/refs/ref.js'
import { startSystem } from '../system/start-system.js'
import type { System } from '../system/system.js'

let system: System

beforeAll(async () => void (system = await startSystem({ threads: 1 })))
afterAll(() => system.stop())

class Counter {
  add(): void {}
}

describe.each(['main', 'shared'] as const)('an actor with methods of all kinds, placed %s', placement => {
  let kinds: ActorRef<KindsActor>

  beforeAll(async () => void (kinds = await system.spawn(Kinds, { placement })))

  test('is asked whatever compiles', async () => {
    const { ask } = kinds
    const answers = [
      ask.field(1),
      ask.accessor(),
      ask.inherited(),
      ask.overloaded('a'),
      ask.overloaded(1),
      ask[0](),
      ask.call(),
      ask.apply(),
      ask.bind(),
      ask.name(),
      ask.length(),
      ask.prototype(),
    ]

    expect(await Promise.all(answers)).toEqual([
      2,
      'no function',
      'inherited',
      'a',
      1,
      'zero',
      'call',
      'apply',
      'bind',
      'name',
      'length',
      'prototype',
    ])
    expect(await ask({ timeoutMs: 1000 }).apply()).toBe('apply')
    expect(kinds.tell.field(1)).toBe(true)
  })

  test('streams what is declared to be an iterable', async () => {
    expect([await kinds.stream.items().next(), await kinds.stream.pairs().next()]).toMatchObject([
      { value: 1 },
      { value: [1, 'one'] },
    ])
  })

  test('is not asked what does not compile', async () => {
    const any = kinds.ask as unknown as Record<string, () => Promise<unknown>>

    await expect(any['text']?.()).rejects.toBeInstanceOf(UnknownMethodError)
    await expect(any['optional']?.()).rejects.toBeInstanceOf(UnknownMethodError)
    expect([any['then'], Object.prototype.hasOwnProperty.call(kinds.tell, 'toString')]).toEqual([undefined, false])
  })
})

test('an actor whose urgent method is missing does not start', async () => {
  const wrong = defineActor(import.meta.url, Counter, { mailbox: { urgent: ['ad' as 'add'] } })

  const error: unknown = await system.spawn(wrong, { placement: 'main' }).catch((thrown: unknown) => thrown)

  expect(error).toBeInstanceOf(ActorStartError)
  expect((error as Error).cause).toBeInstanceOf(TypeError)
})

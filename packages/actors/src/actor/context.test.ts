import { describe, expect, test, vi } from 'vitest'
import { actorContext, currentActor } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import { InstanceContext, runWithContext, type ContextParts } from './context.js'

class Child {
  act(): void {}
}
const definition = defineActor(import.meta.url, Child)

function actorOf(parts: object = {}): ContextParts {
  return parts as ContextParts
}

describe('actorContext()', () => {
  test('is the context of the actor whose code runs', () => {
    const [outer, inner] = [new InstanceContext(actorOf()), new InstanceContext(actorOf())]

    const seen = runWithContext(outer, () => [
      actorContext(),
      runWithContext(inner, () => actorContext()),
      actorContext(),
    ])

    expect(seen).toEqual([outer, inner, outer])
    expect(currentActor()).toBeUndefined()
  })

  test('throws a TypeError where no actor runs, also after code that threw', () => {
    expect(() =>
      runWithContext(new InstanceContext(actorOf()), () => {
        throw new RangeError('in the actor')
      }),
    ).toThrow(RangeError)

    expect(() => actorContext()).toThrow(TypeError)
  })

  test('is gone after the first await', async () => {
    const later = runWithContext(new InstanceContext(actorOf()), async () => {
      await Promise.resolve()
      return currentActor()
    })

    expect(await later).toBeUndefined()
  })
})

describe('ActorContext', () => {
  test('shows what its actor is doing now', () => {
    const signal = AbortSignal.abort()
    const call = { redelivered: 2, traceparent: 'trace' }
    const context = new InstanceContext(actorOf({ loop: { call, cancellation: { signal } } }))

    expect([context.sender, context.signal, context.redelivered, context.traceparent]).toEqual([
      undefined,
      signal,
      2,
      'trace',
    ])
  })

  test('spawn() and stop() ask its actor', async () => {
    const [spawn, stopSelf] = [vi.fn<() => Promise<string>>(() => Promise.resolve('ref')), vi.fn<() => void>()]
    const context = new InstanceContext(actorOf({ children: { spawn }, stopSelf }))

    expect(await context.spawn(definition)).toBe('ref')
    context.stop()

    expect(spawn).toHaveBeenCalledWith(definition, {})
    expect(stopSelf).toHaveBeenCalledOnce()
  })
})

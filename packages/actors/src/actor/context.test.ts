import { describe, expect, test, vi } from 'vitest'
import { actorContext, currentActor } from '../model/actor-context.js'
import { defineActor } from '../model/definition.js'
import { InstanceContext, runWithContext, type ContextSource } from './context.js'

class Child {
  act(): void {}
}
const definition = defineActor(import.meta.url, Child)

function sourceOf(parts: Partial<ContextSource> = {}): ContextSource {
  return parts as ContextSource
}

describe('actorContext()', () => {
  test('is the context of the actor whose code runs', () => {
    const [outer, inner] = [new InstanceContext(sourceOf()), new InstanceContext(sourceOf())]

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
      runWithContext(new InstanceContext(sourceOf()), () => {
        throw new RangeError('in the actor')
      }),
    ).toThrow(RangeError)

    expect(() => actorContext()).toThrow(TypeError)
  })

  test('is gone after the first await', async () => {
    const later = runWithContext(new InstanceContext(sourceOf()), async () => {
      await Promise.resolve()
      return currentActor()
    })

    expect(await later).toBeUndefined()
  })
})

describe('ActorContext', () => {
  test('shows what its actor is doing now', () => {
    const source = { sender: undefined as ContextSource['sender'], signal: AbortSignal.abort() }
    const context = new InstanceContext(sourceOf(source))

    expect([context.sender, context.signal]).toEqual([undefined, source.signal])
  })

  test('spawn() and stop() ask its actor', async () => {
    const [spawn, stopSelf] = [vi.fn<() => Promise<string>>(() => Promise.resolve('ref')), vi.fn<() => void>()]
    const context = new InstanceContext(sourceOf({ spawn: spawn as never, stopSelf }))

    expect(await context.spawn(definition)).toBe('ref')
    context.stop()

    expect(spawn).toHaveBeenCalledWith(definition, {})
    expect(stopSelf).toHaveBeenCalledOnce()
  })
})

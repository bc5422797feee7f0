import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { exported } from '../fixtures/modules/definitions.js'
import type { ActorDefinition } from './actor-definition.js'
import { defineActor, findDefinition, importDefinition, isDefinition, makerOf } from './definition.js'
import { DefinitionError } from './errors.js'

const definitions = new URL('../fixtures/modules/definitions.js', import.meta.url).href

class Base {
  inherited(): void {}
  overridden(): void {}
}

class Actor extends Base {
  static ofTheClass(): void {}
  field = (): void => undefined
  get getter(): () => void {
    return () => undefined
  }
  #secret(): void {}
  onStart(): void {}
  onStop(): void {}
  onRestart(): void {}
  own(): void {
    this.#secret()
  }
  override overridden(): void {}
  async *stream(): AsyncGenerator<number> {
    yield 1
  }
}

describe('defineActor()', () => {
  test('takes the methods of the class and of those that it extends, but for its life', () => {
    const { name, methods } = defineActor(import.meta.url, Actor)

    expect(name).toBe('Actor')
    expect([...(methods ?? [])].toSorted()).toEqual(['inherited', 'overridden', 'own', 'stream'])
  })

  test('takes classes that extend nothing at all', () => {
    class Rootless {
      act(): void {}
    }
    Object.setPrototypeOf(Rootless.prototype, null)

    expect(defineActor(import.meta.url, Rootless).methods).toEqual(new Set(['act']))
  })

  test('takes a function that makes actors, and leaves its methods to what it makes', () => {
    const makeActor = (): Actor => new Actor()

    const definition = defineActor(import.meta.url, makeActor)

    expect(definition).toMatchObject({ name: 'makeActor', methods: undefined })
    expect(makerOf(definition)).toEqual({ kind: 'factory', factory: makeActor })
  })

  test('takes for a class what was one before there were classes', () => {
    const Old = function Old() {} as unknown as new () => { act(): void }
    Old.prototype.act = () => undefined

    expect(defineActor(import.meta.url, Old).methods).toEqual(new Set(['act']))
  })

  test('takes a name, also for a class that has none', () => {
    const anonymous = class {
      act(): void {}
    }

    expect(defineActor(import.meta.url, Actor, { name: 'Player' }).name).toBe('Player')
    expect(defineActor(import.meta.url, anonymous, { name: 'Anonymous' }).name).toBe('Anonymous')
  })

  test('takes the path of a module', () => {
    expect(defineActor(fileURLToPath(import.meta.url), Actor).url).toBe(import.meta.url)
  })

  test('throws a TypeError without a URL or without a name', () => {
    for (const url of ['./actor.js', undefined as unknown as string])
      expect(() => defineActor(url, Actor)).toThrow(TypeError)
    expect(() =>
      defineActor(
        import.meta.url,
        class {
          act(): void {}
        },
      ),
    ).toThrow(TypeError)
    expect(() => defineActor(import.meta.url, () => ({}))).toThrow('the function has no name')
    for (const name of ['', 7 as unknown as string])
      expect(() => defineActor(import.meta.url, Actor, { name })).toThrow(TypeError)
    expect(() => defineActor(import.meta.url, Actor, { name: 'a\nb' })).toThrow(RangeError)
  })

  test('gives the same definition for the same class', () => {
    expect(defineActor(import.meta.url, Actor, { redeliver: true })).toBe(
      defineActor(import.meta.url, Actor, { redeliver: true }),
    )
  })

  test('throws a TypeError for two of one name in one module, which threads could not tell apart', () => {
    const makeActor = (): Actor => new Actor()
    const other = (): object => ({})
    Object.defineProperty(other, 'name', { value: 'makeActor' })
    const definition = defineActor(import.meta.url, makeActor)

    expect(() => defineActor(import.meta.url, other)).toThrow(TypeError)
    expect(() => defineActor(import.meta.url, other)).toThrow(`makeActor: it is defined twice in ${import.meta.url}`)
    expect(() => defineActor(import.meta.url, makeActor, { redeliver: true })).toThrow(TypeError)

    expect(defineActor(import.meta.url, other, { name: 'other' })).not.toBe(definition)
    expect(defineActor('file:///elsewhere.js', other)).not.toBe(definition)
    expect(findDefinition(import.meta.url, 'makeActor')).toBe(definition)
  })
})

describe('isDefinition()', () => {
  test('knows what defineActor made, and nothing like it', () => {
    const definition = defineActor(import.meta.url, Actor)

    expect(isDefinition(definition)).toBe(true)
    for (const value of [{ ...definition }, Actor, 'Actor', null, undefined, {}])
      expect(isDefinition(value)).toBe(false)
  })

  test('knows a definition whose module was evaluated again', async () => {
    const evaluate = (): ActorDefinition<object> => defineActor(import.meta.url, () => ({}), { name: 'again' })
    const before = evaluate()
    await Promise.resolve()

    const after = evaluate()

    expect(after).not.toBe(before)
    expect([before, after].map(isDefinition)).toEqual([true, true])
    expect(findDefinition(import.meta.url, 'again')).toBe(after)
  })
})

describe('findDefinition()', () => {
  test('finds what was defined in this thread', () => {
    const definition = defineActor(import.meta.url, Actor)

    expect(findDefinition(import.meta.url, 'Actor')).toBe(definition)
    expect(findDefinition(import.meta.url, 'Other')).toBeUndefined()
  })
})

describe('importDefinition()', () => {
  test('finds what a module has defined, exported or not', async () => {
    expect(await importDefinition(definitions, 'Exported')).toBe(exported)
    for (const name of ['Unexported', 'Anonymous'])
      expect(await importDefinition(definitions, name)).toMatchObject({ name, url: definitions })
  })

  test.each([
    ['a module that is not there', new URL('./nowhere.js', import.meta.url).href],
    ['a module that throws', new URL('../fixtures/modules/throws-at-import.js', import.meta.url).href],
  ])('rejects with a DefinitionError and its cause for %s', async (_what, url) => {
    const importing = importDefinition(url, 'Actor')

    await expect(importing).rejects.toBeInstanceOf(DefinitionError)
    await expect(importing).rejects.toMatchObject({ code: 'ZERA_DEFINITION', url, cause: expect.any(Error) as Error })
  })

  test('rejects with a DefinitionError for a module that does not define it', async () => {
    await expect(importDefinition(definitions, 'Hidden')).rejects.toBeInstanceOf(DefinitionError)
  })
})

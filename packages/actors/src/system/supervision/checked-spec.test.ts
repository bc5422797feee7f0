import type { StartService } from '@zera/core'
import { describe, expect, test } from 'vitest'
import Counter from '../../fixtures/actors/counter.js'
import { defineActor } from '../../model/definition.js'
import { poolPlan } from '../../model/pools/pool-options.js'
import { child, type ChildSpec } from '../../model/supervision/child-spec.js'
import { checkSpawn, checkSpec, checkSupervisor } from './checked-spec.js'

const startService: StartService = () => Promise.reject(new Error('not here'))

describe('checkSpec()', () => {
  test('fills in the defaults of an actor', () => {
    expect(checkSpec(child(Counter))).toEqual({
      id: undefined,
      start: {
        kind: 'actor',
        definition: { url: Counter.url, name: 'Counter' },
        name: '',
        props: undefined,
        placement: 'shared',
        maxHeapMb: undefined,
        maxRssMb: undefined,
      },
      restart: 'permanent',
      shutdownMs: 5000,
      significant: false,
    })
  })

  test('takes a function for a service, and an object with children for a supervisor, which has all the time that its children need', () => {
    const spec = checkSpec({ start: { children: [child(startService), child(Counter, { shutdownMs: 'kill' })] } })

    expect([spec.start.kind, spec.shutdownMs]).toEqual(['supervisor', Infinity])
    expect(spec.start.kind === 'supervisor' && spec.start.supervisor).toMatchObject({
      strategy: 'one-for-one',
      maxRestarts: 1,
      periodMs: 5000,
      autoShutdown: 'never',
      children: [{ start: { kind: 'service' } }, { start: { kind: 'actor' }, shutdownMs: 'kill' }],
    })
  })

  test('lets undefined stand for what is left out', () => {
    const spec = {
      start: Counter,
      id: undefined,
      restart: undefined,
      shutdownMs: undefined,
      significant: undefined,
      placement: undefined,
      name: undefined,
    }

    expect(checkSpec(spec)).toEqual(checkSpec({ start: Counter }))
  })

  test.each([
    ['a number', 7],
    ['an object without children', {}],
    ['a copy of a definition', { ...Counter }],
    [
      'a class',
      class Till {
        pay(): void {}
      },
    ],
    ['nothing', undefined],
  ])('rejects what cannot be started with a TypeError: %s', (_what, start) => {
    expect(() => checkSpec({ start } as unknown as ChildSpec)).toThrow(TypeError)
  })

  test.each([
    [Counter, 'pass child(Counter)'],
    [
      class Till {
        pay(): void {}
      },
      'it is the class Till',
    ],
    [undefined, 'it is undefined'],
    [import('../../fixtures/actors/counter.js'), 'it is a promise'],
    ['./till.js', 'it is the text "./till.js"'],
  ])('says what was passed for a child, and what to pass: %s', (spec, text) => {
    const check = (): unknown => checkSpec(spec as unknown as ChildSpec)

    expect(check).toThrow(TypeError)
    expect(check).toThrow(text)
  })

  test.each(['', 'orders/till'])('refuses the name and the id %j, which no path could show', name => {
    expect(() => checkSpec(child(Counter, { name }))).toThrow(RangeError)
    expect(() => checkSpec(child(startService, { id: name }))).toThrow(RangeError)
    expect(() => checkSpawn(Counter, { name })).toThrow(RangeError)
    expect(() => poolPlan({ name })).toThrow(RangeError)
  })

  test.each([
    { restart: 'sometimes' },
    { shutdownMs: -1 },
    { shutdownMs: NaN },
    { placement: 'elsewhere' },
    { maxHeapMb: 1.99, placement: 'own-thread' },
    { maxHeapMb: Infinity, placement: 'own-thread' },
    { maxRssMb: 0, placement: 'own-process' },
    { maxRssMb: NaN, placement: 'own-process' },
    { maxRssMb: '800', placement: 'own-process' },
  ])('rejects %o with a RangeError', options => {
    expect(() => checkSpec({ start: Counter, ...options } as ChildSpec)).toThrow(RangeError)
  })

  test('lets a child be significant where that means something', () => {
    const significant = child(Counter, { restart: 'transient', significant: true })

    expect(checkSpec(significant, 'any').significant).toBe(true)
    expect(() => checkSpec(significant, 'never')).toThrow(TypeError)
    expect(() => checkSpec({ ...significant, restart: 'permanent' }, 'all')).toThrow(TypeError)
  })

  test('rejects a heap limit without a thread of its own with a TypeError', () => {
    expect(() => checkSpec(child(Counter, { maxHeapMb: 64 }))).toThrow(TypeError)
    expect(() => checkSpec(child(Counter, { maxRssMb: 64, placement: 'own-thread' }))).toThrow(TypeError)
    expect(() =>
      checkSpec(
        child(
          defineActor(
            'data:text/javascript,',
            class Elsewhere {
              hello(): void {}
            },
          ),
          { placement: 'own-process' },
        ),
      ),
    ).toThrow(TypeError)
  })
})

describe('checkSpawn()', () => {
  test('has an actor that stops of its own accord gone, where a child by its spec is started again', () => {
    expect([checkSpawn(Counter, {}).restart, checkSpec(child(Counter)).restart]).toEqual(['transient', 'permanent'])
  })

  test.each([{ maxRestarts: -1 }, { periodMs: NaN }, { backoff: { firstMs: 1, maxMs: 1000 } }])(
    'rejects %o with a RangeError',
    options => {
      expect(() => checkSpawn(Counter, options as never)).toThrow(RangeError)
    },
  )
})

describe('checkSupervisor()', () => {
  test.each([
    { strategy: 'some-for-one' },
    { autoShutdown: 'sometimes' },
    { maxRestarts: -1 },
    { periodMs: NaN },
    { backoff: { firstMs: -1, factor: 2, maxMs: 1000 } },
    { backoff: { firstMs: 1, factor: NaN, maxMs: 1000 } },
  ])('rejects %o with a RangeError', options => {
    expect(() => checkSupervisor(options as never)).toThrow(RangeError)
  })

  test('checks the children of its children', () => {
    expect(() => checkSupervisor({}, [{ start: { children: [child(Counter, { shutdownMs: -1 })] } }])).toThrow(
      RangeError,
    )
  })
})

import { describe, expect, test } from 'vitest'
import { childSpec, DEFAULT_CHILD_SPEC, type ChildSpec } from './child-spec.js'

describe('childSpec()', () => {
  test("has OTP's defaults, on a shared thread", () => {
    expect(childSpec({})).toEqual({
      placement: 'shared',
      restart: 'permanent',
      maxRestarts: 1,
      periodMs: 5000,
      shutdownMs: 5000,
      maxHeapMb: undefined,
    } satisfies ChildSpec)
  })

  test('keeps what is given, and takes undefined as not given', () => {
    const given = { placement: 'own-thread', maxHeapMb: 64, maxRestarts: Infinity, shutdownMs: 0 } as const

    expect(childSpec({ ...given, periodMs: undefined as unknown as number })).toEqual({ ...DEFAULT_CHILD_SPEC, ...given })
  })

  test.each([
    { maxRestarts: -1 },
    { maxRestarts: NaN },
    { periodMs: -1 },
    { shutdownMs: NaN },
    { maxHeapMb: 0, placement: 'own-thread' },
    { placement: 'elsewhere' },
    { restart: 'sometimes' },
  ])('throws a RangeError for %o', options => {
    expect(() => childSpec(options as Partial<ChildSpec>)).toThrow(RangeError)
  })

  test('throws a TypeError for a heap limit without a thread of its own', () => {
    expect(() => childSpec({ maxHeapMb: 64 })).toThrow(TypeError)
  })
})

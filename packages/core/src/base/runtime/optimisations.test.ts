import { describe, expect, test } from 'vitest'
import { optimisations, readOptimisations } from './optimisations.js'

describe('readOptimisations()', () => {
  test.each([
    [undefined, { rows: true, spin: true, ipc: true, rehearsal: true }],
    ['', { rows: true, spin: true, ipc: true, rehearsal: true }],
    ['rows', { rows: false, spin: true, ipc: true, rehearsal: true }],
    ['spin,rows', { rows: false, spin: false, ipc: true, rehearsal: true }],
    ['ipc', { rows: true, spin: true, ipc: false, rehearsal: true }],
    ['rehearsal', { rows: true, spin: true, ipc: true, rehearsal: false }],
  ])('reads %j', (without, expected) => {
    expect(readOptimisations(without)).toEqual(expected)
  })

  test('refuses what is none', () => {
    expect(() => readOptimisations('rows,turbo')).toThrow(RangeError)
  })

  test('all are on by default', () => {
    expect(optimisations).toEqual({ rows: true, spin: true, ipc: true, rehearsal: true })
  })
})

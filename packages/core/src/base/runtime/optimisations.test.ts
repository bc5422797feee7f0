import { describe, expect, test } from 'vitest'
import { optimisations, readOptimisations } from './optimisations.js'

const ALL = {
  rows: true,
  batches: true,
  blocks: true,
  spin: true,
  lazy: true,
  ipc: true,
  rehearsal: true,
  memory: true,
}

describe('readOptimisations()', () => {
  test.each([
    [undefined, ALL],
    ['', ALL],
    ['rows', { ...ALL, rows: false }],
    ['spin,rows', { ...ALL, rows: false, spin: false }],
    ['lazy', { ...ALL, lazy: false }],
    ['batches', { ...ALL, batches: false }],
    ['ipc,blocks', { ...ALL, ipc: false, blocks: false }],
  ])('reads %j', (without, expected) => {
    expect(readOptimisations(without)).toEqual(expected)
  })

  test('refuses what is none', () => {
    expect(() => readOptimisations('rows,turbo')).toThrow(RangeError)
  })

  test('all are on by default', () => {
    expect(optimisations).toEqual(ALL)
  })
})

import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { defineJob, findJob, jobSource } from './job.js'

const add = (a: number, b: number): number => a + b
const anonymous = (
  () => (n: number) =>
    n
)()

describe('defineJob()', () => {
  test('takes the path of a module, and a name, also for a function that has none', () => {
    expect(defineJob(fileURLToPath(import.meta.url), add, { name: 'plus' })).toEqual({
      url: import.meta.url,
      name: 'plus',
    })
    expect(defineJob(import.meta.url, anonymous, { name: 'anonymous' }).name).toBe('anonymous')
  })

  test('throws a TypeError without a URL, without a name, and for a second job of a name', () => {
    expect(() => defineJob('./job.js', add)).toThrow(TypeError)
    expect(() => defineJob(undefined as unknown as string, add)).toThrow(TypeError)
    expect(() => defineJob(import.meta.url, anonymous)).toThrow(TypeError)
    defineJob(import.meta.url, add)
    defineJob(import.meta.url, add)
    expect(() => defineJob(import.meta.url, anonymous, { name: 'add' })).toThrow(TypeError)
  })
})

describe('findJob()', () => {
  test('finds a job that a module has defined, exported or not, and a function that it exports', () => {
    defineJob('file:///jobs.js', add)
    const foreign = Object.defineProperty({ url: 'file:///jobs.js', name: 'foreign' }, 'job', { value: anonymous })

    expect(findJob({}, 'file:///jobs.js', 'add')).toBe(add)
    expect(findJob({ x: foreign }, 'file:///jobs.js', 'foreign')).toBe(anonymous)
    expect(findJob({ default: anonymous }, 'file:///jobs.js', 'default')).toBe(anonymous)
    expect(findJob({}, 'file:///other.js', 'add')).toBeUndefined()
  })
})

test('jobSource() takes URLs and paths of modules', () => {
  const named = { kind: 'module', url: import.meta.url, name: 'add' }

  for (const url of [import.meta.url, new URL(import.meta.url), fileURLToPath(import.meta.url)])
    expect(jobSource({ url, name: 'add' })).toEqual(named)
  expect(() => jobSource({ url: './job.js', name: 'add' })).toThrow(TypeError)
})

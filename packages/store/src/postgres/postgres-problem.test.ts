import { expect, test } from 'vitest'
import { problemOf, withoutPassword } from './postgres-problem.js'

test.each([
  ['28P01', 'it refuses the user or the password'],
  ['53100', 'its disk is full'],
  ['57P03', 'it is starting or stopping'],
  ['ECONNREFUSED', 'it does not listen there'],
])('error %s: %s', (code, problem) => {
  const error = Object.assign(new Error('no'), { code })

  expect(problemOf('postgres://here', error)).toMatchObject({ store: 'postgres://here', problem, cause: error })
  expect(problemOf('postgres://here', new AggregateError([error]))).toMatchObject({ problem })
})

test('an unknown error is said as it is', () => {
  expect(problemOf('postgres://here', new Error('odd')).problem).toBe('odd')
})

test.each([
  ['postgres://me:secret@here:5432/app', 'postgres://me@here:5432/app'],
  ['postgres://me@here/app?password=secret&ssl=1', 'postgres://me@here/app?password=…&ssl=1'],
  ['postgres://here/app', 'postgres://here/app'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown)
})

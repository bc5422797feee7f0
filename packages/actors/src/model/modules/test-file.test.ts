import { expect, test } from 'vitest'
import { testFileError } from './test-file.js'

test.each([
  'Vitest failed to find the current suite. One of the following is possible:\n- …',
  'Vitest failed to access its internal state.',
  'Do not import `@jest/globals` outside of the Jest test environment',
  'describe is not defined',
  'beforeAll is not defined',
])('testFileError() knows a test file by %j', message => {
  const thrown = new Error(message)

  expect(testFileError('file:///app/x.test.ts', thrown)).toMatchObject({ name: 'TypeError', cause: thrown })
})

test.each([new Error('DATABASE_URL is not defined'), new Error('x'), 'describe is not defined', undefined, null])(
  'testFileError() leaves %s alone',
  thrown => {
    expect(testFileError('file:///app/x.ts', thrown)).toBeUndefined()
  },
)

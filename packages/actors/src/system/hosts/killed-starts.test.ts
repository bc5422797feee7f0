import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

describe('threads that are killed while they load modules', () => {
  test.each([
    ['starts', 30],
    ['jobs', 30],
    ['stops', 30],
  ])('leave no file open: %s', async (mode, count) => {
    expect(await runProgram('programs/main-leaves-no-files', [mode, String(count)])).toEqual({
      code: 0,
      signal: null,
      stdout: 'true \n',
      stderr: '',
    })
  })
})

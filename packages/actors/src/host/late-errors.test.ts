import { expect, test } from 'vitest'
import { runProgram } from '../fixtures/run-program.js'

test('a thread of actors, or of jobs, goes down alone by what cannot be read, and its actors are back', async () => {
  expect(await runProgram('programs/main-hears-odd-values')).toMatchObject({ code: 0, signal: null, stdout: 'done\n' })
})

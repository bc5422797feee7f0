import { expect, test } from 'vitest'
import { runProgram } from './fixtures/run-program.js'

test('stop() keeps the process alive until it is done, whatever it waits for', async () => {
  expect(await runProgram('main-stops-slowly')).toMatchObject({ code: 0, signal: null, stdout: 'clean\n' })
})

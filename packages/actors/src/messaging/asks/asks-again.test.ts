import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

describe('a program that tries again whenever it is refused', () => {
  test.concurrent.each(['stopped', 'pool', 'full', 'aborted', 'unsent', 'spawn'])(
    'leaves its thread to others, too: %s',
    async what => {
      expect(await runProgram('programs/main-asks-again', [what])).toEqual({
        code: 0,
        signal: null,
        stdout: 'asks\n',
        stderr: '',
      })
    },
  )

  test('ends with its system', async () => {
    const ended = await runProgram('programs/main-asks-again', ['stopping'], ['SIGTERM'])

    expect([ended.code, ended.signal]).toEqual([143, null])
  })
})

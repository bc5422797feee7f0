import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

describe('interruptSignal() in a program', () => {
  test.each([
    ['SIGINT', 'finishes', 130],
    ['SIGTERM', 'finishes', 143],
    ['SIGINT', 'finishes-with-0', 0],
  ] as const)('%s lets it finish (%s) and sets exit code %d', async (signal, way, code) => {
    const ended = await runProgram('programs/main-is-interrupted', [way], signal)

    expect(ended).toEqual({ code, signal: null, stdout: `waiting\n${signal} ZERA_INTERRUPTED\nfinished\n`, stderr: '' })
  })

  test('a second signal ends it at once', async () => {
    const ended = await runProgram('programs/main-is-interrupted', ['hangs'], 'SIGINT')

    expect(ended).toEqual({
      code: 130,
      signal: null,
      stdout: 'waiting\nSIGINT ZERA_INTERRUPTED\nstill waiting\n',
      stderr: '',
    })
  })

  test('gives the signals back when it is disposed', async () => {
    const ended = await runProgram('programs/main-is-interrupted', ['disposed'], 'SIGTERM')

    expect(ended).toMatchObject({ code: null, signal: 'SIGTERM' })
  })
})

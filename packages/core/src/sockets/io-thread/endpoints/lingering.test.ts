import { describe, expect, test } from 'vitest'
import { runProgram } from '../../../fixtures/run-program.js'

/** A program of this folder. */
const LINGERS = '../sockets/fixtures/programs/main-lingers'

describe('the end of a process', () => {
  test.concurrent.each([
    ['pending', 'naturally'],
    ['pending', 'naturally', 1500],
    ['pending', 'exit'],
    ['pending', 'exit', 2500],
    ['taken', 'naturally'],
    ['open', 'exit', 60_000],
  ])('writes nothing where messages linger: %s, %s, %s', async (...args) => {
    expect(await runProgram(LINGERS, args)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  })

  test.concurrent('says what was thrown, and nothing else', async () => {
    const { code, stderr } = await runProgram(LINGERS, ['pending', 'throw'])

    expect(code).toBe(1)
    expect(stderr).not.toContain('ZeroMQ')
  })

  test.concurrent.each(['naturally', 'exit'])(
    'waits for no message that has been taken, however long it might linger: %s',
    { timeout: 30_000 },
    async how => {
      expect(await runProgram(LINGERS, ['taken', how, 600_000])).toEqual({
        code: 0,
        signal: null,
        stdout: '',
        stderr: '',
      })
    },
  )
})

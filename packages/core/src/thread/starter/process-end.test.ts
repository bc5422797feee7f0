import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

describe('a process whose threads exchange messages at full speed', { timeout: 120_000 }, () => {
  test.each([
    ['exit', 3, ''],
    ['throw', 1, 'main throws'],
    ['reject', 1, 'main rejects'],
    ['naturally', 0, ''],
  ])('ends with the exit code that is expected when main ends by %s', async (way, code, text) => {
    const ended = await runProgram('programs/main-ends', [way])

    expect(ended).toMatchObject({ code, signal: null })
    expect(ended.stderr).toContain(text)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with %s', async signal => {
    const ended = await runProgram('programs/main-ends', ['wait'], signal)

    expect(ended).toMatchObject({ code: null, signal })
  })

  test.each([1, 30, 60, 90, 120])(
    'ends with the exit code that is expected %d ms into the start of threads',
    async ms => {
      const ended = await runProgram('programs/main-ends-while-starting', [ms])

      expect(ended).toMatchObject({ code: 3, signal: null, stderr: '' })
    },
  )

  test.concurrent.each([
    ['kill', 50, 'killed'],
    ['exit', 10, 'exited'],
    ['throw', 10, 'threw'],
    ['fill-heap', 5, 'heap-limit'],
    ['leak', 8, 'heap-limit'],
  ])('survives threads that end by %s, %d of them', async (way, count, reason) => {
    const ended = await runProgram('programs/main-kills', [way, count])

    expect(ended).toEqual({ code: 0, signal: null, stdout: `${reason}\n`, stderr: '' })
  })

  test('survives threads that are killed at every moment of their start', async () => {
    const ended = await runProgram('programs/main-kills-starting', [40])

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'true\n', stderr: '' })
  })

  test('leaves no file of a module open when threads are killed while they load it', async () => {
    const ended = await runProgram('programs/main-leaves-no-files', [40])

    expect(ended).toEqual({ code: 0, signal: null, stdout: '\n', stderr: '' })
  })

  test('goes on when it has no sockets left for one more thread', async () => {
    const ended = await runProgram('programs/main-runs-out-of-sockets', [5])

    expect(ended).toEqual({ code: 0, signal: null, stdout: '2 started\n', stderr: '' })
  })

  test('shows what a thread printed right before it returned', async () => {
    const ended = await runProgram('programs/main-prints')

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'printed by the thread\n', stderr: '' })
  })
})

import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

const PROGRAM = '../sockets/fixtures/programs/main-ends-with-sockets'

describe('a process with a SUB that waits, a REQ that waits and a ROUTER at its mark, in main and in a thread', () => {
  test.each([
    ['exit', 3, ''],
    ['throw', 1, 'main throws'],
    ['reject', 1, 'main rejects'],
    ['naturally', 0, ''],
  ])('ends with the exit code that is expected when main ends by %s', async (way, code, text) => {
    const ended = await runProgram(PROGRAM, [way])

    expect(ended).toMatchObject({ code, signal: null })
    expect(ended.stderr).toContain(text)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with %s', async signal => {
    const ended = await runProgram(PROGRAM, ['wait'], signal)

    expect(ended).toMatchObject({ code: null, signal, stderr: '' })
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('exits when %s was handled, with code %d', async (signal, code) => {
    const ended = await runProgram(PROGRAM, ['interrupt'], signal)

    expect(ended).toMatchObject({ code, signal: null, stderr: '' })
  })
})

test(
  'twelve such processes that exit at once, on fewer cores, all end with their exit code',
  { timeout: 60_000 },
  async () => {
    const ended = await Promise.all(Array.from({ length: 12 }, () => runProgram(PROGRAM, ['exit'])))

    expect(ended.map(({ code, signal }) => code ?? signal)).toEqual(Array.from({ length: 12 }, () => 3))
  },
)

test.each([0, 20, 50, 100])('a process may exit %d ms into the opening of its first socket', async ms => {
  const ended = await runProgram(PROGRAM, ['exit-while-starting', ms])

  expect(ended).toMatchObject({ code: 3, signal: null, stderr: '' })
})

test.each(['closed', 'refused'])('a process whose only socket was %s ends by itself', async way => {
  const ended = await runProgram(PROGRAM, [way])

  expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
})

test.each([
  ['kill', 'killed'],
  ['exit', 'exited'],
  ['throw', 'threw'],
  ['fill-heap', 'heap-limit'],
  ['return', 'stopped'],
])(
  'a process goes on when threads with such sockets end by %s, and their port can be bound again at once',
  async (way, reason) => {
    const ended = await runProgram('../sockets/fixtures/programs/main-survives-serving-threads', [way, 3])

    expect(ended).toEqual({ code: 0, signal: null, stdout: `${reason}\n`, stderr: '' })
  },
)

test('a process that waits for the end of threads with sockets does not end before them', async () => {
  const ended = await runProgram('../sockets/fixtures/programs/main-awaits-socket-threads', [20])

  expect(ended).toEqual({ code: 0, signal: null, stdout: '20 ended\n', stderr: '' })
})

test('a process that watches sockets ends with its exit code, however it ends', async () => {
  const ended = await Promise.all(
    ['throws', 'exits', 'closes', 'naturally'].map(how =>
      runProgram('../sockets/fixtures/programs/main-ends-watching', [how]),
    ),
  )

  expect(ended.map(({ code, signal }) => code ?? signal)).toEqual([1, 7, 5, 0])
})

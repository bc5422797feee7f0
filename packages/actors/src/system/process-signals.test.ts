import { describe, expect, test } from 'vitest'
import { runProgram } from '../fixtures/run-program.js'
import { planSignal } from './process-signals.js'

test.each([
  ['the first', undefined, false, { systems: 'stop', end: 'exit' }],
  ['the first, which the program minds', undefined, true, { systems: 'let-go', end: 'program' }],
  ['the second', { systems: 'stop', end: 'exit' }, false, { systems: 'force', end: 'exit' }],
  [
    'the second, which the program minds',
    { systems: 'let-go', end: 'program' },
    true,
    { systems: 'force', end: 'program' },
  ],
  [
    'one that the program has raised again',
    { systems: 'let-go', end: 'program' },
    false,
    { systems: 'stop', end: 'raise' },
  ],
  ['one after that', { systems: 'stop', end: 'raise' }, false, { systems: 'force', end: 'raise' }],
] as const)('planSignal() says what is done at %s', (_which, before, hasOwnHandler, plan) => {
  expect(planSignal({ before, hasOwnHandler })).toEqual(plan)
})

describe('a program with a system', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops it at %s, lets actors finish, and ends with %i', async (signal, exitCode) => {
    const ended = await runProgram('programs/main-is-interrupted', ['idle'], [signal])

    expect(ended).toMatchObject({ code: exitCode, signal: null, stderr: '' })
    expect(ended.stdout).toBe('ready\nclean true\n')
  })

  test('stops all its systems before it ends', async () => {
    const ended = await runProgram('programs/main-is-interrupted', ['two-systems'], ['SIGTERM'])

    expect(ended).toMatchObject({ code: 143, stderr: '' })
    expect(ended.stdout).toBe('ready\nclean true\nclean true\n')
  })

  test('ends with the same code when it awaits an answer that does not come', async () => {
    const ended = await runProgram('programs/main-is-interrupted', ['asking'], ['SIGINT'])

    expect(ended).toMatchObject({ code: 130, stdout: 'ready\nclean false\n', stderr: '' })
  })

  test('ends at the second signal without waiting for anything', async () => {
    const ended = await runProgram('programs/main-is-interrupted', ['hanging'], ['SIGINT', 'SIGINT'])

    expect(ended).toMatchObject({ code: 130, stdout: 'ready\nstopping\n', stderr: '' })
  })

  test('ends with the same code when it is interrupted while the system starts', async () => {
    expect(await runProgram('programs/main-is-interrupted', ['starting'])).toMatchObject({ code: 130, stderr: '' })
  })

  test('that minds signals itself is left to', async () => {
    const ended = await runProgram('programs/main-is-interrupted', ['own-handler'], ['SIGTERM'])

    expect(ended).toMatchObject({ code: 7, stdout: 'ready\nmine\n' })
  })

  test.each([
    ['leaves its end to a handler of its own', 'goes-on', 7, null, 'ready\nmine\nclean true\n'],
    [
      'that handles signals stops its systems when it has nothing else to do, and no sooner',
      'finishes-first',
      0,
      null,
      'ready\nmine\n8 answers\nclean true\n',
    ],
    [
      'whose handler goes on for ever has its systems stopped at half of their time',
      'never-ends',
      7,
      null,
      'ready\nclean true\n',
    ],
    [
      'ends by the signal when its systems have stopped, where its handler raises it again',
      'raises-it-again',
      null,
      'SIGTERM',
      'ready\nclean true\n',
    ],
    ['takes the handler of signal-exit for none', 'has-signal-exit', 143, null, 'ready\nclean true\n'],
  ])('%s', async (_what, mode, code, signal, stdout) => {
    expect(await runProgram('programs/main-is-interrupted', [mode], ['SIGTERM'])).toMatchObject({
      code,
      signal,
      stdout,
      stderr: '',
    })
  })

  test.each([
    ['its natural end, when it is unreferenced', 'natural', 0, 'ready\nclean true\n'],
    ['process.exit()', 'exit', 3, 'ready\n'],
    ['an uncaught error', 'throw', 1, 'ready\n'],
  ])('ends as it should at %s', async (_what, mode, code, stdout) => {
    expect(await runProgram('programs/main-is-interrupted', [mode])).toMatchObject({ code, signal: null, stdout })
  })

  test('starts an actor of its own module at its top level, on the main thread', async () => {
    expect(await runProgram('programs/main-defines-actor')).toMatchObject({ code: 0, stdout: 'hello\n', stderr: '' })
  })
})

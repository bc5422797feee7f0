import { describe, expect, test } from 'vitest'
import { DescriptorLimitError, ThreadStartError } from '../base/errors/errors.js'
import { runLimited } from '../fixtures/run-program.js'
import { countDescriptors, expectDescriptors, isShortage } from './descriptors.js'

const LIMIT = 96
const PROGRAM = 'programs/main-runs-out-of-descriptors'

describe('a process that has run out of descriptors', () => {
  describe.each([0, 1, 3, 8])('and has %d left', left => {
    test.concurrent.each([
      ['first-socket', `refused at ${LIMIT}, done`],
      ['first-thread', `refused at ${LIMIT}, done`],
    ])('refuses what it cannot do, and does it when it can: %s', { timeout: 30_000 }, async (what, said) => {
      expect(await runLimited(LIMIT, PROGRAM, [what, left])).toEqual({
        code: 0,
        signal: null,
        stdout: `${said}\n`,
        stderr: '',
      })
    })
  })

  test('refuses a socket and a bind, and has them when there are descriptors again', async () => {
    expect(await runLimited(LIMIT, PROGRAM, ['next-socket', 0])).toEqual({
      code: 0,
      signal: null,
      stdout: 'EMFILE, EMFILE, done, done\n',
      stderr: '',
    })
  })

  test.each([0, 1])('refuses the first socket of a thread with %d left, and keeps those of others', async left => {
    expect(await runLimited(LIMIT, PROGRAM, ['socket-of-thread', left])).toEqual({
      code: 0,
      signal: null,
      stdout: expect.stringMatching(/^ZERA_(DESCRIPTORS|SOCKET|ZMQ_EMFILE), done, done\n$/) as string,
      stderr: '',
    })
  })

  test.each([
    ['', 0],
    ['exit', 3],
    ['throw', 1],
  ])('ends with its exit code when ZeroMQ keeps sockets that no peer has met, by %s', async (way, code) => {
    expect(await runLimited(LIMIT, PROGRAM, ['nobody-binds', 0, way])).toMatchObject({
      code,
      signal: null,
      stdout: 'closed\n',
    })
  })
})

test('expectDescriptors() says how many there are, and may be', () => {
  expectDescriptors('do a little', 1)
  const count = countDescriptors()

  const refused = (): void => expectDescriptors('do too much', Number.MAX_SAFE_INTEGER)

  expect(refused).toThrow(
    expect.objectContaining({
      code: 'ZERA_DESCRIPTORS',
      limit: count?.limit,
      open: expect.any(Number) as number,
    }) as Error,
  )
  expect(refused).toThrow(DescriptorLimitError)
})

test.each([
  [new ThreadStartError('a', 'there is none', { cause: new DescriptorLimitError('start', undefined, 1) }), true],
  [new ThreadStartError('a', 'it is wrong', { cause: Object.assign(new Error('too many'), { code: 'EMFILE' }) }), true],
  [
    new ThreadStartError('a', 'it is wrong', {
      cause: Object.assign(new Error('no memory'), { code: 'ERR_WORKER_INIT_FAILED' }),
    }),
    true,
  ],
  [new ThreadStartError('a', 'it is wrong', { cause: new TypeError('no function') }), false],
  ['no error', false],
])('isShortage() tells what may succeed later: %s', (error, is) => {
  expect(isShortage(error)).toBe(is)
})

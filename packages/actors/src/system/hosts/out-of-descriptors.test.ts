import { describe, expect, test } from 'vitest'
import { runLimited } from '../../fixtures/run-program.js'

const LIMIT = 110
const PROGRAM = 'programs/main-runs-out-of-descriptors'

async function run(...args: string[]): Promise<{ readonly said: unknown; readonly end: unknown }> {
  const { stdout, ...end } = await runLimited(LIMIT, PROGRAM, args)
  const [said = 'null'] = stdout.split('\n')
  return { said: JSON.parse(said), end: { ...end, last: stdout.trim().split('\n').at(-1) } }
}

describe('a system that has run out of descriptors', () => {
  test('gives back what goes to a thread that there is no link to, goes on, and links the two later', async () => {
    const { said, end } = await run('link', 'exit')

    expect(said).toEqual({ refused: ['ZERA_LINK', 'ZERA_LINK'], alive: [0, 0], met: [1, 2], deadLetters: 30, downs: 0 })
    expect(end).toEqual({ code: 3, signal: null, stderr: '', last: 'clean' })
  })

  test('refuses a thread for an actor, and starts it later', async () => {
    const { said, end } = await run('spawn')

    expect(said).toEqual({ refused: 'ZERA_ACTOR_START', alive: [0, 0], met: 1 })
    expect(end).toEqual({ code: 0, signal: null, stderr: '', last: 'clean' })
  })

  test(
    'tries to start a thread instead of one that has ended until it can, and no actor is given up',
    { timeout: 60_000 },
    async () => {
      const { said, end } = await run('restart')

      expect(said).toEqual({ alive: 0, answer: 0 })
      expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
    },
  )

  test('can be stopped while it tries', { timeout: 60_000 }, async () => {
    const { said, end } = await run('restart', 'stop-in-want')

    expect(said).toEqual({ alive: 0, answer: 'not awaited' })
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
  })
})

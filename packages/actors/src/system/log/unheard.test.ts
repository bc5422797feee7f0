import { expect, test } from 'vitest'
import { runModule } from '../../../../core/dist/fixtures/run-module.js'

const PROGRAM = new URL('../../fixtures/programs/logs/main-fails-unheard.js', import.meta.url)

test('a program that listens to nothing reads on its standard error what failed: actors, and a thread', async () => {
  const { code, stdout, stderr } = await runModule(PROGRAM)

  const lines = stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { readonly level: number; readonly event: string; readonly actor?: string })
  const failures = lines.filter(({ level }) => level >= 50)
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(failures).toMatchObject([
    { event: 'actor-failed', actor: expect.stringMatching(/^Doomed#\d+@1 "told"$/), msg: 'failed in fail()' },
    { event: 'actor-failed', err: { message: 'the database is down' } },
    { event: 'actor-given-up', actor: expect.stringMatching(/"told"$/) as string },
    { event: 'host-down', reason: 'exited', actors: [expect.stringMatching(/"dying"$/)] },
  ])
})

test('a program that wants no log reads nothing, whatever fails or logs, and wherever', async () => {
  const { code, stdout, stderr } = await runModule(PROGRAM, { args: ['silent'] })

  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
})

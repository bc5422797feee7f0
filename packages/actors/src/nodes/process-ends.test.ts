import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { eventually } from '../fixtures/eventually.js'
import { expectTmpdirLeftEmpty } from '../fixtures/own-tmpdir.js'
import { runProgram } from '../fixtures/run-program.js'

expectTmpdirLeftEmpty()

/** Whatever a system leaves when it has ended it lets go of soon. */
async function expectNothingLeft(pid: number): Promise<void> {
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
  await eventually(() => expect(readdirSync(tmpdir())).toEqual([]))
}

describe('processes of actors end with the process of their system', () => {
  test.each<[how: string, args: readonly string[], signals: readonly NodeJS.Signals[], ended: object]>([
    ['is killed', [], ['SIGKILL'], { signal: 'SIGKILL' }],
    ['is killed while they spin', ['spins'], ['SIGKILL'], { signal: 'SIGKILL' }],
    ['is killed while they hang in native code', ['hangs'], ['SIGKILL'], { signal: 'SIGKILL' }],
    ['exits while they hang in native code', ['exit', 'hangs'], [], { code: 3 }],
    ['is interrupted', [], ['SIGINT'], { code: 130 }],
    ['is terminated while they spin', ['spins'], ['SIGTERM'], { code: 143 }],
    ['exits', ['exit'], [], { code: 3 }],
    ['exits while they spin', ['exit', 'spins'], [], { code: 3 }],
    ['throws', ['throw'], [], { code: 1 }],
    ['has stopped its system', ['stop'], [], { code: 0, stdout: expect.stringContaining('true') }],
  ])('which %s', async (_how, args, signals, expected) => {
    const ended = await runProgram(
      'programs/nodes/main-has-process',
      [...args, `${process.env['TMPDIR']}/fifo`],
      signals,
    )
    rmSync(`${process.env['TMPDIR']}/fifo`, { force: true })

    expect(ended).toMatchObject(expected)
    await expectNothingLeft(Number.parseInt(ended.stdout, 10))
  })
})

test('a process for which there are no descriptors is reported, and started when there are some', async () => {
  const { stdout, code } = await runProgram('programs/nodes/main-has-no-descriptors')

  expect(JSON.parse(stdout)).toEqual({ code: 'ZERA_ACTOR_START', cause: 'ZERA_THREAD_START', isBack: true })
  expect(code).toBe(0)
})

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

/** How a program ends whose system has processes: what it is told, the signals that it gets, and what comes of it. */
type Case = readonly [how: string, args: readonly string[], signals: readonly NodeJS.Signals[], ended: object]

const KILLED: Case = ['is killed', [], ['SIGKILL'], { signal: 'SIGKILL' }]
const LOST_ONE: Case = [
  'has lost one, and stopped its system',
  ['lose', 'stop'],
  [],
  { code: 0, stdout: expect.stringMatching(/^(\d+)\n(?!\1)\d+\ntrue\n$/) },
]
const STOPPED: Case = ['has stopped its system', ['stop'], [], { code: 0, stdout: expect.stringContaining('true') }]

async function expectEnd([, args, signals, expected]: Case, without: string): Promise<void> {
  const fifo = `${process.env['TMPDIR']}/fifo`
  const ended = await runProgram('programs/nodes/main-has-process', [...args, fifo], signals, { ZERA_WITHOUT: without })
  rmSync(fifo, { force: true })

  expect(ended).toMatchObject(expected)
  for (const pid of ended.stdout.match(/\d+/g) ?? []) await expectNothingLeft(Number(pid))
}

describe('processes of actors end with the process of their system', () => {
  test.each<Case>([
    KILLED,
    ['is killed while they spin', ['spins'], ['SIGKILL'], { signal: 'SIGKILL' }],
    ['is killed while they hang in native code', ['hangs'], ['SIGKILL'], { signal: 'SIGKILL' }],
    ['exits while they hang in native code', ['exit', 'hangs'], [], { code: 3 }],
    ['is interrupted', [], ['SIGINT'], { code: 130 }],
    ['is terminated while they spin', ['spins'], ['SIGTERM'], { code: 143 }],
    ['exits', ['exit'], [], { code: 3 }],
    ['exits while they spin', ['exit', 'spins'], [], { code: 3 }],
    ['throws', ['throw'], [], { code: 1 }],
    LOST_ONE,
    STOPPED,
  ])('which %s', async (...each) => expectEnd(each, process.env['ZERA_WITHOUT'] ?? ''))
})

describe('processes that are reached over tcp, as on Windows, end with the process of their system', () => {
  test.each<Case>([KILLED, LOST_ONE, STOPPED])('which %s', async (...each) => expectEnd(each, 'ipc'))
})

test('a process for which there are no descriptors is reported, and started when there are some', async () => {
  const { stdout, code } = await runProgram('programs/nodes/main-has-no-descriptors')

  expect(JSON.parse(stdout)).toEqual({ code: 'ZERA_ACTOR_START', cause: 'ZERA_THREAD_START', isBack: true })
  expect(code).toBe(0)
})

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../fixtures/programs/main-forgets-stop.js', import.meta.url))
const HINT = /the process stays alive only for the system that was started at .*main-forgets-stop\.js:\d+/u

interface End {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

/** Runs the program until it ends, or has said what it is to say, and is told to stop then. */
function run(what: string, seconds: number): Promise<End> {
  const child = spawn(process.execPath, [PROGRAM, what, String(seconds)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (data: Buffer) => {
      output[stream] += data.toString()
      if (HINT.test(output[stream])) child.kill('SIGTERM')
    })
  return new Promise(resolve => child.on('close', (exitCode, signal) => resolve({ ...output, exitCode, signal })))
}

describe('a program that has ended and left its system running', () => {
  test('is told so once on its standard error, with the place where it started it', async () => {
    const { stdout, stderr, exitCode } = await run('', 60)

    expect(stderr.match(new RegExp(HINT, 'gu'))).toHaveLength(1)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 143 })
  })

  // The first look finds all but the first of them idle. The last one stops while its hosts are asked what they do.
  test.concurrent.each([
    ['before any look, by unref()', 'unref'],
    ['in a look, by unref()', 'look-unref'],
    ['after unref() in a look, which a server of its own outlives', 'held-unref'],
    ['in a look, by a stop', 'look-stop'],
    ['after two looks, by a stop', 'asked-stop'],
  ])('hears nothing when it ends %s', async (_when, what) => {
    expect(await run(what, 60)).toEqual({ stdout: '', stderr: '', exitCode: 0, signal: null })
  })

  // Each lives for longer than the looks take that would find it idle.
  test.concurrent.each([
    'server',
    'timer',
    'stdin',
    'watcher',
    'worker',
    'ask',
    'listener',
    'thread-server',
    'thread-timer',
    'thread-after',
    'look-server',
  ])('hears nothing while there is: %s', async what => {
    expect(await run(what, 5)).toEqual({ stdout: '', stderr: '', exitCode: 7, signal: null })
  })
})

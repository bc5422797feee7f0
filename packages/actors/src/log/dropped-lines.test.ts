import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const PROGRAM = `${process.execPath} ${fileURLToPath(new URL('../fixtures/programs/logs/main-logs-in-vain.js', import.meta.url))}`

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'zera-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/**
 * Runs a program that logs, with a redirection of its output, as a shell has it. Rejects when it ends otherwise than it
 * should.
 */
async function log(
  redirection: string,
  ...args: readonly string[]
): Promise<{ readonly dropped: readonly number[]; readonly restarts: number }> {
  const { stderr } = await promisify(execFile)('bash', [
    '-c',
    `set -o pipefail; ${PROGRAM} ${args.join(' ')} ${redirection}`,
  ])
  return JSON.parse(stderr) as { dropped: number[]; restarts: number }
}

describe('a line that cannot be written', () => {
  test('is counted in its thread when the disk is full, and said when there is room again', async () => {
    const file = join(folder, 'log')

    expect(await log('>/dev/full', file)).toEqual({ dropped: [11, 10], restarts: 0 })

    const why = expect.stringContaining('ENOSPC') as unknown
    expect(
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as unknown),
    ).toMatchObject([
      { host: 0, msg: 'log lines were dropped', level: 40, dropped: 11, why },
      { host: 0, msg: 'mention' },
      { host: 1, msg: 'log lines were dropped', level: 40, dropped: 10, why },
      { host: 1, msg: 'mention' },
    ])
  })

  test('throws into no handler when the reader of a pipe has gone', async () => {
    expect(await log('| true')).toEqual({ dropped: [11, 10], restarts: 0 })
  })

  test('throws into no handler when there is no standard output', async () => {
    // Node puts /dev/null there, which takes everything.
    expect(await log('>&-')).toEqual({ dropped: [0, 0], restarts: 0 })
  })
})

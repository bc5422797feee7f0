import { describe, expect, test } from 'vitest'
import { MemoryLimitError, ProcessDownError } from '../../../base/errors/errors.js'
import { judgeProcess, type ProcessEnding } from './process-ending.js'

const nothing: ProcessEnding = {
  exitCode: 0,
  signal: undefined,
  stderr: '',
  error: undefined,
  hasReported: false,
  wasKilled: false,
  overLimit: undefined,
}
const killed: ProcessEnding = { ...nothing, exitCode: undefined, signal: 'SIGKILL' }
const boom = new Error('boom')

describe('judgeProcess()', () => {
  test.each<[what: string, ending: ProcessEnding, judged: object]>([
    ['a report', { ...nothing, hasReported: true }, { reason: 'stopped', exitCode: 0, error: undefined }],
    ['an exit code', { ...nothing, exitCode: 7 }, { reason: 'exited', exitCode: 7, error: undefined }],
    ['an error', { ...nothing, exitCode: 1, error: boom }, { reason: 'threw', exitCode: 1, error: boom }],
    ['a kill', { ...killed, wasKilled: true }, { reason: 'killed', exitCode: 137, error: undefined }],
    ['a kill from outside', killed, { reason: 'crashed', exitCode: 137, error: expect.any(ProcessDownError) }],
    [
      'a fault',
      { ...killed, signal: 'SIGSEGV', stderr: 'oh' },
      {
        reason: 'crashed',
        exitCode: 139,
        error: expect.objectContaining({ signal: 'SIGSEGV', exitCode: undefined, stderr: 'oh' }),
      },
    ],
    [
      'an abort, by its exit code',
      { ...nothing, exitCode: 134 },
      { reason: 'crashed', exitCode: 134, error: expect.objectContaining({ signal: undefined, exitCode: 134 }) },
    ],
    ['a fault on Windows', { ...nothing, exitCode: 0xc000_0005 }, { reason: 'crashed', exitCode: 0xc000_0005 }],
    [
      'its limit',
      { ...killed, overLimit: { maxRssMb: 10, rssMb: 11 } },
      { reason: 'memory-limit', exitCode: 137, error: expect.any(MemoryLimitError) },
    ],
    [
      'its limit, and a kill that came too late',
      { ...killed, wasKilled: true, overLimit: { maxRssMb: 10, rssMb: 11 } },
      { reason: 'memory-limit', error: expect.objectContaining({ maxRssMb: 10, rssMb: 11 }) },
    ],
    [
      'a start that failed',
      { ...nothing, exitCode: undefined, error: boom },
      { reason: 'threw', exitCode: 1, error: boom },
    ],
  ])('%s', (_what, ending, judged) => {
    expect(judgeProcess('child', ending)).toMatchObject(judged)
  })
})

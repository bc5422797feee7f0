import { mkdtemp, readdir, rm } from 'node:fs/promises'
import nodeModule from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

const hasCompileCache = 'getCompileCacheDir' in nodeModule
const PROGRAM = 'programs/main-keeps-code'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zera-code-'))
})

afterAll(() => rm(folder, { recursive: true }))

describe('compileCacheFolder()', () => {
  test('is that of the program in its threads', async () => {
    const ended = await runProgram(PROGRAM, [folder])

    expect(ended).toEqual({ code: 0, signal: null, stdout: hasCompileCache ? `${folder}\n` : 'nowhere\n', stderr: '' })
    expect((await readdir(folder)).length > 0).toBe(hasCompileCache)
  })

  test('is nowhere when the program has none', async () => {
    const ended = await runProgram(PROGRAM)

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'nowhere\n', stderr: '' })
  })

  test('may be one that cannot be written', async () => {
    const ended = await runProgram(PROGRAM, ['/dev/null/zera-code'])

    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })
})

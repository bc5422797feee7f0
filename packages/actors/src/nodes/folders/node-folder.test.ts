import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'
import { socketPathProblem } from './node-folder.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zera-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Starts a node in a process whose temporary files lie there. */
async function startIn(temporary: string): Promise<unknown> {
  const { code, signal, stdout, stderr } = await runProgram('programs/nodes/main-starts-node', [], [], {
    TMPDIR: temporary,
    // Without ipc there is no such folder.
    ZERA_WITHOUT: '',
  })
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

describe('the folder for temporary files, where a node is started', () => {
  test('is missing, or a file, or takes nothing', async () => {
    const [missing, file, unwritable] = [join(folder, 'missing'), join(folder, 'file'), '/proc/self/fdinfo']
    await writeFile(file, '')
    const failed = { name: 'NodeFolderError', code: 'ZERA_NODE_FOLDER', node: 'a', left: 0 }

    expect(await startIn(missing)).toEqual({ ...failed, folder: missing, cause: 'ENOENT' })
    expect(await startIn(file)).toEqual({ ...failed, folder: file, cause: 'ENOTDIR' })
    expect(await startIn(unwritable)).toMatchObject({ ...failed, folder: unwritable })
  })

  test('has a path that is too long for sockets, or just short enough', async () => {
    const [long, short] = [78, 77].map(bytes => join(folder, 'x'.repeat(bytes - folder.length))) as [string, string]
    await mkdir(long)
    await mkdir(short)

    expect(await startIn(long)).toEqual({
      name: 'NodeFolderError',
      code: 'ZERA_NODE_FOLDER',
      node: 'a',
      folder: long,
      left: 0,
    })
    expect(await startIn(short)).toEqual({ isClean: true, left: 0 })
    expect(await readdir(long)).toEqual([])
    expect(await readdir(short)).toEqual([])
  })

  test.runIf(process.platform !== 'win32')(
    'can be written to by others, who could move away what lies there',
    async () => {
      const open = join(folder, 'open')
      const inOpen = join(open, 'own')
      await mkdir(inOpen, { recursive: true, mode: 0o700 })
      await chmod(open, 0o777)

      expect(await startIn(open)).toEqual({
        name: 'NodeFolderError',
        code: 'ZERA_NODE_FOLDER',
        node: 'a',
        folder: open,
        left: 0,
      })
      expect(await startIn(inOpen)).toMatchObject({ name: 'NodeFolderError', folder: inOpen })
      await chmod(open, 0o1777)
      expect(await startIn(open)).toEqual({ isClean: true, left: 0 })
    },
  )
})

describe('socketPathProblem()', () => {
  test.each([
    ['linux', 107],
    ['darwin', 103],
  ] as const)('on %s allows %i bytes', (platform, most) => {
    expect(socketPathProblem('/'.padEnd(most, 'x'), platform)).toBeUndefined()
    expect(socketPathProblem('/'.padEnd(most + 1, 'x'), platform)).toContain(String(most))
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { eventually } from '../fixtures/eventually.js'
import { expectTmpdirLeftEmpty } from '../fixtures/own-tmpdir.js'
import { removeStaleFolders } from './folders/stale-folders.js'

expectTmpdirLeftEmpty()

/** Processes that a process has started. */
const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

test.runIf(process.platform === 'linux')(
  'a system and its processes that are killed together leave no folder',
  async () => {
    const system = spawn(
      process.execPath,
      [fileURLToPath(new URL('../fixtures/programs/nodes/main-has-children.js', import.meta.url))],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(system.stdout, 'data')
    const pid = system.pid as number

    // None of them may do anything when another has ended.
    process.kill(pid, 'SIGSTOP')
    const children = childrenOf(pid)
    for (const child of children) process.kill(child, 'SIGSTOP')
    for (const child of [...children, pid]) process.kill(child, 'SIGKILL')
    await once(system, 'close')

    expect(children.length).toBe(3)
    await eventually(() => expect(children.filter(isAlive)).toEqual([]))
    expect(readdirSync(tmpdir())).toEqual([])
  },
)

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

function makeOld(folder: string, ageMs = 7_200_000): void {
  const at = new Date(Date.now() - ageMs)
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), at, at)
}

describe('removeStaleFolders()', () => {
  test('removes private folders of this user in which no process listens, and nothing else', async () => {
    const folder = (name: string, mode = 0o700): string => {
      mkdirSync(join(tmpdir(), name))
      chmodSync(join(tmpdir(), name), mode)
      return join(tmpdir(), name)
    }
    await killListener(join(folder('x-dead'), 'node'))
    await killListener(join(folder('x-open', 0o755), 'node'))
    await killListener(join(folder('y-dead'), 'node'))
    folder('x-empty')
    const server = createServer().listen(join(folder('x-alive'), 'node'))
    await once(server, 'listening')
    symlinkSync('y-dead', join(tmpdir(), 'x-link'))
    makeOld(tmpdir())
    await killListener(join(folder('x-fresh'), 'node'))

    await removeStaleFolders(tmpdir(), 'x-')

    expect(readdirSync(tmpdir()).toSorted()).toEqual(['x-alive', 'x-fresh', 'x-link', 'x-open', 'y-dead'])
    server.close()
    await once(server, 'close')
    for (const name of readdirSync(tmpdir())) rmSync(join(tmpdir(), name), { recursive: true })
  })

  test('leaves folders alone that are not there or cannot be read', async () => {
    await expect(removeStaleFolders(join(tmpdir(), 'missing'), '')).resolves.toBeUndefined()
  })
})

/** Leaves the file of a socket behind whose process was killed. */
async function killListener(path: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['-e', `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log(''))`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
}

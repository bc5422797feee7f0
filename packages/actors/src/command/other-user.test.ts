import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeKeys } from '@zera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import lodger from '../fixtures/actors/lodger.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { runCommandIn, type CommandRun } from '../fixtures/run-command.js'
import { startSystem } from '../index.js'

expectNoLeaksAfterEach()

/** Another user of the machine, who owns nothing. */
const NOBODY = 65_534
const AS_NOBODY = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
const canAttack = process.geteuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0

/** A folder for temporary files as every machine has it: all may make files there, and remove their own. */
let temporary: string
let before: string | undefined
beforeEach(async () => {
  before = process.env['TMPDIR']
  temporary = await mkdtemp(join(tmpdir(), 'zera-users-'))
  await chmod(temporary, 0o1777)
  process.env['TMPDIR'] = temporary
})
afterEach(async () => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  await rm(temporary, { recursive: true })
})

/**
 * What becomes of a piece of code that the other user runs: what it prints. It has `fs`, `path` to work on, and
 * `connects(path)`, which says `in` or the code of an error.
 */
function attack(code: string, path = ''): string {
  const program = `const fs = require('fs'), path = process.argv[1]
    const tries = run => { try { run(); return 'done' } catch (error) { return error.code } }
    const connects = at => new Promise(resolve => require('net').connect(at).on('connect', () => resolve('in')).on('error', error => resolve(error.code)))
    ;(async () => { console.log(JSON.stringify(await (async () => ${code})() ?? null)); process.exit() })()`
  return JSON.parse(
    execFileSync('setpriv', [...AS_NOBODY, process.execPath, '-e', program, path], { cwd: '/', encoding: 'utf8' }),
  ) as string
}

async function endpointOf(run: CommandRun): Promise<string> {
  return /^node: (\S+) lends/.exec(await run.line())?.[1] as string
}

const pathOf = (endpoint: string): string => endpoint.slice('ipc://'.length)

describe.runIf(canAttack)('another user of the machine', () => {
  test('can do what the attacks do', async () => {
    expect(attack('[process.geteuid(), process.getegid(), process.getgroups()]')).toEqual([NOBODY, NOBODY, [NOBODY]])
    expect(attack('tries(() => fs.mkdirSync(path))', join(temporary, 'own'))).toBe('done')
  })

  test('reaches neither a node with its defaults, nor a thread of it, nor anything in its folder', async () => {
    await using run = runCommandIn({ TMPDIR: temporary, XDG_RUNTIME_DIR: '' }, '--root', '/')
    const endpoint = await endpointOf(run)
    await using system = await startSystem({
      threads: 0,
      nodes: [{ name: 'a', endpoint }],
      root: 'file:///',
      handleSignals: false,
      startMs: 60_000,
    })
    const ref = await system.spawn(lodger, { placement: 'any-node' })
    expect(await ref.ask.pid()).toBe(run.pid)
    const folder = join(pathOf(endpoint), '..')
    const doors = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isSocket())
      .map(entry => join(entry.parentPath, entry.name))

    expect(doors.length).toBe(2)
    for (const door of doors) expect(attack('connects(path)', door)).toBe('EACCES')
    expect(attack('tries(() => fs.readdirSync(path))', folder)).toBe('EACCES')
    expect(attack("tries(() => fs.renameSync(path, path + '-away'))", folder)).toMatch(/EPERM|EACCES/)
    expect(attack('tries(() => fs.rmSync(path, { recursive: true }))', folder)).toMatch(/EPERM|EACCES/)
    expect(attack("tries(() => fs.writeFileSync(path + '/x', ''))", folder)).toBe('EACCES')
  })

  test('reaches neither a child node, nor the process of an actor, nor a thread of them', async () => {
    await using system = await startSystem({
      threads: 0,
      nodes: [{ name: 'a' }],
      handleSignals: false,
      startMs: 60_000,
    })
    const refs = await Promise.all([
      system.spawn(lodger, { placement: 'any-node' }),
      system.spawn(lodger, { placement: 'own-process' }),
    ])
    const pids = await Promise.all(refs.map(ref => ref.ask({ timeoutMs: 60_000 }).pid()))

    expect(attack('fs.readdirSync(path)', temporary)).toEqual([])
    for (const pid of [process.pid, ...pids]) {
      expect(attack('tries(() => fs.readdirSync(path))', `/proc/${pid}/fd`)).toBe('EACCES')
      const reached = attack(
        "Promise.all(Array.from({ length: 100 }, (_, fd) => connects(path + '/' + fd)))",
        `/proc/${pid}/fd`,
      )
      expect(new Set(reached)).toEqual(new Set(['EACCES']))
    }
  })

  test('cannot connect to the path that a node was given, whatever its umask is', async () => {
    const folder = join(temporary, 'given')
    await mkdir(folder, { mode: 0o755 })
    await using run = runCommandIn({ TMPDIR: temporary }, '--listen', `ipc://${folder}/node`, '--root', '/')
    const endpoint = await endpointOf(run)
    await using system = await startSystem({
      threads: 0,
      nodes: [{ name: 'a', endpoint }],
      root: 'file:///',
      handleSignals: false,
      startMs: 60_000,
    })
    await (await system.spawn(lodger, { placement: 'any-node' })).ask.pid()

    expect((await lstat(pathOf(endpoint))).mode & 0o077).toBe(0)
    expect(attack('connects(path)', pathOf(endpoint))).toBe('EACCES')
    const [doors] = (await readdir(folder)).filter(name => name !== 'node') as [string]
    const [door] = await readdir(join(folder, doors))
    expect(attack('connects(path)', join(folder, doors, door as string))).toBe('EACCES')
  })

  test('gains nothing by being there first', async () => {
    const runtime = join(temporary, 'runtime')
    await mkdir(runtime, { mode: 0o700 })
    await chown(runtime, NOBODY, NOBODY)
    attack(
      "['zera', 'zera-node', 'zera-node-', 'zera-node-aaaaaa', 'zera-0'].map(name => fs.mkdirSync(path + '/' + name, 0o777))",
      temporary,
    )
    attack("fs.symlinkSync('/etc', path + '/zera-node-link')", temporary)

    await using run = runCommandIn({ TMPDIR: temporary, XDG_RUNTIME_DIR: runtime })
    const folder = join(pathOf(await endpointOf(run)), '..')

    expect(folder.startsWith(join(temporary, 'zera-node-'))).toBe(true)
    const { uid, mode } = await lstat(folder)
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: process.geteuid?.(), mode: 0o700 })
    expect(await readdir(temporary)).toContain('zera-node-aaaaaa')
    expect(attack('connects(path)', join(folder, 'node'))).toBe('EACCES')
  })

  test.each(['which is theirs', 'which all may write to', 'under one which all may write to', 'by a link of theirs'])(
    'has no node listen in a folder %s',
    async how => {
      const folder = join(temporary, 'folder')
      await mkdir(join(folder, 'own'), { recursive: true })
      await chmod(folder, how === 'which is theirs' || how === 'by a link of theirs' ? 0o755 : 0o777)
      if (how !== 'which all may write to') await chown(folder, NOBODY, NOBODY)
      await symlink(folder, join(temporary, 'link'))
      const path = how.startsWith('under')
        ? join(folder, 'own', 'node')
        : join(temporary, how.startsWith('by') ? 'link' : 'folder', 'node')
      await using listening = runCommandIn({}, '--listen', `ipc://${path}`)
      await using byDefault = runCommandIn({ TMPDIR: join(path, '..'), XDG_RUNTIME_DIR: '' })

      for (const run of [listening, byDefault]) {
        const { exitCode, stdout, stderr } = await run.ended
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
        expect(stderr).toContain('other users may replace what lies in')
      }
    },
  )

  test('cannot read the keys of a node', async () => {
    const { secretFile } = await writeKeys(join(temporary, 'node'))

    expect(attack('tries(() => fs.readFileSync(path))', secretFile)).toBe('EACCES')
    expect(attack("tries(() => fs.appendFileSync(path, ''))", secretFile)).toBe('EACCES')
  })
})

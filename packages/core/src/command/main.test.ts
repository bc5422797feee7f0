import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPublicKey } from '../curve/key-files.js'
import { COMMANDS } from './commands.js'

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zera-command-'))
})
afterEach(() => rm(folder, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function zera(...args: string[]): Promise<Ended> {
  return new Promise(resolve => {
    // What runs tests may make all packages of this repository known to all programs.
    const env = { ...process.env, NODE_PATH: '' }
    const child = execFile(process.execPath, [MAIN, ...args], { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

/** Installs a package whose command says what it was given. */
async function install(owner: string): Promise<void> {
  const at = join(folder, 'node_modules', owner)
  await mkdir(join(at, 'dist', 'bundle', 'command'), { recursive: true })
  await writeFile(join(at, 'package.json'), JSON.stringify({ name: owner, type: 'module' }))
  await writeFile(join(at, 'dist', 'bundle', 'command', 'main.js'), 'console.log(process.argv.slice(2).join())')
}

describe('zera', () => {
  test.each(['--help', '-h', 'help'])('lists every command with %s', async word => {
    const { code, stdout, stderr } = await zera(word)

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const { name, summary, owner } of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 10)}.*${owner}$`, 'm'))
    }
    expect(stdout).toContain('  keygen ')
  })

  test('hands over to the package that has a command, where that is installed', async () => {
    await install('@zera/devices')
    await install('@zera/observer')

    expect(await zera('device', 'queue', '--help')).toEqual({ code: 0, stdout: 'queue,--help\n', stderr: '' })
    // It has several commands, and reads the word itself.
    expect((await zera('top', 'shop')).stdout).toBe('top,shop\n')
  })

  test('says which package to install for a command', async () => {
    expect(await zera('node')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'zera: @zera/actors is not installed here: npm install @zera/actors; see zera --help\n',
    })
  })

  test.each([
    [[], 'which command?'],
    [['rhubarb'], 'there is no command rhubarb; there are node, device, '],
    [['keygen'], 'name one file: zera keygen server.key'],
    [['keygen', 'one', 'two'], 'name one file'],
    [['keygen', '--rhubarb'], "Unknown option '--rhubarb'"],
  ])('refuses %j with exit code 2', async (args, text) => {
    const { code, stdout, stderr } = await zera(...args)

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(text)
    expect(stderr).toMatch(/^zera: .*; see zera --help\n$/)
  })
})

describe('zera keygen', () => {
  test('writes keys for their owner alone, tells the public one, and overwrites nothing', async () => {
    const path = join(folder, 'mine.key')

    const { code, stdout } = await zera('keygen', path)
    const refused = await zera('keygen', path)

    expect(code).toBe(0)
    expect(stdout).toBe(
      `${path}: the public key, ${await readPublicKey(path)}\n${path}_secret: the secret key, for its owner alone\n`,
    )
    expect((await stat(`${path}_secret`)).mode & 0o777).toBe(0o600)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('never overwritten')
  })

  test('says what it does with --help', async () => {
    expect((await zera('keygen', '--help')).stdout).toMatch(/^usage: zera keygen FILE\n/)
  })
})

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSystem, type System } from '@zera/actors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import spinner from '../fixtures/spinner.js'
import { findSystem } from './find-system.js'

const COMMAND = fileURLToPath(new URL('./main.js', import.meta.url))

/** Systems of other tests are in the folder of the user. */
const folder = mkdtempSync(join(tmpdir(), 'zera-commands-'))
const before = process.env['XDG_RUNTIME_DIR']

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function zera(...args: string[]): Promise<Ended> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [COMMAND, ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

describe('zera', () => {
  let system: System
  beforeAll(async () => {
    process.env['XDG_RUNTIME_DIR'] = folder
    system = await startSystem({ threads: 1, name: 'shop', observer: true, handleSignals: false, log: false })
    const ref = await system.spawn(spinner, { name: 'whirl' })
    await ref.ask.ready()
  })
  afterAll(async () => {
    await system.stop()
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR']
    else process.env['XDG_RUNTIME_DIR'] = before
    rmSync(folder, { recursive: true })
  })

  test('observe gives the address of the page', async () => {
    const { url } = await system.observe()

    for (const args of [['observe'], ['observe', 'shop'], ['observe', String(process.pid)]])
      expect(await zera(...args)).toEqual({ code: 0, stdout: `${url}\n`, stderr: '' })
  })

  test('top shows threads and methods', async () => {
    const { code, stdout } = await zera('top')

    expect(code).toBe(0)
    expect(stdout).toMatch(/^shop \(process \d+\) /)
    expect(stdout).toMatch(/^main +well /m)
    expect(stdout).toMatch(/^Spinner\.ready\(\) /m)
  })

  test('diagnose says that nothing is wrong, and what is', async () => {
    expect(await zera('diagnose')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing is wrong') as string,
    })
    const ref = await system.spawn(spinner, { name: 'stuck', placement: 'own-thread', shutdownMs: 0 })
    ref.tell.spin()
    await expect.poll(async () => (await zera('diagnose')).code, { timeout: 20_000, interval: 200 }).toBe(1)

    const [text, json] = [await zera('diagnose'), await zera('diagnose', '--json')]

    expect(text.stdout).toMatch(/problem: shop\/2 has been blocked for .* by spin\(\) of stuck\n +Other actors/)
    expect(JSON.parse(json.stdout)).toMatchObject({ name: 'shop', findings: [{ kind: 'blocked-thread' }] })
    await system.killHost(ref)
  })

  test.each([
    [[], 'which command?'],
    [['dance'], 'there is no command dance'],
    [['observe', 'nowhere'], 'no observed system is "nowhere"'],
    [['observe', 'shop', 'more'], 'unexpected argument more'],
    [['top', '--json'], 'top has no --json'],
    [['top', '--quick'], "Unknown option '--quick'"],
  ])('refuses %j with exit code 2', async (args, text) => {
    const { code, stdout, stderr } = await zera(...args)

    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`zera: ${text}`)
    expect(stderr).toContain('see zera top --help')
  })

  test('prints its commands', async () => {
    expect(await zera('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: zera COMMAND') as string,
    })
  })
})

describe('findSystem()', () => {
  const system = (name: string, pid: number) => ({ name, pid, url: 'http://127.0.0.1:1/?token=x' })

  test('says that there is none, and which there are', () => {
    expect(() => findSystem(undefined, [])).toThrow('no system of this user is observed')
    expect(() => findSystem(undefined, [system('a', 1), system('b', 2)])).toThrow(
      /which system .*\n {2}a \(process 1\)\n/,
    )
    expect(() => findSystem('a', [system('a', 1), system('a', 2)])).toThrow('which system')
    expect(findSystem('2', [system('a', 1), system('a', 2)])).toMatchObject({ pid: 2 })
  })
})

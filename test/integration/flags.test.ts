import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ChildProgram, type Ended } from '../examples/child-program.js'

const COUNTER = fileURLToPath(new URL('../../../examples/counter/dist/main.js', import.meta.url))
const PRINTED = ['3', '4', '5', '6', '7', '8', '9', '10', ''].join('\n')
/** Node 20 has another flag for it, and refuses threads and addons under that. */
const hasPermissions = process.allowedNodeEnvironmentFlags.has('--permission')
const READS = ['--permission', '--allow-fs-read=*']

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zera-flags-'))
  await writeFile(join(folder, '.env'), 'ZERA_WITHOUT=spin\n')
})

afterAll(() => rm(folder, { recursive: true }))

/** Runs the counter with flags of Node, in which FOLDER stands for a folder of this test. */
async function runWith(flags: readonly string[]): Promise<Ended> {
  await using program = new ChildProgram(process.execPath, [
    ...flags.map(flag => flag.replace('FOLDER', folder)),
    COUNTER,
  ])
  return await program.ended
}

describe('the counter', () => {
  test.each([
    ['--enable-source-maps'],
    ['--inspect=127.0.0.1:0'],
    ['--env-file=FOLDER/.env'],
    ['--cpu-prof', '--cpu-prof-dir=FOLDER/profiles'],
    ['--max-old-space-size=64'],
    ['--frozen-intrinsics'],
    ['--disable-proto=throw'],
    ['--disallow-code-generation-from-strings'],
    ['--throw-deprecation', '--pending-deprecation'],
    ['--unhandled-rejections=none'],
    ['--jitless'],
  ])('runs to its end with %s', async (...flags) => {
    const { exitCode, signal, stdout } = await runWith(flags)

    expect({ exitCode, signal, stdout }).toEqual({ exitCode: 0, signal: null, stdout: PRINTED })
  })

  test('leaves a profile of each thread with --cpu-prof', async () => {
    await runWith(['--cpu-prof', '--cpu-prof-dir=FOLDER/each'])

    expect((await readdir(join(folder, 'each'))).length).toBeGreaterThanOrEqual(3)
  })

  test.runIf(hasPermissions)('runs to its end where it may read, start threads and load addons', async () => {
    const { exitCode, stdout } = await runWith([...READS, '--allow-worker', '--allow-addons'])

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: PRINTED })
  })

  test.runIf(hasPermissions)('says so where it may start no threads', async () => {
    const { exitCode, stderr } = await runWith([...READS, '--allow-addons'])

    expect(exitCode).toBe(1)
    expect(stderr).toContain("code: 'ZERA_THREAD_START'")
    expect(stderr).toContain('--allow-worker')
  })

  test.each([[['--no-addons']], ...(hasPermissions ? [[[...READS, '--allow-worker']]] : [])])(
    'says so where it may load no addons: %j',
    async flags => {
      const { exitCode, stderr } = await runWith(flags)

      expect(exitCode).toBe(1)
      expect(stderr).toContain("code: 'ZERA_NO_ZEROMQ'")
      expect(stderr).toContain('--allow-addons')
    },
  )

  test('runs again with --watch when a file changes', async () => {
    const main = join(folder, 'main.mjs')
    await writeFile(main, `await import(${JSON.stringify(pathToFileURL(COUNTER))})`)
    await using program = new ChildProgram(process.execPath, ['--watch', main])
    await program.printed(/^10\n[^]*Completed running/m)

    await writeFile(main, `await import(${JSON.stringify(pathToFileURL(COUNTER))}); console.log('again')`)

    await program.printed(/^10\nagain\n[^]*Completed running/m)
  })
})

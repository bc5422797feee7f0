import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runCreate } from '../fixtures/run-create.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
/** What `npm install` would put there, by where it is here. */
const INSTALLED = {
  '@zera/actors': 'packages/actors',
  '@types/node': 'node_modules/@types/node',
  typescript: 'node_modules/typescript',
}

const folder = temporaryFolder()
const run = promisify(execFile)

test('a new project compiles, its tests pass, and its server answers and ends with 0 at SIGTERM', async () => {
  const project = join(folder.path, 'my-app')
  await runCreate(folder.path, ['my-app'])
  await install(project)

  await run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')], { cwd: project })
  const tests = await run(process.execPath, ['--test', '--test-reporter=tap'], { cwd: join(project, 'dist') })
  const server = spawn(process.execPath, ['dist/main.js'], { cwd: project, env: { ...process.env, PORT: '0' } })
  const ended = once(server, 'close')
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string]
  const url = /http:\/\/localhost:\d+/.exec(line)?.[0] ?? ''
  const answers = await Promise.all(['/', '/primes/1000', '/nothing'].map(path => answerOf(`${url}${path}`)))
  server.kill('SIGTERM')

  expect(tests.stdout).toMatch(/^# pass 2\n# fail 0$/m)
  expect(answers).toEqual([
    [200, 'visit 1\n'],
    [200, '168 primes below 1000\n'],
    [404, expect.any(String)],
  ])
  expect(await ended).toEqual([0, null])
})

async function install(project: string): Promise<void> {
  for (const [name, place] of Object.entries(INSTALLED)) {
    const link = join(project, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(ROOT, place), link)
  }
}

async function answerOf(url: string): Promise<[status: number, text: string]> {
  const response = await fetch(url)
  return [response.status, await response.text()]
}

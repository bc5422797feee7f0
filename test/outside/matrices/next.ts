import { cp, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outside, Project } from '../outside.js'
import { copyRecipe } from '../recipe.js'
import { expectSuccess } from '../run.js'
import type { Cell } from './matrix.js'

const SITE = fileURLToPath(new URL('../../../outside/projects/site', import.meta.url))
const BUILD_MS = 600_000
const QUIET = { NEXT_TELEMETRY_DISABLED: '1' }

/** A site whose route asks an actor. */
export const nextCells: readonly Cell[] = [
  { row: 'Next.js', column: 'the recipe', isShort: false, run: outside => buildSite(outside) },
]

/** Builds the recipe of the page, and serves it by `next start`, and elsewhere by what `output: 'standalone'` made. */
async function buildSite(outside: Outside): Promise<string> {
  const project = await outside.folder('site')
  await cp(SITE, project.directory, { recursive: true })
  const { commands } = await copyRecipe(project, 'Next.js')
  const options = { env: QUIET, timeoutMs: BUILD_MS }
  expectSuccess(await project.run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], options))
  for (const [command, ...args] of commands.slice(0, -1))
    expectSuccess(await project.run('npx', [command, ...args], options))
  await expectCounts(project, 'npx', ['next', 'start'])
  // What it needs of the project, it would not find where it is deployed.
  const elsewhere = await outside.folder('deployed')
  await rm(elsewhere.directory, { recursive: true })
  await rename(join(project.directory, '.next', 'standalone'), elsewhere.directory)
  await rm(project.directory, { recursive: true })
  await expectCounts(elsewhere, 'node', ['server.js'])
  return 'ok'
}

/** @throws When the site does not count its requests. */
async function expectCounts(project: Project, command: string, args: readonly string[]): Promise<void> {
  const port = await freePort()
  const server = await project.start(command, args, { env: { ...QUIET, PORT: `${port}`, HOSTNAME: '127.0.0.1' } })
  const counts: string[] = []
  try {
    await server.printed(/Ready in/)
    for (let request = 0; request < 2; request++)
      counts.push(await (await fetch(`http://127.0.0.1:${port}/api/count`)).text())
  } finally {
    if (server.process.pid !== undefined) process.kill(-server.process.pid, 'SIGKILL')
  }
  const { command: line, stdout, stderr } = await server.ended
  if (counts.join() !== '1,2') throw new Error(`${line} should count 1,2, not ${counts.join()}:\n${stdout}${stderr}`)
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()))
    })
  })
}

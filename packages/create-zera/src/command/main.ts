import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { CreateProjectError } from '../project/create-project-error.js'
import { createProject } from '../project/create-project.js'
import { packageManagerOf } from '../project/package-manager.js'
import { projectName } from '../project/project-name.js'
import { readTemplate } from '../project/template.js'
import { HELP, readFolder } from './create-arguments.js'
import { nextSteps } from './next-steps.js'
import { UsageError } from './usage-error.js'

const DEFAULT_FOLDER = 'my-app'
/** This module lies in `dist/command`. */
const PACKAGE = new URL('../../', import.meta.url)

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP)
    return
  }
  const folder = readFolder(args) ?? (await askForFolder())
  const name = projectName(folder)
  const packageManager = packageManagerOf(process.env['npm_config_user_agent'])
  const zera = await ownVersion()
  await createProject(
    folder,
    await readTemplate(fileURLToPath(new URL('template', PACKAGE)), { name, zera, packageManager }),
  )
  const steps = nextSteps(folder, process.cwd(), packageManager)
  console.log(`${name} is ready, with Zera ${zera}. What comes next:\n\n${steps.map(step => `  ${step}`).join('\n')}\n`)
}

async function askForFolder(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('A folder is missing; write npm create zera@latest my-app')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`Folder of the project (${DEFAULT_FOLDER}): `)
    return answer.trim() === '' ? DEFAULT_FOLDER : answer.trim()
  } finally {
    terminal.close()
  }
}

/** Zera's packages have one version. */
async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('package.json', PACKAGE), 'utf8')) as { version: string }
  return version
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof CreateProjectError && error.reason !== 'files')
  console.error(`create-zera: ${(error as Error).message}${isUsage ? '; see npm create zera@latest -- --help' : ''}`)
  process.exitCode = isUsage ? 2 : 1
}

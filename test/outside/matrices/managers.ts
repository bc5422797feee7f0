import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outside, Project } from '../outside.js'
import { describeEnd, expectOutput, expectSuccess, type Ended } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

const OUTSIDE = fileURLToPath(new URL('../../../outside/', import.meta.url))
const TOOLS = join(OUTSIDE, 'tools', 'managers', 'node_modules')
const COUNTER = join(OUTSIDE, 'projects', 'counter')
/** Some of them need a newer Node than Zera. */
const NODE = '24'

/** How a package manager installs, and what of that a user has to know. */
interface Manager {
  readonly name: string
  /** Its program, below the tools. */
  readonly cli: string
  /** How the documents say to install with it. */
  readonly add: readonly string[]
  /** What it says when it is only asked to add the package, and how it ends then, though all is installed. */
  readonly plain?: { readonly code: number; readonly says: RegExp }
  /** Its command that runs Node, where programs need that. */
  readonly exec?: string
  /** The content of `.yarnrc.yml`, but for the registries. */
  readonly settings?: string
}

const ALLOW = ['add', '--allow-build=zeromq']
const IGNORED = /ERR_PNPM_IGNORED_BUILDS[^]*zeromq@/
const NPM = ['install', '--no-audit', '--no-fund']
const YARN = '@yarnpkg/cli-dist/bin/yarn.js'

const MANAGERS: readonly Manager[] = [
  { name: 'npm 10', cli: 'npm-10/bin/npm-cli.js', add: NPM },
  { name: 'npm 11', cli: 'npm-11/bin/npm-cli.js', add: NPM },
  { name: 'npm 12', cli: 'npm-12/bin/npm-cli.js', add: NPM },
  {
    name: 'pnpm 10',
    cli: 'pnpm-10/bin/pnpm.cjs',
    add: ALLOW,
    plain: { code: 0, says: /Ignored build scripts: zeromq@/ },
  },
  { name: 'pnpm 11', cli: 'pnpm-11/bin/pnpm.mjs', add: ALLOW, plain: { code: 1, says: IGNORED } },
  { name: 'pnpm 12', cli: 'pnpm-12/bin/pnpm.mjs', add: ALLOW, plain: { code: 1, says: IGNORED } },
  { name: 'yarn 1', cli: 'yarn/bin/yarn.js', add: ['add'] },
  { name: 'yarn 4, node-modules', cli: YARN, add: ['add'], settings: 'nodeLinker: node-modules' },
  { name: 'yarn 4, pnp', cli: YARN, add: ['add'], settings: 'nodeLinker: pnp', exec: 'node' },
  { name: 'bun', cli: '.bin/bun', add: ['add'] },
]

/** The first program of a newcomer, with each package manager, as the documents say it and without. */
export const managers: Matrix = {
  name: 'managers',
  title: 'Package managers',
  cells: MANAGERS.flatMap(manager => {
    const { name: row, add, plain } = manager
    const documented: Cell = {
      row,
      column: 'as documented',
      isShort: false,
      run: async outside => {
        const project = await projectFor(manager, outside)
        expectSuccess(await manage(manager, project, add))
        expectOutput(await runMain(manager, project), '3\n')
        return 'ok'
      },
    }
    if (plain === undefined) return [documented]
    const alone: Cell = {
      row,
      column: 'add alone',
      isShort: false,
      run: async outside => {
        const project = await projectFor(manager, outside)
        const ended = await manage(manager, project, ['add'])
        if (ended.code !== plain.code || !plain.says.test(ended.stdout + ended.stderr))
          throw new Error(`It should end with ${plain.code}.\n${describeEnd(ended)}`)
        expectOutput(await runMain(manager, project), '3\n')
        return `exit code ${plain.code}; then it runs`
      },
    }
    return [documented, alone]
  }),
}

async function projectFor({ settings }: Manager, outside: Outside): Promise<Project> {
  const project = await outside.folder('managed')
  await cp(COUNTER, project.directory, { recursive: true })
  if (settings !== undefined) {
    await writeFile(join(project.directory, '.yarnrc.yml'), `${await registriesOf(project, outside)}${settings}\n`)
    // It looks for the top of a project upwards, and this says that it is here.
    await writeFile(join(project.directory, 'yarn.lock'), '')
  }
  return project
}

/** Yarn 4 reads no `.npmrc`. */
async function registriesOf(project: Project, { registry }: Outside): Promise<string> {
  const { stdout } = await project.run('npm', ['config', 'get', 'registry'])
  return `npmRegistryServer: "${stdout.trim()}"
npmScopes: { zera: { npmRegistryServer: "${registry}" } }
unsafeHttpWhitelist: ["*"]
enableTelemetry: false
`
}

function manage({ cli }: Manager, project: Project, args: readonly string[]): Promise<Ended> {
  const program = join(TOOLS, cli)
  const [command, before] = cli.startsWith('.bin/') ? [program, []] : ['node', [program]]
  // In what looks like a machine of CI, yarn changes no lockfile.
  return project.run(command, [...before, ...args, '@zera/actors'], { node: NODE, env: { CI: '' }, timeoutMs: 300_000 })
}

function runMain({ cli, exec }: Manager, project: Project): Promise<Ended> {
  const args = exec === undefined ? ['main.js'] : [join(TOOLS, cli), exec, 'main.js']
  return project.run('node', args, { node: NODE })
}

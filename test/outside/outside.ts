import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveTarballs, type Registry } from './registry.js'
import { expectSuccess, run, start, type Ended, type Running, type RunOptions } from './run.js'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const PROJECTS = join(REPOSITORY, 'test', 'outside', 'projects')
const TOOLS = join(REPOSITORY, 'test', 'outside', 'tools')
/** The folder in which the packages are installed. Projects lie in a copy of it. */
const APP = 'app'
const PNPM = ['--yes', '--prefer-offline', 'pnpm@10.34.9']
const INSTALL_MS = 600_000
const QUIET = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

/** The packages as they are published: packed, served, and installed once. */
export interface Release extends AsyncDisposable {
  /** The place of a matrix, with its tools installed. */
  outside(matrix: string): Promise<Outside>
}

/** Where the projects of a matrix are: they have the packages as they are published, and the tools of the matrix. */
export interface Outside {
  /** The address of the registry that has the packages, with a slash at its end. */
  readonly registry: string
  /** Makes a folder of its own, empty, for a cell that installs by itself. */
  folder(name: string): Promise<Project>
  /** Copies a template of `test/outside/projects` into a fresh project, in which the packages and tools are found. */
  project(template: string): Promise<Project>
}

/** A project that was made from a template. */
export interface Project {
  readonly directory: string
  /** Runs a command of the tools, of Node, or of the machine, to its end. */
  run(command: string, args: readonly string[], options?: Partial<RunOptions>): Promise<Ended>
  /** Starts one. */
  start(command: string, args: readonly string[], options?: Partial<RunOptions>): Promise<Running>
}

/** Packs the packages. Resolves with the folder of their tarballs. */
export async function pack(into: string): Promise<void> {
  const packages = await readdir(join(REPOSITORY, 'packages'))
  await Promise.all(
    packages.map(async name =>
      expectSuccess(
        await run('npx', [...PNPM, 'pack', '--pack-destination', into], { cwd: join(REPOSITORY, 'packages', name) }),
      ),
    ),
  )
}

/** Packs the packages, serves them, and installs them into a temporary folder. All of it is removed in the end. */
export async function openRelease(): Promise<Release> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'zera-outside-')))
  const removeRoot = (): Promise<void> => rm(root, { recursive: true, force: true })
  let registry: Registry | undefined
  try {
    const tarballs = join(root, 'tarballs')
    await mkdir(tarballs)
    await pack(tarballs)
    const upstream = await run('npm', ['config', 'get', 'registry'], { cwd: root })
    registry = await serveTarballs(tarballs, upstream.stdout.trim())
    await installPackages(join(root, APP), registry.url)
  } catch (error) {
    await registry?.[Symbol.asyncDispose]()
    await removeRoot()
    throw error
  }
  const { url } = registry
  return {
    outside: matrix => openOutside(root, matrix, url),
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]()
      await removeRoot()
    },
  }
}

async function openOutside(release: string, matrix: string, registry: string): Promise<Outside> {
  await installTools(matrix)
  // Node looks for packages from a project upwards: first it finds those that npm installed, then the tools.
  const root = join(release, matrix)
  await mkdir(root)
  await symlink(toolsOf(matrix), join(root, 'node_modules'))
  await cp(join(release, APP), join(root, APP), { recursive: true, verbatimSymlinks: true })
  let made = 0
  return {
    registry,
    folder: async name => {
      const directory = join(root, `${++made}-${name}`)
      await mkdir(directory)
      await writeFile(join(directory, '.npmrc'), scopeAt(registry))
      return projectIn(directory, [])
    },
    project: async template => {
      const directory = join(root, APP, `${++made}-${template}`)
      await cp(join(PROJECTS, template), directory, { recursive: true })
      return projectIn(directory, [join(toolsOf(matrix), '.bin')])
    },
  }
}

function projectIn(directory: string, path: readonly string[]): Project {
  const complete = (options: Partial<RunOptions> = {}): RunOptions => ({ cwd: directory, path, ...options })
  return {
    directory,
    run: (command, args, options) => run(command, args, complete(options)),
    start: (command, args, options) => start(command, args, complete(options)),
  }
}

async function installPackages(cwd: string, registry: string): Promise<void> {
  await mkdir(cwd)
  await writeFile(join(cwd, '.npmrc'), scopeAt(registry))
  await writeFile(join(cwd, 'package.json'), '{ "private": true }\n')
  const packages = ['@zera/core', '@zera/actors', '@zera/devices']
  expectSuccess(await run('npm', ['install', ...QUIET, ...packages], { cwd, timeoutMs: INSTALL_MS }))
}

/** What a client of npm needs to know for the packages to come from the registry of this run. */
function scopeAt(registry: string): string {
  return `@zera:registry=${registry}\n`
}

function toolsOf(matrix: string): string {
  return join(TOOLS, matrix, 'node_modules')
}

async function installTools(matrix: string): Promise<void> {
  const folders = await readdir(TOOLS)
  if (!folders.includes(matrix)) return
  const options = ['install', '--frozen-lockfile', '--prefer-offline', '--silent', '--filter', `./${matrix}`]
  expectSuccess(await run('npx', [...PNPM, ...options], { cwd: TOOLS, timeoutMs: INSTALL_MS }))
}

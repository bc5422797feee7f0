import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runDockerfile } from '../dockerfile.js'
import { NODES } from '../nodes.js'
import type { Outside } from '../outside.js'
import { expectSuccess, type Ended, type RunOptions, type Running } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

type Command = readonly [command: string, ...args: string[]]

/** What a package manager is asked to do. */
interface Manager {
  readonly create: Command
  readonly install: Command
  readonly test: Command
  readonly start: Command
}

const APP = 'my-app'
const MANAGERS: Readonly<Record<string, Manager>> = {
  npm: {
    create: ['npm', 'create', '--yes', 'zera@latest', APP],
    install: ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline'],
    test: ['npm', 'test'],
    start: ['npm', 'start'],
  },
  pnpm: {
    create: ['pnpm', 'create', 'zera', APP],
    install: ['pnpm', 'install'],
    test: ['pnpm', 'test'],
    start: ['pnpm', 'start'],
  },
  yarn: {
    create: ['yarn', 'create', 'zera', APP],
    install: ['yarn', 'install'],
    test: ['yarn', 'test'],
    start: ['yarn', 'start'],
  },
  bun: {
    create: ['bun', 'create', 'zera', APP],
    install: ['bun', 'install'],
    test: ['bun', 'run', 'test'],
    start: ['bun', 'run', 'start'],
  },
}
/** On which Node the others than npm are tried, and the image is made. */
const ONE = '24'
const INSTALL_MS = 300_000

/** A new project by `npm create zera`, from the tarballs to the server that it starts. */
export const create: Matrix = {
  name: 'create',
  title: 'New projects',
  cells: Object.keys(MANAGERS).flatMap(name =>
    (name === 'npm' ? NODES : [ONE]).map((node): Cell => ({
      row: `${name} create zera`,
      column: `Node ${node}`,
      isShort: name === 'npm' && node === ONE,
      run: outside => runProject(outside, name, node),
    })),
  ),
}

async function runProject(outside: Outside, name: string, node: string): Promise<string> {
  const project = await outside.folder(name)
  const directory = join(project.directory, APP)
  const options: RunOptions = {
    cwd: project.directory,
    node,
    path: [join(dirname(project.directory), 'node_modules', '.bin')],
    env: { ...registryOf(outside.registry, project.directory), PORT: '0' },
    timeoutMs: INSTALL_MS,
  }
  const there = { ...options, cwd: directory }
  const run = async ([command, ...args]: Command, where: RunOptions): Promise<Ended> =>
    expectSuccess(await project.run(command, args, where))
  const manager = MANAGERS[name] as Manager

  // npm keeps what it has created with by name and version, and another run has packed another text under the same.
  const first = {
    npm_config_registry: outside.registry,
    pnpm_config_registry: outside.registry,
    npm_config_cache: join(project.directory, '.npm'),
  }
  await writeFile(join(project.directory, '.npmrc'), `registry=${outside.registry}\n`)
  const { stdout } = await run(manager.create, { ...options, env: { ...options.env, ...first } })
  if (!stdout.includes(`  cd ${APP}\n  ${name} install\n`)) throw new Error(`It should say what comes next.\n${stdout}`)
  await writeFile(join(directory, '.npmrc'), `@zera:registry=${outside.registry}\n`)
  await run(manager.install, there)
  await expectTests(await run(manager.test, there))
  const [command, ...args] = manager.start
  // A terminal gives Ctrl-C to all processes that it runs in the foreground.
  await expectServer(await project.start(command, args, there), 'SIGINT', 'group')
  await expectServer(await project.start('node', ['dist/main.js'], there), 'SIGTERM', 'process')
  if (node !== '20') await expectServer(await project.start('node', ['src/main.ts'], there), 'SIGTERM', 'process')
  if (name === 'npm' && node === ONE) {
    // A stage has no .npmrc of the project, and needs to know where the packages are.
    const build = { ...there, env: { ...there.env, npm_config_userconfig: join(directory, '.npmrc') } }
    const dockerfile = await readFile(join(directory, 'Dockerfile'), 'utf8')
    const image = await runDockerfile(dockerfile, directory, build, (...call) => project.run(...call))
    const [program, ...rest] = image.command as [string, ...string[]]
    await expectServer(await project.start(program, rest, { ...there, ...image.options }), 'SIGTERM', 'process')
  }
  return 'ok'
}

/**
 * The packages come from the registry of this run, and from no cache of another run that knows them by name and
 * version.
 */
function registryOf(registry: string, directory: string): Readonly<Record<string, string>> {
  const cache = join(directory, '.cache')
  return {
    npm_config_update_notifier: 'false',
    BUN_INSTALL_CACHE_DIR: join(cache, 'bun'),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_GLOBAL_FOLDER: join(cache, 'yarn'),
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
  }
}

async function expectTests({ stdout }: Ended): Promise<void> {
  if (!/^(?:#|ℹ) pass 2$/m.test(stdout)) throw new Error(`Its two tests should pass.\n${stdout}`)
}

/** Asks the server that a command has started, and ends it by a signal. */
async function expectServer(running: Running, signal: NodeJS.Signals, target: 'group' | 'process'): Promise<void> {
  const [url] = /http:\/\/localhost:\d+/.exec(await running.printed(/http:\/\/localhost:\d+/)) as [string]
  const answers = await Promise.all(['/', '/primes/1000'].map(async path => (await fetch(`${url}${path}`)).text()))
  process.kill((running.process.pid as number) * (target === 'group' ? -1 : 1), signal)
  const { code, stdout, stderr } = await running.ended

  const isRight = answers.join('') === 'visit 1\n168 primes below 1000\n' && /^stopped$/m.test(stdout)
  if (!isRight || (target === 'process' && (code !== 0 || stderr !== '')))
    throw new Error(`It should answer, and end in order.\n${answers.join('')}${stdout}${stderr}\n[ended with ${code}]`)
}

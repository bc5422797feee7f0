import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { filesIn, outputOf, programsAmong, sectionOf, type ShownFile } from '../../documents/programs.js'
import { NODES } from '../nodes.js'
import type { Outside } from '../outside.js'
import { expectOutput, expectSuccess, type Ended } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

/** How a reader runs a program of a document. */
interface Way {
  readonly row: string
  readonly document: string
  /** Which of its programs, by their ends. */
  readonly kind: RegExp
  /** The versions of Node on which it works. */
  readonly nodes: readonly string[]
  /** The commands, of which the last one prints. */
  readonly commands: (path: string, node: string) => readonly (readonly [command: string, ...args: string[]])[]
}

const ROOT = new URL('../../../../', import.meta.url)
const FIRST_PROGRAM = 'First program'
/** Those that remove types by themselves. */
const STRIPPING: readonly string[] = NODES.filter(node => node !== '20')
/** What programs that show failures make a system log. */
const EVENT = /^\{"level":\d+,.*"event":".*\}\n/gm

const compiled = (path: string): string => `dist/${path.replace(/\.ts$/, '.js')}`

/** The documents whose programs are run, by what the table calls them. */
const READMES = {
  README: 'README.md',
  '@zera/core': 'packages/core/README.md',
  '@zera/devices': 'packages/devices/README.md',
}
const PAGES = ['FROM_PISCINA', 'TESTING', 'PRODUCTION']

const ways: readonly Way[] = [
  ...Object.entries(READMES).flatMap(([name, document]): Way[] => [
    { row: `${name}: node main.js`, document, kind: /\.js$/, nodes: NODES, commands: path => [['node', path]] },
    { row: `${name}: node main.cjs`, document, kind: /\.cjs$/, nodes: NODES, commands: path => [['node', path]] },
    { row: `${name}: node main.ts`, document, kind: /\.ts$/, nodes: STRIPPING, commands: path => [['node', path]] },
    { row: `${name}: tsx main.ts`, document, kind: /\.ts$/, nodes: NODES, commands: path => [['tsx', path]] },
    {
      row: `${name}: tsc, node dist/main.js`,
      document,
      kind: /\.ts$/,
      nodes: NODES,
      commands: path => [['tsc'], ['node', compiled(path)]],
    },
  ]),
  ...PAGES.map((name): Way => ({
    row: `docs/${name}.md`,
    document: `docs/${name}.md`,
    kind: /\.(?:js|ts)$/,
    nodes: NODES,
    commands: (path, node) =>
      path.endsWith('.ts') && !STRIPPING.includes(node) ? [['tsc'], ['node', compiled(path)]] : [['node', path]],
  })),
]

/** The tests that docs/TESTING.md shows, by the runner that is their folder. */
const RUNNERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  node: ['node', '--test', 'node/counter.test.js'],
  vitest: ['vitest', 'run', '--root', 'vitest'],
  jest: ['jest', '--rootDir', 'jest'],
}

/** The first programs of a newcomer, as the documents show them, on each Node. */
export const starts: Matrix = {
  name: 'starts',
  title: 'First programs',
  cells: [
    ...ways.flatMap(way => NODES.map((node): Cell => cellOf(way, node))),
    ...Object.entries(RUNNERS).flatMap(([name, command]) =>
      NODES.map((node): Cell => ({
        row: `docs/TESTING.md: ${name}`,
        column: `Node ${node}`,
        isShort: false,
        run: outside => runTests(outside, command, node),
      })),
    ),
  ],
}

function cellOf(way: Way, node: string): Cell {
  return {
    row: way.row,
    column: `Node ${node}`,
    isShort: way.row === 'README: node main.js' && node === '24',
    run: outside => (way.nodes.includes(node) ? runPrograms(outside, way, node) : explain(outside, way, node)),
  }
}

async function runPrograms(outside: Outside, { document, kind, commands }: Way, node: string): Promise<string> {
  const { project, files } = await copied(outside, document)
  for (const program of programsAmong(files).filter(({ path }) => kind.test(path))) {
    const runs: Ended[] = []
    for (const [command, ...args] of commands(program.path, node))
      runs.push(expectSuccess(await project.run(command, args, { node })))
    const last = runs.at(-1) as Ended
    expectOutput({ ...last, stderr: last.stderr.replaceAll(EVENT, '') }, outputOf(program))
  }
  return 'ok'
}

/** What a reader gets who runs TypeScript on a Node that has no way with it. The document names tsx, or the compiler. */
async function explain(outside: Outside, { document, kind, commands }: Way, node: string): Promise<string> {
  const { project, files } = await copied(outside, document)
  const [program] = programsAmong(files).filter(({ path }) => kind.test(path) && path.endsWith('.ts'))
  const [[command, ...args] = ['node']] = commands(program?.path ?? '', node)
  const { code, stderr } = await project.run(command, args, { node })
  const [, text] = /(Unknown file extension "\.ts")/.exec(stderr) ?? []
  if (code === 0 || text === undefined) throw new Error(`It should say that it cannot load TypeScript.\n${stderr}`)
  return `${text}; take tsx or tsc`
}

async function runTests(
  outside: Outside,
  [command, ...args]: readonly [string, ...string[]],
  node: string,
): Promise<string> {
  const { project } = await copied(outside, 'docs/TESTING.md')
  const env = command === 'jest' ? { NODE_OPTIONS: '--experimental-vm-modules' } : {}
  const { stdout, stderr } = expectSuccess(await project.run(command, args, { node, env }))
  if (!/pass/.test(stdout + stderr)) throw new Error(`It should pass tests.\n${stdout}${stderr}`)
  return 'ok'
}

/** Copies the files that a document shows into a project, with the configuration that README.md shows. */
async function copied(
  outside: Outside,
  document: string,
): Promise<{ readonly project: Awaited<ReturnType<Outside['project']>>; readonly files: readonly ShownFile[] }> {
  const project = await outside.project('document')
  const text = await readFile(new URL(document, ROOT), 'utf8')
  const files = filesIn(/README/.test(document) ? sectionOf(text, FIRST_PROGRAM) : text)
  const configuration = filesIn(await readFile(new URL('README.md', ROOT), 'utf8')).filter(
    ({ path }) => path === 'tsconfig.json',
  )
  for (const { path, code } of [...configuration, ...files]) {
    await mkdir(dirname(join(project.directory, path)), { recursive: true })
    await writeFile(join(project.directory, path), code)
  }
  return { project, files }
}

import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Outside, Project } from '../outside.js'
import { copyRecipe } from '../recipe.js'
import { describeEnd, expectOutput, expectSuccess, type Ended } from '../run.js'
import type { Cell, Matrix } from './matrix.js'
import { nextCells } from './next.js'

/** How each bundler is called with the configuration of its forms. */
const COMMANDS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  esbuild: ['node', 'forms/esbuild.js'],
  rollup: ['rollup', '-c', 'forms/rollup.js', '--silent'],
  rolldown: ['rolldown', '-c', 'forms/rolldown.js'],
  vite: ['vite', 'build', '-c', 'forms/vite.js'],
  webpack: ['webpack', '-c', 'forms/webpack.js'],
  tsup: ['tsup', '--config', 'forms/tsup.js'],
  tsdown: ['tsdown', '--config', 'forms/tsdown.js'],
}

const PRINTS = '1\n2\n3\n'
/** That are quick, and the two that the others are made of. */
const QUICK = new Set(['esbuild', 'rolldown'])
const FORMS = ['split', 'minified', 'CommonJS', 'bundled in', 'unguarded'] as const
type Form = (typeof FORMS)[number]

/** A program with an actor and a job, in the forms of bundles that people ship. */
export const bundlers: Matrix = {
  name: 'bundlers',
  title: 'Bundlers',
  cells: [
    ...Object.keys(COMMANDS).flatMap((bundler): Cell[] => [
      {
        row: bundler,
        column: 'the recipe',
        isShort: QUICK.has(bundler),
        run: outside => buildRecipe(outside, bundler),
      },
      ...FORMS.map((form): Cell => ({
        row: bundler,
        column: form,
        isShort: QUICK.has(bundler),
        run: outside => buildForm(outside, bundler, form),
      })),
    ]),
    {
      row: 'webpack',
      column: 'development',
      isShort: false,
      run: outside => buildForm(outside, 'webpack', 'development'),
    },
    { row: '@vercel/nft', column: 'traced', isShort: true, run: traceCounter },
    ...nextCells,
  ],
}

/** Runs a recipe of the page as it stands. */
async function buildRecipe(outside: Outside, bundler: string): Promise<string> {
  const project = await outside.project('bundled')
  const { commands } = await copyRecipe(project, bundler)
  for (const [command, ...args] of commands.slice(0, -1)) expectSuccess(await project.run(command, args))
  await removeSources(project)
  const [command, ...args] = commands.at(-1) ?? ['']
  expectOutput(await project.run(command, args), PRINTS)
  return 'ok'
}

async function buildForm(outside: Outside, bundler: string, form: Form | 'development'): Promise<string> {
  const project = await outside.project('bundled')
  await copyRecipe(project, 'Zera in the bundle, too')
  const [command, ...args] = COMMANDS[bundler] ?? ['']
  expectSuccess(await project.run(command, args, { env: { FORM: form } }))
  await removeSources(project)
  const ended = await project.run('node', [`dist/main.${form === 'CommonJS' ? 'cjs' : 'js'}`])
  if (form === 'unguarded') return expectFailure(ended, /guard the start by if \(isMainThread\)/)
  // Its chunks cannot be imported by themselves.
  if (form === 'bundled in' && bundler === 'webpack') return expectFailure(ended, /external packages/)
  expectOutput(ended, PRINTS)
  return 'ok'
}

/** Copies what the tracer of several hosters and frameworks finds that a program needs, and runs that elsewhere. */
async function traceCounter(outside: Outside): Promise<string> {
  const project = await outside.project('counter')
  const [root, name] = [dirname(project.directory), basename(project.directory)]
  expectSuccess(await project.run('nft', ['build', join(name, 'main.js')], { cwd: root }))
  const elsewhere = await outside.folder('deployed')
  await rm(elsewhere.directory, { recursive: true })
  await rename(join(root, 'dist'), elsewhere.directory)
  expectOutput(await elsewhere.run('node', [join(name, 'main.js')]), '3\n')
  return 'ok'
}

/** What a bundle needs of them, it would not find where it is deployed. */
async function removeSources({ directory }: Project): Promise<void> {
  await rm(join(directory, 'src'), { recursive: true })
}

/**
 * What the user reads where a bundle cannot work.
 *
 * @throws When it has worked, or has said something else.
 */
function expectFailure(ended: Ended, pattern: RegExp): string {
  const [said] = pattern.exec(ended.stderr) ?? []
  if (ended.code !== 1 || said === undefined)
    throw new Error(`It should end with 1 and say ${pattern}.\n${describeEnd(ended)}`)
  return `says “${said}”`
}

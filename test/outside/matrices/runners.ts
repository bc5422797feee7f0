import { NODES } from '../nodes.js'
import type { Outside } from '../outside.js'
import { describeEnd, expectSuccess } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

/** A way to run TypeScript that nothing has built. */
interface Runner {
  readonly row: string
  readonly command: readonly [command: string, ...args: string[]]
  readonly env?: Readonly<Record<string, string>>
  /** What its user reads where it cannot work, by the version of Node. */
  readonly refused?: Readonly<Record<string, RegExp>>
}

/** It leaves nothing of the types of parameters that decorators could read. */
const ESBUILD = { WITHOUT_METADATA: '1' }
/** It knows no paths of tsconfig.json. */
const TS_NODE = { WITHOUT_ALIAS: '1' }
const NO_TYPESCRIPT = { 20: /Unknown file extension "\.ts"/ }
const TIMEOUT_MS = 300_000

const RUNNERS: readonly Runner[] = [
  { row: 'tsx main.ts', command: ['tsx', 'src/main.ts'], env: ESBUILD },
  { row: 'node --import tsx main.ts', command: ['node', '--import', 'tsx', 'src/main.ts'], env: ESBUILD },
  { row: 'node --import tsx --test', command: ['node', '--import', 'tsx', '--test', 'test/node.ts'], env: ESBUILD },
  { row: 'node main.ts', command: ['node', 'src/main-plain.ts'], refused: NO_TYPESCRIPT },
  { row: 'node --test', command: ['node', '--test', 'test/node-plain.ts'], refused: NO_TYPESCRIPT },
  {
    row: 'node --loader ts-node/esm main.ts',
    command: ['node', '--no-warnings', '--loader', 'ts-node/esm', 'src/main.ts'],
    env: TS_NODE,
  },
  {
    row: 'node --import @swc-node/register/esm-register main.ts',
    command: ['node', '--import', '@swc-node/register/esm-register', 'src/main.ts'],
  },
  {
    row: 'node --import @oxc-node/core/register main.ts',
    command: ['node', '--import', '@oxc-node/core/register', 'src/main.ts'],
  },
  { row: 'vitest, forks', command: ['vitest', 'run', 'test/program', 'test/inline'], env: ESBUILD },
  { row: 'vitest, threads: simulate', command: ['vitest', 'run', '--pool=threads', 'test/simulated'] },
  {
    row: 'jest with ts-jest, ESM',
    command: ['jest'],
    env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  },
]

/** One project of TypeScript, unchanged, under each runner and each Node. */
export const runners: Matrix = {
  name: 'runners',
  title: 'TypeScript without a build',
  cells: RUNNERS.flatMap(runner =>
    NODES.map((node): Cell => ({
      row: runner.row,
      column: `Node ${node}`,
      isShort: (runner.row === 'tsx main.ts' && node === '20') || (runner.row === 'node main.ts' && node === '24'),
      run: outside => runUnder(outside, runner, node),
    })),
  ),
}

async function runUnder(
  outside: Outside,
  { command: [command, ...args], env = {}, refused }: Runner,
  node: string,
): Promise<string> {
  const project = await outside.project('typescript')
  const ended = await project.run(command, args, { node, env, timeoutMs: TIMEOUT_MS })
  const refusal = refused?.[node]
  if (refusal === undefined) return expectSuccess(ended) && 'ok'
  const said = refusal.exec(ended.stdout + ended.stderr)?.[0]
  if (ended.code === 0 || said === undefined)
    throw new Error(`It should be refused by ${refusal}.\n${describeEnd(ended)}`)
  return `\`${said}\``
}

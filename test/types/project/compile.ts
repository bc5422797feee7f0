import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createProject, type Project } from './project.js'

const TSC = {
  '7': fileURLToPath(new URL('../bin/tsc', import.meta.resolve('typescript'))),
  '5.9': fileURLToPath(new URL('../bin/tsc', import.meta.resolve('typescript-5'))),
}
export type Version = keyof typeof TSC
export const VERSIONS = Object.keys(TSC) as Version[]

/** As `tsc --init` has it. */
const STRICT = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
}

/**
 * Compiles the files of a project.
 *
 * @param type The `type` of its `package.json`.
 * @returns What the compiler prints: nothing when all is well.
 */
export function compile(
  version: Version,
  files: Readonly<Record<string, string>>,
  type: string,
  options: object,
): Promise<string> {
  const project = createProject({
    ...files,
    'package.json': JSON.stringify({ type }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: Object.keys(files) }),
  })
  return runTsc(version, project).finally(() => project[Symbol.dispose]())
}

function runTsc(version: Version, { folder }: Project): Promise<string> {
  return new Promise((resolve, reject) => {
    const tsc = spawn(process.execPath, [TSC[version], '-p', join(folder, 'tsconfig.json')])
    let printed = ''
    for (const stream of [tsc.stdout, tsc.stderr]) stream.on('data', (data: Buffer) => (printed += data.toString()))
    tsc.once('error', reject)
    tsc.once('close', () => resolve(printed))
  })
}

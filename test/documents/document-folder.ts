import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ShownFile } from './programs.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** What a reader has installed, by where it is here. */
const INSTALLED = {
  '@zera/core': 'packages/core',
  '@zera/actors': 'packages/actors',
  '@zera/devices': 'packages/devices',
  '@zera/store': 'packages/store',
  '@types/node': 'node_modules/@types/node',
  tsyringe: 'packages/actors/node_modules/tsyringe',
  piscina: 'packages/actors/node_modules/piscina',
  vitest: 'node_modules/vitest',
}
const EVENT = /^\{"level":\d+,.*"event":".*\}\n/gm
const MANIFEST = { path: 'package.json', code: '{ "type": "module" }\n' }

/** The folder of a reader who has copied the files of a document. It is removed when it is disposed. */
export interface DocumentFolder extends AsyncDisposable {
  readonly path: string
  /**
   * Runs Node there. Resolves with what it printed, without what a system logs of failures, which these programs have
   * on purpose. Rejects when it did not end with 0.
   */
  node(...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>
}

/** Writes files into a folder of their own, next to the packages that a reader has installed. */
export async function openDocumentFolder(files: readonly ShownFile[]): Promise<DocumentFolder> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'zera-document-')))
  for (const { path, code } of [MANIFEST, ...files]) await write(join(folder, path), code)
  for (const [name, place] of Object.entries(INSTALLED)) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(ROOT, place), link)
  }
  return {
    path: folder,
    node: async (...args) => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
        cwd: folder,
        env: ownEnvironment(),
      })
      return { stdout, stderr: stderr.replaceAll(EVENT, '') }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** The command line of the compiler. */
export const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

/** The command line of Vitest. */
export const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** A runner of tests in a runner of tests behaves in another way. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_|TEST$)/.test(name)))
}

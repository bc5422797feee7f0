import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The versions of Node that are alive, and 20. */
export const NODES = ['20', '22', '24', '26'] as const

const INSTALL = fileURLToPath(new URL('../../../scripts/install-nodes.js', import.meta.url))
const folders = new Map<string, Promise<string>>()

/** The folder that has the binary of a version of Node, for a PATH. It is installed when it is not there. */
export function nodeFolder(major: string): Promise<string> {
  const known = folders.get(major)
  if (known !== undefined) return known
  const folder = promisify(execFile)(process.execPath, [INSTALL, major]).then(({ stdout }) => dirname(stdout.trim()))
  folders.set(major, folder)
  return folder
}

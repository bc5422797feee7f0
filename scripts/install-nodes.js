// Installs versions of Node other than the one that is there: `node scripts/install-nodes.js [20 22 24 26]` prints the binary of each, a line each.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The versions are exact, so that a run can be repeated. */
export const VERSIONS = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' }

/** It must not be found by its name: whatever else runs here is to have the Node that is installed. */
const FOLDER = fileURLToPath(new URL('../node_modules/.cache/nodes/', import.meta.url))

const run = promisify(execFile)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const majors = process.argv.slice(2)
  for (const binary of await Promise.all((majors.length > 0 ? majors : Object.keys(VERSIONS)).map(installNode)))
    console.log(binary)
}

/**
 * Fetches a version with npm, unless it is there. Resolves with the path of its binary.
 *
 * @param {string} major One of `VERSIONS`.
 * @throws {RangeError} For any other.
 * @throws {Error} When npm cannot give it.
 */
export async function installNode(major) {
  if (!Object.hasOwn(VERSIONS, major))
    throw new RangeError(`Cannot install Node ${major}: there are ${Object.keys(VERSIONS).join(', ')}`)
  const version = VERSIONS[major]
  if (process.versions.node === version) return process.execPath
  const folder = join(FOLDER, version)
  const binary = resolve(folder, 'node_modules', 'node', 'bin', 'node')
  if (await isNode(binary, version)) return binary
  mkdirSync(folder, { recursive: true })
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
  const { cause } = await run('npm', ['install', '--prefix', folder, ...options, `node@${version}`]).catch(error => ({
    cause: error,
  }))
  if (await isNode(binary, version)) return binary
  throw new Error(
    `Cannot run on Node ${version}: npm has not installed node@${version}; run it where npm reaches its registry`,
    { cause },
  )
}

async function isNode(binary, version) {
  if (!existsSync(binary)) return false
  const { stdout } = await run(binary, ['--version']).catch(() => ({ stdout: '' }))
  return stdout.trim() === `v${version}`
}

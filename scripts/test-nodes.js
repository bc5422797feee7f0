// Runs tests on other versions of Node than the one that is installed: `node scripts/test-nodes.js [VERSION…] [FILTER…]`. Without a version it takes all of these, without a filter the tests that
// depend on the version most. Filters are vitest's.
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** The versions are exact, so that a run can be repeated. */
const VERSIONS = { 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' }

/**
 * Where async contexts are kept, and what reads and writes JSON, in which V8 has a fault on 24 and 26: see
 * packages/core/src/base/runtime/root-context.ts and parse-json.ts.
 */
const FILTERS = [
  'packages/core/dist/base/runtime/root-context.test',
  'packages/actors/dist/actor/async-context.test',
  'packages/core/dist/codec/',
  'packages/core/dist/base/values/parse-json.test',
  'packages/core/dist/link/link.test',
  'packages/actors/dist/messaging/rows/message-shape.test',
  'packages/actors/dist/messaging/format/escaped-keys.test',
  'packages/actors/dist/nodes/control/',
  'packages/devices/dist/gateway/calls/gateway-request.test',
  'packages/devices/dist/gateway/gateway.test',
]

/** It must not be found by its name: whatever else runs here is to have the Node that is installed. */
const FOLDER = join('node_modules', '.cache', 'nodes')

const TOTALS = /^(\d+) passed, (\d+) failed$/m
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

const isVersion = argument => /^\d+$/.test(argument)
const asked = process.argv.slice(2)
const majors = asked.some(isVersion) ? asked.filter(isVersion) : Object.keys(VERSIONS)
const filters = asked.every(isVersion) ? FILTERS : asked.filter(argument => !isVersion(argument))
const unknown = majors.find(major => !Object.hasOwn(VERSIONS, major))
if (unknown !== undefined)
  throw new RangeError(`Cannot test on Node ${unknown}: there are ${Object.keys(VERSIONS).join(', ')}`)

const versions = majors.map(major => VERSIONS[major])
const binaries = await Promise.all(versions.map(install))
let [passed, failed] = [0, 0]
for (const [at, version] of versions.entries()) {
  const counts = await test(version, binaries[at])
  passed += counts.passed
  failed += counts.failed
  console.log(`Node ${version}: ${counts.passed} tests passed, ${counts.failed} failed`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1

/** Fetches a version with npm, unless it is there. Returns its binary; undefined when npm cannot give it. */
async function install(version) {
  const folder = join(FOLDER, version)
  const binary = join(folder, 'node_modules', 'node', 'bin', 'node')
  if (isNode(binary, version)) return binary
  mkdirSync(folder, { recursive: true })
  const { output } = await run('npm', [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `node@${version}`,
  ])
  if (isNode(binary, version)) return binary
  console.log(
    `Cannot test on Node ${version}: npm has not installed node@${version}; run it where npm reaches its registry\n${output}`,
  )
  return undefined
}

function isNode(binary, version) {
  return existsSync(binary) && spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`
}

/**
 * Runs vitest. What it says is of interest when something fails. A run that does not come to its end counts as a failed
 * test.
 */
async function test(version, binary) {
  if (binary === undefined) return { passed: 0, failed: 1 }
  const { code, output } = await run(binary, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...filters])
  const [, ok = '0', notOk = '0'] = TOTALS.exec(output) ?? []
  if (code !== 0) console.log(output.replace(TOTALS, ''))
  return { passed: Number(ok), failed: Math.max(Number(notOk), code === 0 ? 0 : 1) }
}

function run(command, args) {
  return new Promise(resolve => {
    execFile(command, args, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` }),
    )
  })
}

// Runs tests on other versions of Node than the one that is installed: `node scripts/test-nodes.js [VERSION…] [FILTER…]`. Without a version it takes all of these, without a filter the tests that
// depend on the version most. Filters are vitest's.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { installNode, VERSIONS } from './install-nodes.js'

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

const TOTALS = /^(\d+) passed, (\d+) failed$/m
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

const isVersion = argument => /^\d+$/.test(argument)
const asked = process.argv.slice(2)
const majors = asked.some(isVersion)
  ? asked.filter(isVersion)
  : Object.keys(VERSIONS).filter(major => !process.versions.node.startsWith(`${major}.`))
const filters = asked.every(isVersion) ? FILTERS : asked.filter(argument => !isVersion(argument))

const binaries = await Promise.all(majors.map(installNode))
let [passed, failed] = [0, 0]
for (const [at, binary] of binaries.entries()) {
  const counts = await test(binary)
  passed += counts.passed
  failed += counts.failed
  console.log(`Node ${VERSIONS[majors[at]]}: ${counts.passed} tests passed, ${counts.failed} failed`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1

/**
 * Runs vitest. What it says is of interest when something fails. A run that does not come to its end counts as a failed
 * test.
 */
async function test(binary) {
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

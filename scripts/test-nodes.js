// Runs the whole suite and the crash matrix on other versions of Node than the one that is installed: `node scripts/test-nodes.js [--short] [VERSION…] [FILTER…]`. Without a version it takes all of these
// but the one that it runs on. With --short it runs what depends on the version most, and the short form of the crash matrix. With filters, which are vitest's, it runs those tests alone.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { installNode, VERSIONS } from './install-nodes.js'
import { SHORT_TESTS } from './short-tests.js'

const TOTALS = /^(\d+) passed, (\d+) failed$/m
const CELLS = /^(\d+) as expected, (\d+) not, in \d+ s$/m
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

const isVersion = argument => /^\d+$/.test(argument)
const [ownMajor] = process.versions.node.split('.')
const asked = process.argv.slice(2).filter(argument => argument !== '--short')
const isShort = process.argv.includes('--short')
const majors = asked.some(isVersion)
  ? asked.filter(isVersion)
  : Object.keys(VERSIONS).filter(major => major !== ownMajor)
const filters = asked.filter(argument => !isVersion(argument))
const unknown = majors.find(major => !Object.hasOwn(VERSIONS, major))
if (unknown !== undefined)
  throw new RangeError(`Cannot test on Node ${unknown}: there are ${Object.keys(VERSIONS).join(', ')}`)

const binaries = await Promise.all(
  majors.map(major =>
    installNode(major).catch(error => {
      console.log(error)
    }),
  ),
)
let [passed, failed] = [0, 0]
for (const [at, major] of majors.entries()) {
  const startedAt = performance.now()
  const counts = await testOn(binaries[at])
  passed += counts.passed
  failed += counts.failed
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  console.log(`Node ${VERSIONS[major]}: ${counts.passed} passed, ${counts.failed} failed, in ${seconds} s`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1

/** Runs what was asked for on one version, and counts tests and cells. Without a binary that is one failure. */
async function testOn(binary) {
  if (binary === undefined) return { passed: 0, failed: 1 }
  const suite = await count(binary, TOTALS, [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...(isShort && filters.length === 0 ? SHORT_TESTS : filters),
  ])
  if (filters.length > 0) return suite
  const crash = await count(binary, CELLS, [join('test', 'dist', 'crash', 'main.js'), ...(isShort ? ['--short'] : [])])
  return { passed: suite.passed + crash.passed, failed: suite.failed + crash.failed }
}

/**
 * Runs a program that counts what passed and failed. What it says is of interest when something fails. A run that does
 * not come to its end counts as one failure.
 */
async function count(binary, totals, args) {
  const { code, output } = await run(binary, args)
  const [, ok = '0', notOk = '0'] = totals.exec(output) ?? []
  if (code !== 0) console.log(output.replace(totals, ''))
  return { passed: Number(ok), failed: Math.max(Number(notOk), code === 0 ? 0 : 1) }
}

function run(command, args) {
  return new Promise(resolve => {
    execFile(command, args, { maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` }),
    )
  })
}

// npm run test:outside: what a user does with the packages as they are published, in fresh projects.
import { parseArgs } from 'node:util'
import { MATRICES } from './matrices/index.js'
import { openRelease } from './outside.js'
import { runMatrix } from './run-matrix.js'
import { renderTable } from './table.js'

const HELP = `npm run test:outside -- [--only NAME,…] [--match TEXT] [--short]

  --only NAME,…  these matrices: ${MATRICES.map(({ name }) => name).join(', ')}
  --match TEXT   the cells that have this in the name of their row or column
  --short        the cells that npm test runs`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    match: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const only = values.only?.split(',') ?? MATRICES.map(({ name }) => name)
const unknown = only.find(name => !MATRICES.some(matrix => matrix.name === name))
if (values.help) console.log(HELP)
else if (unknown === undefined) process.exitCode = (await main()) ? 0 : 1
else {
  console.error(`There is no matrix ${unknown}.\n\n${HELP}`)
  process.exitCode = 2
}

/** Runs what was asked for. Returns whether all is as it should be. */
async function main(): Promise<boolean> {
  await using release = await openRelease()
  const tables: string[] = []
  let [passed, failed] = [0, 0]
  for (const matrix of MATRICES.filter(({ name }) => only.includes(name))) {
    const results = await runMatrix(
      release,
      matrix,
      ({ row, column, isShort }) => (isShort || !values.short) && `${row}\n${column}`.includes(values.match),
      ({ row, column, text, problem }) => {
        console.log(`${matrix.name}: ${row}, ${column}: ${text}`)
        if (problem !== '') console.log(problem.replaceAll(/^/gm, '    '))
      },
    )
    passed += results.filter(({ isOk }) => isOk).length
    failed += results.filter(({ isOk }) => !isOk).length
    if (results.length > 0) tables.push(renderTable(matrix.title, results))
  }
  console.log(`\n${tables.join('\n\n')}\n\n${passed} passed, ${failed} failed`)
  return passed > 0 && failed === 0
}

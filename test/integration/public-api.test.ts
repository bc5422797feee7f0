import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { entryModule, exportsOf, reachedFrom, type Declaration } from './public-api/declarations.js'

/** What users import, by package. Core comes first, since the others show its types. */
const ENTRIES = {
  core: ['@zera/core', '@zera/core/testing'],
  actors: ['@zera/actors', '@zera/actors/testing'],
  devices: ['@zera/devices'],
  store: ['@zera/store', '@zera/store/testing'],
  observer: ['@zera/observer'],
} as const

/** As many names as a person can get to know. */
const FEWER_NAMES_THAN = 270

interface PublicApi {
  readonly name: string
  readonly entries: readonly { readonly entry: string; readonly declarations: readonly Declaration[] }[]
  /** What users come across in what is exported, and cannot name. */
  readonly reached: readonly Declaration[]
}

const apis = readApis()

/**
 * When it is meant to change: `npx vitest run test/dist/integration/public-api.test.js --update`, and read the
 * difference.
 */
test.each(apis)('the public API of $name is what its public-api.txt says', async ({ name, entries, reached }) => {
  const parts = await Promise.all(
    entries.map(async ({ entry, declarations }) => {
      const values = Object.keys((await import(entry)) as object).toSorted()
      return [`${entry}\n${'='.repeat(entry.length)}`, values.join('\n'), ...declarations.map(({ text }) => text)]
    }),
  )
  const rest = ['reached, not exported\n=====================', ...reached.map(({ text }) => text)]
  const snapshot = fileURLToPath(new URL(`../../../packages/${name}/src/public-api.txt`, import.meta.url))

  await expect(`${[...parts.flat(), ...rest].join('\n\n')}\n`).toMatchFileSnapshot(snapshot)
})

test(`all packages together export fewer than ${FEWER_NAMES_THAN} names`, () => {
  const names = new Set(apis.flatMap(({ entries }) => entries).flatMap(({ declarations }) => declarations))

  expect(names.size).toBeLessThan(FEWER_NAMES_THAN)
})

test('each name is exported by one entry, but for those of core that actors have', () => {
  const names = apis.flatMap(({ entries }) => entries).flatMap(({ declarations }) => declarations)

  const twice = names.filter((name, index) => names.indexOf(name) !== index).map(({ name }) => name)

  expect(twice).toEqual(['Cancellable', 'WaitOptions', 'WaitTimeoutError'])
})

function readApis(): PublicApi[] {
  const known = new Set<Declaration>()
  return Object.entries(ENTRIES).map(([name, modules]) => {
    const entries = modules.map(entry => ({ entry, declarations: exportsOf(entryModule(entry)) }))
    const exported = entries.flatMap(({ declarations }) => declarations)
    for (const each of exported) known.add(each)
    const reached = reachedFrom(exported, known)
    for (const each of reached) known.add(each)
    return { name, entries, reached }
  })
}

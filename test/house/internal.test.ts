import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'rolldown/utils'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const INTERNAL = '@zera/core/internal'

/** Where imports of it are: the sources and the tests of the other packages, and those that cross packages. */
const IMPORTERS = ['packages/actors/src', 'packages/devices/src', 'packages/store/src', 'packages/observer/src', 'test']

test(`each name of ${INTERNAL} is imported by another package`, () => {
  const imported = new Set(IMPORTERS.flatMap(folder => sourcesBelow(folder).flatMap(importedFromInternal)))

  const unused = exportedNames('packages/core/src/internal.ts').filter(name => !imported.has(name))

  expect(unused, 'remove them from packages/core/src/internal.ts').toEqual([])
})

/** What is installed there is left out from the start: its links lead in circles, and there are ever more ways through. */
function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourcesBelow(path)
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : []
  })
}

/** The names that a file imports from core's internal entry, and those that it passes on. */
function importedFromInternal(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  if (!text.includes(INTERNAL)) return []
  const { staticImports, staticExports } = parseSync(file, text).module
  const taken = staticImports
    .filter(({ moduleRequest }) => moduleRequest.value === INTERNAL)
    .flatMap(({ entries }) => entries.map(({ importName }) => importName.name))
  const passedOn = staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ moduleRequest }) => moduleRequest?.value === INTERNAL)
    .map(({ importName }) => importName.name)
  return [...taken, ...passedOn].filter(name => name !== null && name !== undefined)
}

function exportedNames(file: string): string[] {
  const { staticExports } = parseSync(file, readFileSync(join(root, file), 'utf8')).module
  return staticExports.flatMap(({ entries }) => entries).flatMap(({ exportName }) => exportName.name ?? [])
}

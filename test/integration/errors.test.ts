import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { filesIn } from '../house/documents.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const sources = filesIn(root)
  .filter(file => /^packages\/\w+\/src\/.*\.ts$/.test(file) && !/\.test\.ts$|\/fixtures\//.test(file))
  .map(read)

/** A code; other names that begin so are of environment variables. */
const CODE = /(?<!env\[|ALIASES = )'(ZERA_[A-Z_]+)'/g

test('docs/ERRORS.md has one row for each code in the sources, with a class, a meaning and a remedy', () => {
  const codes = new Set(sources.flatMap(source => [...source.matchAll(CODE)].map(([, code]) => code)))
  const rows = [...read('docs/ERRORS.md').matchAll(/^\| `(ZERA_[A-Z_]+)` \| `(\w+)` \| (.+) \| (.+) \|$/gm)]

  expect(codes.size).toBeGreaterThan(60)
  expect(new Set(rows.map(([, code]) => code))).toEqual(codes)
  expect(rows).toHaveLength(codes.size)
})

test.each(
  [...read('docs/ERRORS.md').matchAll(/^\| `(ZERA_[A-Z_]+)` \| `(\w+)` \|/gm)]
    .map(([, code, name]) => [name, code])
    .filter(([name]) => name !== 'ZeraError'),
)('the class %s has the code %s', (name, code) => {
  const declared = sources.flatMap(source => source.split(/^export (?:abstract )?class /m).slice(1))
  const own = declared.find(text => text.startsWith(`${name} `))

  expect(own).toContain(`'${code}'`)
})

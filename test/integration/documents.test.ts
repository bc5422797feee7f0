import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { anchorsOf, brokenLinks, filesIn, hazardsIn, missingPaths, rowsBelow } from '../house/documents.js'
import { FLOORS } from '../house/floors.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const files = filesIn(root)
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const documents = files.filter(file => file.endsWith('.md'))
/** Those that name files of the repository by their paths. The others show programs of their readers. */
const guides = documents.filter(
  file => /^(?:README|ARCHITECTURE|CONTRIBUTING|SECURITY)\.md$/.test(file) || /^(?:docs|test\/crash)\//.test(file),
)

test.each(documents)('the links of %s lead to files and headings that there are', document => {
  expect(brokenLinks(root, document, files)).toEqual([])
})

test.each(guides)('the paths that %s names exist', document => {
  expect(missingPaths(root, document, files)).toEqual([])
})

test('docs/HAZARDS.md has a section for each hazard that the sources cite', () => {
  const sources = files.filter(file => /\.(?:ts|js)$/.test(file) && /^(?:packages|examples|test)\//.test(file))
  const sections = anchorsOf(read('docs/HAZARDS.md')).map(anchor => anchor.split('-')[0]?.toUpperCase())

  const cited = sources.flatMap(file => hazardsIn(read(file)).map(hazard => ({ file, hazard })))

  expect(cited.length).toBeGreaterThan(0)
  expect(cited.filter(({ hazard }) => !sections.includes(hazard))).toEqual([])
})

test('an @example is code by itself: the formatter takes it for code, and would spoil a fence', () => {
  const sources = files.filter(file => /^packages\/.*\.ts$/.test(file))

  expect(sources.filter(file => /@example\n\s*\* +;?```/.test(read(file)))).toEqual([])
})

test('ARCHITECTURE.md names the rooms of each package, and where they run, as test/house/floors.ts does', () => {
  const rows = rowsBelow(read('ARCHITECTURE.md'), '## The map')

  expect(rows.map(([pkg, room, runs]) => `${pkg}: ${room} (${runs})`)).toEqual(
    Object.entries(FLOORS).flatMap(([pkg, floors]) =>
      floors.map(({ room, runs }) => `${pkg}: \`${room === '' ? 'index.ts' : room}\` (${runs})`),
    ),
  )
})

test('CONTRIBUTING.md answers ten questions, each by a path', () => {
  const rows = rowsBelow(read('CONTRIBUTING.md'), '## Where is it?')

  expect(rows.filter(([, path]) => /^`[\w./-]+`/.test(path ?? ''))).toHaveLength(10)
})

describe('brokenLinks()', () => {
  test('follows links by paths, and by the address of the repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zera-'))
    const page = 'https://example.org/zera'
    const good = [
      'docs/a.md#a-heading',
      `${page}/blob/main/docs/a.md#a-heading`,
      `${page}/tree/main/docs`,
      'https://a.org',
    ]
    const bad = [
      'a.md',
      `${page}/blob/main/docs/gone.md`,
      `${page}/tree/main/docs/a.md`,
      `${page}/blob/main/docs/a.md#b`,
    ]
    try {
      await mkdir(join(folder, 'docs'))
      await writeFile(join(folder, 'docs', 'a.md'), '# A heading\n')
      await writeFile(join(folder, 'package.json'), JSON.stringify({ repository: { url: `git+${page}.git` } }))
      await writeFile(join(folder, 'README.md'), [...good, ...bad].map(link => `[a link](${link})\n`).join(''))

      expect(brokenLinks(folder, 'README.md', ['docs/a.md', 'README.md', 'package.json'])).toEqual(bad)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('hazardsIn()', () => {
  test('finds lists, and names behind the break of a comment', () => {
    expect(hazardsIn('// (hazards H4, H5)\n * so it waits (hazard\n * H12): …')).toEqual(['H4', 'H5', 'H12'])
  })
})

describe('missingPaths()', () => {
  test('tells paths from other code', () => {
    expect(missingPaths(root, 'test/house/fixtures/document.md', ['link/reactor.ts'])).toEqual([
      'link/gone.ts',
      'nowhere/',
    ])
  })
})

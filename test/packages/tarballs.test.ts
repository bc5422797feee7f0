import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf, linksIn } from '../house/documents.js'
import { pack } from '../outside/outside.js'
import { unpackAll, type Tarball } from './tarball.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const ATTW = join(
  dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')),
  'dist',
  'index.js',
)
/** Files that each package has at its top, and nothing else but folders. */
const AT_TOP = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
/** Bytes that a library may have unpacked. */
const MAX_BYTES = 1_000_000
/** Bytes of the observer's page, compressed. */
const MAX_PAGE_BYTES = 60 * 1024

let folder: string
let tarballs: readonly Tarball[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zera-tarballs-'))
  await pack(folder)
  tarballs = await unpackAll(folder)
})
afterAll(() => rm(folder, { recursive: true }))

describe('the tarballs', () => {
  test.each(['@zera/actors', '@zera/core', '@zera/devices', '@zera/store', 'create-zera'])(
    '%s is one of them',
    name => {
      expect(tarballs.map(tarball => tarball.name)).toContain(name)
    },
  )

  test('have the licence, their changes and the links of the repository', () => {
    const home = addressOf(ROOT)
    for (const { name, folder: at, manifest } of tarballs) {
      const own = `packages/${name.replace('@zera/', '')}`

      expect(readFileSync(join(at, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'))
      expect(changesIn(at)).toEqual(
        changesIn(ROOT).filter(line => line.split(': ')[0]!.split(/[ ,]+/).includes(name.replace('@zera/', ''))),
      )
      expect(manifest).toMatchObject({
        license: 'MIT',
        homepage: `${home}/tree/main/${own}#readme`,
        bugs: `${home}/issues`,
        repository: { type: 'git', url: `git+${home}.git`, directory: own },
        engines: { node: '>=20.19' },
        publishConfig: { access: 'public', provenance: true },
      })
    }
  })

  test('have readmes whose links lead somewhere outside of the repository too', () => {
    const links = tarballs.flatMap(({ folder: at }) => linksIn(readFileSync(join(at, 'README.md'), 'utf8')))

    expect(links.length).toBeGreaterThan(0)
    expect(links.filter(link => !/^(https:|#)/.test(link))).toEqual([])
  })
})

describe('the tarball of a library', () => {
  test('has what is used, and nothing else', () => {
    for (const { name, files, manifest } of libraries()) {
      const commands = Object.values(manifest.bin ?? {}).map(file => join(file))
      const extras = name === '@zera/observer' ? ['grafana/zera.json', 'prometheus/alerts.yml'] : []
      const others = files.filter(file => !AT_TOP.includes(file) && !commands.includes(file) && !extras.includes(file))

      expect(files).toEqual(expect.arrayContaining([...AT_TOP, ...extras]))
      expect(
        others.filter(file => !/^dist\/(bundle\/(.*\.js|page\/page\.(css|html))|(?!bundle\/).*\.d\.ts)$/.test(file)),
      ).toEqual([])
      expect(others.filter(file => /\.test\.|\/fixtures\//.test(file))).toEqual([])
    }
  })

  test('has all modules that others in it import, and no module that none imports', () => {
    for (const { folder: at, files, manifest } of libraries()) {
      const imports = files.filter(file => /\.(js|d\.ts)$/.test(file)).map(file => ({ file, to: importsOf(at, file) }))
      const entries = Object.values(manifest.exports ?? {}).flatMap(entry =>
        typeof entry === 'string' ? [] : [join(entry.types), join(entry.default)],
      )

      expect(
        imports.flatMap(({ file, to }) => to.filter(path => !files.includes(path)).map(path => [file, path])),
      ).toEqual([])
      expect(entries.filter(entry => !files.includes(entry))).toEqual([])
      const used = new Set([
        ...entries,
        ...Object.values(manifest.bin ?? {}).map(file => join(file)),
        // That of core finds the others by their place.
        join('dist', 'bundle', 'command', 'main.js'),
        ...imports.flatMap(({ to }) => to),
      ])
      expect(files.filter(file => file.startsWith('dist') && !used.has(file))).toEqual([])
    }
  })

  test('exports its package.json, and is small', () => {
    for (const { folder: at, files, manifest } of libraries()) {
      const bytes = files.map(file => statSync(join(at, file)).size).reduce((sum, size) => sum + size, 0)

      expect(manifest.exports?.['./package.json']).toBe('./package.json')
      expect(bytes).toBeLessThan(MAX_BYTES)
    }
  })

  test('of the observer has a page that is one small script', () => {
    const { folder: at, files } = libraries().find(({ name }) => name === '@zera/observer') as Tarball
    const page = join('dist', 'bundle', 'page')

    expect(
      files
        .filter(file => file.startsWith(page))
        .map(file => file.slice(page.length + 1))
        .toSorted(),
    ).toEqual(['page.css', 'page.html', 'page.js'])
    expect(gzipSync(readFileSync(join(at, page, 'page.js'))).byteLength).toBeLessThan(MAX_PAGE_BYTES)
  })

  test('has types that TypeScript finds from ES modules and bundlers, says attw', async () => {
    for (const { path } of libraries()) {
      // With a problem it ends with 1, and this rejects.
      const { stdout } = await promisify(execFile)(process.execPath, [
        ATTW,
        path,
        '--profile',
        'esm-only',
        '--format',
        'ascii',
        '--no-emoji',
      ])
      expect(stdout).toContain('node16 (from ESM): OK (ESM)')
    }
  })
})

/** The lines of a CHANGELOG.md that name the packages that they are about. */
function changesIn(at: string): readonly string[] {
  return readFileSync(join(at, 'CHANGELOG.md'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('- '))
}

/** The packages that programs import. */
function libraries(): readonly Tarball[] {
  const found = tarballs.filter(({ manifest }) => manifest.exports?.['.'] !== undefined)
  expect(found.length).toBeGreaterThan(2)
  return found
}

/** The files of the package that one of its files names, by import or by URL. */
function importsOf(at: string, file: string): string[] {
  const text = readFileSync(join(at, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const isTypes = file.endsWith('.d.ts')
  const patterns = isTypes
    ? [/\b(?:from|import)\s*\(?\s*'(\.[^']+\.js)'/g]
    : // The bundler writes double quotes; single ones stand in texts of errors. A command is written by hand.
      [
        /\b(?:from|import)\s*\(?\s*"(\.[^"]+\.js)"/g,
        /new URL\("(\.[^"]+\.(?:js|css|html))", import\.meta\.url\)/g,
        /^import '(\.[^']+\.js)'/gm,
      ]
  const paths = patterns.flatMap(pattern =>
    Array.from(text.matchAll(pattern), ([, path]) => join(dirname(file), path as string)),
  )
  return isTypes ? paths.map(path => path.replace(/\.js$/, '.d.ts')) : paths
}

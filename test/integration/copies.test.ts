import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const here = fileURLToPath(new URL('./copies/', import.meta.url))
const other = join(here, 'other')
const rootOf = (name: string): string =>
  dirname(dirname(dirname(realpathSync(createRequire(import.meta.url).resolve(name)))))

const OTHER_VERSION = '0.0.9'

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}

/** The bundles know the version of their package. */
function setVersion(bundle: string, before: string): void {
  for (const file of readdirSync(bundle, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))) {
    const text = readFileSync(join(bundle, file), 'utf8')
    writeFileSync(join(bundle, file), text.replaceAll(JSON.stringify(before), JSON.stringify(OTHER_VERSION)))
  }
}

/** What is installed in two places: a second copy of the packages, with a module that uses it. */
function prepareCopy(): void {
  for (const name of ['core', 'actors']) {
    const [from, to] = [rootOf(`@zera/${name}`), join(other, 'node_modules', '@zera', name)]
    mkdirSync(to, { recursive: true })
    cpSync(join(from, 'dist/bundle'), join(to, 'dist/bundle'), { recursive: true })
    cpSync(join(from, 'package.json'), join(to, 'package.json'))
    setVersion(join(to, 'dist/bundle'), versionOf(from))
  }
  symlinkSync(realpathSync(join(rootOf('@zera/core'), 'node_modules/zeromq')), join(other, 'node_modules/zeromq'))
  writeFileSync(join(other, 'package.json'), '{ "type": "module" }')
  cpSync(join(here, 'counter.js'), join(other, 'counter.js'))
  writeFileSync(
    join(other, 'copy.js'),
    "export * as actors from '@zera/actors'\nexport * as core from '@zera/core'\nexport { default as Counter } from './counter.js'\n",
  )
}

beforeAll(() => {
  rmSync(other, { recursive: true, force: true })
  prepareCopy()
})
afterAll(() => rmSync(other, { recursive: true, force: true }))

describe('two copies of the packages in one process', () => {
  test('start a system each, and what one is given of the other is refused with both their places', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(here, 'main.js')])

    const seen = JSON.parse(stdout) as { readonly refused: readonly string[]; readonly refusedRefs: readonly string[] }
    expect(seen).toMatchObject({ counted: [2, 2, 2, 2], after: [2, 2, 2, 2], received: 'across', clean: [true, true] })
    expect(
      stderr
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as unknown),
    ).toMatchObject([{ event: 'actor-failed' }])
    expect(seen.refused.map(text => text.split(':')[0])).toEqual([
      'TypeError',
      'TypeError',
      'TypeError',
      'TypeError',
      'ActorStartError',
      'SocketError',
    ])
    expect(seen.refusedRefs.map(text => text.split(':')[0])).toEqual(Array.from(seen.refusedRefs, () => 'TypeError'))
    for (const text of seen.refusedRefs) expect(text).toMatch(/Counter#16@1/u)
    const places = [join(other, 'node_modules/@zera'), rootOf('@zera/core')]
    // A job takes no ref at all, whichever copy made it.
    for (const text of [...seen.refused, ...seen.refusedRefs.slice(0, -1)]) {
      for (const place of places)
        expect(text.replaceAll(/%20/g, ' ')).toContain(place.replace(/packages\/core$/, 'packages'))
      for (const version of [OTHER_VERSION, versionOf(rootOf('@zera/core'))])
        expect(text).toContain(` ${version} at file:`)
    }
  })
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDocumentFolder, TSC, VITEST, type DocumentFolder } from './document-folder.js'
import { blocksOf, filesIn, isTest, outputOf, programsAmong, sectionOf, type ShownFile } from './programs.js'

const FIRST_PROGRAM = 'First program'
const read = (document: string): string => readFileSync(new URL(`../../../${document}`, import.meta.url), 'utf8')
const readme = read('README.md')
/** The configuration that the README shows is that of all documents. */
const configuration = filesIn(readme).filter(({ path }) => path === 'tsconfig.json')

/** What a reader is asked to copy. The other examples of core and of the actors are tested with their sources. */
const DOCUMENTS = [
  { document: 'README.md', text: readme },
  ...['actors', 'core'].map(name => {
    const document = `packages/${name}/README.md`
    return { document, text: sectionOf(read(document), FIRST_PROGRAM) }
  }),
  ...['packages/devices/README.md', 'docs/FROM_PISCINA.md', 'docs/TESTING.md', 'docs/PRODUCTION.md'].map(document => ({
    document,
    text: read(document),
  })),
].map(shown => ({ ...shown, files: filesIn(shown.text) }))

/** Node removes types by itself from 22.18 on. */
const stripsTypes = (process.features as { readonly typescript?: unknown }).typescript === 'strip'
/** It leaves `await using` as it is, which V8 knows from Node 24 on. */
const knowsUsing = Number(process.versions.node.split('.')[0]) >= 24

/** The runner that a test of a document is for is the folder in which it lies. Jest is tried outside of the repository. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = { node: ['--test'], vitest: [VITEST, 'run'] }

describe.each(DOCUMENTS)('$document', ({ text, files }) => {
  const programs = programsAmong(files)
  const needsCompiler = files.some(({ path }) => path.endsWith('.ts'))
  let folder: DocumentFolder
  beforeAll(async () => {
    folder = await openDocumentFolder([...configuration, ...files])
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  test('names the file of each block of JavaScript and TypeScript, which has something to run', () => {
    const shown = files.filter(({ path }) => !path.endsWith('.json'))

    expect(shown).toHaveLength(blocksOf(text, 'js') + blocksOf(text, 'ts'))
    expect(programs).not.toEqual([])
  })

  test.each(needsCompiler ? ['tsc'] : [])('compiles with the configuration of README.md by %s', async () => {
    await expect(folder.node(TSC)).resolves.toEqual({ stdout: '', stderr: '' })
  })

  test.each(programs)('prints what the comments of $path say', async program => {
    const path = program.path.replace(/^(.*)\.ts$/, 'dist/$1.js')

    expect(await folder.node(path)).toEqual({ stdout: outputOf(program), stderr: '' })
  })

  const uncompiled = programs.filter(
    ({ path, code }) => stripsTypes && path.endsWith('.ts') && (knowsUsing || !code.includes('await using')),
  )
  test.each(uncompiled)('prints the same from $path without a compiler', async program => {
    // What the compiled one has written is not there.
    await using fresh = await openDocumentFolder(files)

    expect(await fresh.node(program.path)).toEqual({ stdout: outputOf(program), stderr: '' })
  })

  const tests = files.map(({ path }) => ({ path, runner: RUNNERS[path.split('/')[0] ?? ''] }))
  test.each(tests.filter(({ path, runner }) => isTest(path) && runner !== undefined))(
    'has tests in $path that pass',
    async ({ path, runner = [] }) => {
      const { stdout } = await folder.node(...runner, path)

      expect(stdout).toContain('pass')
    },
  )
})

test.each(['actors', 'core', 'devices'])(
  'packages/%s/README.md begins with the line that installs it, and a first program of each kind',
  name => {
    const text = read(`packages/${name}/README.md`)

    expect(text).toContain(`\`\`\`sh\nnpm install @zera/${name}\n\`\`\``)
    expect(programsAmong(filesIn(sectionOf(text, FIRST_PROGRAM))).map(({ path }) => path)).toEqual([
      'main.js',
      'main.ts',
      'main.cjs',
    ])
  },
)

test('README.md and that of the actors show the same first program', () => {
  expect(filesIn(sectionOf(read('packages/actors/README.md'), FIRST_PROGRAM))).toEqual(
    filesIn(sectionOf(readme, FIRST_PROGRAM)),
  )
})

test('packages/actors/README.md names the options with which its injection compiles and runs', async () => {
  const text = sectionOf(read('packages/actors/README.md'), 'Injection')
  const named = Array.from(text.matchAll(/`("\w+": true)`/g), ([, option]) => option as string)
  const files = filesIn(text)
  const [program] = programsAmong(files)
  const [{ path, code } = { path: '', code: '' }] = configuration
  const options = { path, code: code.replace('"compilerOptions": {', `$&${named.join(',')},`) }
  await using folder = await openDocumentFolder([options, ...files])

  await folder.node(TSC)

  expect(named).toHaveLength(2)
  expect(await folder.node('dist/injection.js')).toEqual({ stdout: outputOf(program as ShownFile), stderr: '' })
})

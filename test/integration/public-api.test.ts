import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const PACKAGES = ['core', 'actors', 'devices'] as const

/**
 * When it is meant to change: `npx vitest run test/dist/integration/public-api.test.js --update`, and read the
 * difference.
 */
test.each(PACKAGES)('the public API of %s is what its public-api.txt says', async name => {
  const index = new URL(`packages/${name}/dist/index.d.ts`, root)
  const values = Object.keys((await import(`@zera/${name}`)) as object).toSorted()
  const declarations = (await declarationsOf(index)).map(({ text }) => text)
  const snapshot = fileURLToPath(new URL(`packages/${name}/src/public-api.txt`, root))

  await expect(`${[values.join('\n'), ...declarations].join('\n\n')}\n`).toMatchFileSnapshot(snapshot)
})

interface Declaration {
  readonly name: string
  /** Without comments. */
  readonly text: string
}

/** What a module exports, by name: what it declares itself, and what it exports of modules of this package and of core. */
async function declarationsOf(module: URL): Promise<Declaration[]> {
  const text = await textOf(module)
  const found = declaredIn(text)
  for (const [, list = '', from = ''] of text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']*)'/g)) {
    const names = new Set(
      list
        .split(',')
        .map(name => name.replace('type ', '').trim())
        .filter(Boolean),
    )
    const source = from.startsWith('.')
      ? new URL(from.replace(/\.js$/, '.d.ts'), module)
      : new URL(`packages/core/dist/${from.endsWith('/internal') ? 'internal' : 'index'}.d.ts`, root)
    const taken = (await declarationsOf(source)).filter(({ name }) => names.delete(name))
    expect([...names], `${fileURLToPath(module)} exports these of ${from}, which does not declare them`).toEqual([])
    found.push(...taken)
  }
  for (const [, from = ''] of text.matchAll(/export \* from '([^']*)'/g))
    found.push(...(await declarationsOf(new URL(from.replace(/\.js$/, '.d.ts'), module))))
  return found.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function declaredIn(text: string): Declaration[] {
  const blocks = text.split(/\n(?=(?:export|import|type|declare) )/)
  return blocks.flatMap(block => {
    const name = /^export (?:declare )?(?:abstract )?(?:class|function|interface|type|const) (\w+)/.exec(block)?.[1]
    return name === undefined ? [] : { name, text: block.trim() }
  })
}

async function textOf(module: URL): Promise<string> {
  const text = await readFile(module, 'utf8')
  return text.replaceAll(/\/\*\*[^]*?\*\/|\/\/#.*/g, '').replaceAll(/^\s*\n/gm, '')
}

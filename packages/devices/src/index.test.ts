import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const OWN_INDEX = new URL('./index.js', import.meta.url)
// Its types lie beside its modules, a folder above what is imported.
const CORE_INDEX = new URL('../index.js', import.meta.resolve('@zera/core'))

/** When it is meant to change: `npx vitest run packages/devices/dist/index.test.js --update`, and read the difference. */
test('the public API is what public-api.txt says: the declaration of each name that the index exports', async () => {
  const sections: string[] = []
  const own = exportsIn(await textOf(OWN_INDEX))
  // What comes from core is a part of both, but for what services are.
  const fromCore = new Set(own.filter(({ from }) => from === '@zera/core').flatMap(({ names }) => names).filter(name => !name.endsWith('Service')))
  const ofCore = exportsIn(await textOf(CORE_INDEX)).map(({ from, names }) => ({ from: new URL(from, CORE_INDEX), names: names.filter(name => fromCore.has(name)) }))
  for (const list of [...own.filter(({ from }) => from.startsWith('.')).map(({ from, names }) => ({ from: new URL(from, OWN_INDEX), names })), ...ofCore]) {
    const missing = new Set(list.names)
    sections.push(...(await declarationsIn(list.from)).filter(({ name }) => missing.delete(name)).map(({ text }) => text))
    expect([...missing]).toEqual([])
  }

  await expect(sections.toSorted((a, b) => a.localeCompare(b)).join('\n')).toMatchFileSnapshot(fileURLToPath(new URL('../src/public-api.txt', import.meta.url)))
})

/** The names that a module exports from others. */
function exportsIn(text: string): { readonly from: string; readonly names: readonly string[] }[] {
  return Array.from(text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']*)'/g), ([, list = '', from = '']) => ({
    from,
    names: list.split(',').map(name => name.replace('type ', '').trim()).filter(Boolean),
  }))
}

/** What a module declares and exports, each without comments. */
async function declarationsIn(module: URL): Promise<{ readonly name: string; readonly text: string }[]> {
  const blocks = (await textOf(module)).split(/\n(?=(?:export|import|type|declare) )/)
  return blocks.map(text => ({ name: /^export (?:declare )?(?:class|function|interface|type|const) (\w+)/.exec(text)?.[1] ?? '', text: text.trim() }))
}

async function textOf(module: URL): Promise<string> {
  const text = await readFile(new URL(module.href.replace(/\.js$/, '.d.ts')), 'utf8')
  return text.replaceAll(/\/\*\*[^]*?\*\/|\/\/#.*/g, '').replaceAll(/^\s*\n/gm, '')
}

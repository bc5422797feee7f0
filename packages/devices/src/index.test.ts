import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** When it is meant to change: `npx vitest run packages/devices/dist/index.test.js --update`, and read the difference. */
test('the public API is what public-api.txt says: the declaration of each name that the index exports', async () => {
  const sections: string[] = []
  for (const [, list, module] of (await textOf('./index')).matchAll(/export (?:type )?\{([^}]*)\} from '(\.[^']*)\.js'/g)) {
    const names = new Set(list?.split(',').map(name => name.replace('type ', '').trim()))
    sections.push(...(await declarationsIn(module as string)).filter(({ name }) => names.delete(name)).map(({ text }) => text))
    expect([...names]).toEqual([])
  }

  await expect(sections.toSorted((a, b) => a.localeCompare(b)).join('\n')).toMatchFileSnapshot(fileURLToPath(new URL('../src/public-api.txt', import.meta.url)))
})

/** What a module declares and exports, each without comments. */
async function declarationsIn(module: string): Promise<{ readonly name: string; readonly text: string }[]> {
  const blocks = (await textOf(module)).split(/\n(?=(?:export|import|type|declare) )/)
  return blocks.map(text => ({ name: /^export (?:declare )?(?:class|function|interface|type|const) (\w+)/.exec(text)?.[1] ?? '', text: text.trim() }))
}

async function textOf(module: string): Promise<string> {
  const text = await readFile(new URL(`${module}.d.ts`, import.meta.url), 'utf8')
  return text.replaceAll(/\/\*\*[^]*?\*\/|\/\/#.*/g, '').replaceAll(/^\s*\n/gm, '')
}

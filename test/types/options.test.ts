import { expect, test } from 'vitest'
import { entryModule, exportsOf, reachedFrom, type Declaration } from '../integration/public-api/declarations.js'
import { compile } from './project/compile.js'

const ENTRIES = ['@zera/core', '@zera/core/testing', '@zera/actors', '@zera/actors/testing', '@zera/devices']
const exported = new Map(ENTRIES.map(entry => [entry, exportsOf(entryModule(entry))]))
const everything = [...exported.values()].flat()

/** An optional property, on a line of its own. */
const OPTIONAL = /^\s+(?:readonly )?(\w+)\?: (.*);$/

test('each optional property that users can come across may be undefined', () => {
  const declarations = [...everything, ...reachedFrom(everything, new Set(everything))]

  const others = declarations.flatMap(({ name, text }) =>
    optionsIn(text)
      .filter(({ type }) => type !== 'unknown' && !type.endsWith('| undefined'))
      .map(option => `${name}.${option.name}: ${option.type}`),
  )

  expect(others).toEqual([])
})

test('programs with exactOptionalPropertyTypes pass undefined for each option', async () => {
  const uses = [...exported].flatMap(([entry, declarations], index) => [
    `import type * as entry${index} from '${entry}'`,
    ...declarations.flatMap(declaration => useOf(`entry${index}`, declaration)),
  ])

  expect(uses.length).toBeGreaterThan(25)
  expect(await compile('7', { 'uses.ts': uses.join('\n') }, 'module', { module: 'nodenext' })).toBe('')
})

/** A value with undefined for each option of an interface; nothing for an interface without. */
function useOf(entry: string, { name, text }: Declaration): string[] {
  const [, parameters = ''] = new RegExp(`^export interface ${name}(?:<(.*?)>(?= extends| \\{))?`).exec(text) ?? []
  // A type may go on for lines.
  const names = [...text.matchAll(/^ {4}(?:readonly )?(\w+)\?: /gm)].map(([, option]) => option)
  if (!text.startsWith('export interface') || names.length === 0) return []
  const count = parameters === '' ? 0 : parameters.split(',').length
  const type = `${entry}.${name}${count === 0 ? '' : `<${Array(count).fill('any').join()}>`}`
  const value = names.map(option => `${option}: undefined`).join(', ')
  return [
    `export const ${entry}${name}: Pick<${type}, ${names.map(option => `'${option}'`).join(' | ')}> = { ${value} }`,
  ]
}

function optionsIn(text: string): { readonly name: string; readonly type: string }[] {
  return text.split('\n').flatMap(line => {
    const [, name, type] = OPTIONAL.exec(line) ?? []
    return name === undefined || type === undefined ? [] : [{ name, type }]
  })
}

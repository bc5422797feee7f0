import { entryModule, exportsOf, reachedFrom } from '../public-api/declarations.js'

const ENTRIES = ['@zera/core', '@zera/actors', '@zera/actors/testing', '@zera/devices']
const exported = ENTRIES.flatMap(entry => exportsOf(entryModule(entry)))
const declarations = [...exported, ...reachedFrom(exported, new Set(exported))]

/** Undefined for each option of some interfaces, as they are declared. */
export function undefinedFor(...interfaces: string[]): object {
  return Object.fromEntries(interfaces.flatMap(optionsOf).map(option => [option, undefined]))
}

function optionsOf(name: string): string[] {
  const text = declarations.find(each => each.name === name)?.text ?? ''
  const options = [...text.matchAll(/^ {4}(?:readonly )?(\w+)\?: /gm)].map(([, option = '']) => option)
  if (options.length === 0) throw new Error(`There is no interface ${name} with options`)
  return options
}

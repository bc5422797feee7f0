import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { writeTypeScriptProject } from '../../fixtures/threads/typescript-project.js'
import { compile } from './compile.js'
import { canHookHere } from './register-hooks.js'

test.each([
  ['x.ts', 'export const a: number = 1', undefined, 'module'],
  ['x.ts', 'export enum E { a }', undefined, 'module'],
  ['x.ts', 'export enum E { a }', 'commonjs', 'module'],
  ['x.ts', "import { a } from './a.js'\nexport class P { constructor(readonly a: number) {} }", 'module', 'module'],
  ['x.mts', 'export enum E { a }', undefined, 'module'],
  ['x.tsx', 'export const element = <T,>(a: T): T => a', 'module', 'module'],
] as const)('compile() of %s with %j, taken for %s, makes a %s', async (file, text, format, made) => {
  await using project = await writeTypeScriptProject()
  const path = fileURLToPath(project.url(file))
  await writeFile(path, text)

  const compiled = compile(path, text, format)

  expect(compiled?.format).toBe(made)
  // The map at its end has the text as it was.
  expect(compiled?.source.split('//#')[0]).not.toMatch(/\benum\b|\breadonly\b|: number|: T\b/)
})

test('canHookHere() is true where hooks of the importing thread have no fault', () => {
  expect(['20.20.2', '22.18.0', '22.19.0', '23.11.0', '24.4.1', '24.5.0', '26.0.0'].map(canHookHere)).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
    true,
  ])
})

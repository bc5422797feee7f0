import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from './fixtures/run-program.js'

const whole = await readFile(new URL('../README.md', import.meta.url), 'utf8')
/** Its first program, of which each form is for another set-up, is tested with those of other documents. */
const firstProgram = /^## First program\n[^]*?(?=^## )/m
const text = whole.replace(firstProgram, '')

const EXAMPLES = new URL('../src/fixtures/readme/', import.meta.url)
/** Where each example lies in `fixtures/readme`, by its file: next to those that it imports. */
const paths = new Map((await readdir(EXAMPLES, { recursive: true })).map(path => [basename(path), path] as const))

/** The blocks of code that begin with their file in `fixtures/readme`, in order. */
const blocks = Array.from(text.matchAll(/```ts\n\/\/ ([\w-]+\.ts)\n([^]*?)```/g), ([, file, code]) => ({
  file: file as string,
  code: code as string,
}))
const programs = blocks.filter(({ code }) => /startSystem\(|simulate\(/.test(code))

describe('README.md', () => {
  test('has examples, each with its file', () => {
    expect(blocks.length).toBe(text.split('```ts\n').length - 1)
    expect(programs.length).toBeGreaterThan(0)
  })

  test('begins with the actor that its examples use', async () => {
    const source = await readFile(new URL(pathOf('counter.ts'), EXAMPLES), 'utf8')

    expect(whole.match(firstProgram)?.[0]).toContain(source.replace("'../../../index.js'", "'@zera/actors'"))
  })

  test.each(blocks)('shows $file as it stands in fixtures/readme', async ({ file, code }) => {
    const source = await readFile(new URL(pathOf(file), EXAMPLES), 'utf8')

    expect(code).toBe(
      source
        .replaceAll("'../../../index.js'", "'@zera/actors'")
        .replaceAll("'../../../testing/index.js'", "'@zera/actors/testing'"),
    )
  })

  test.each(programs)('shows what $file prints, in the comments of the lines that do', async ({ file, code }) => {
    const printed = Array.from(code.matchAll(/console\.log\(.*\/\/ (.*)\n/g), ([, line]) => `${line as string}\n`)

    const ended = await runProgram(`readme/${pathOf(file).replace(/\.ts$/, '')}`)

    expect(ended).toEqual({ code: 0, signal: null, stdout: printed.join(''), stderr: '' })
  })
})

function pathOf(file: string): string {
  const path = paths.get(file)
  if (path === undefined) throw new Error(`Cannot show ${file}: it is in no folder of fixtures/readme; add it to one`)
  return path
}

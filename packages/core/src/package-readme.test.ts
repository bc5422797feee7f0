import { access, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { runProgram } from './fixtures/run-program.js'
import { SOCKET_TRAITS } from './native/socket-type.js'

const README = new URL('../README.md', import.meta.url)
const text = await readFile(README, 'utf8')

describe('README.md', () => {
  test('shows the example as it stands in fixtures/readme/readme-monitor.ts', async () => {
    const source = await readFile(new URL('../src/fixtures/readme/readme-monitor.ts', import.meta.url), 'utf8')

    expect(text).toContain(source.replace("'../../index.js'", "'@zera/core'"))
  })

  // Its first program is tested with those of other documents.
  test('shows nothing else', () => {
    expect(text.split('```ts\n')).toHaveLength(4)
  })

  test('shows a monitor that prints what its comments say', async () => {
    const ended = await runProgram('readme/readme-monitor')

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'refused\nthe credentials are not allowed\n', stderr: '' })
  })

  test('leads from each of the sixteen topics to an example and a test that exist', async () => {
    const rows = text.split('\n').filter(line => /^\| \d+ \|/.test(line))
    const paths = rows.map(row => Array.from(row.matchAll(/\]\(([^)]+)\)/g), ([, path]) => path as string))

    expect(rows).toHaveLength(16)
    for (const path of paths.flat()) await access(new URL(path.replace(/^.*\/blob\/main\//, '../../'), README))
    expect(paths.map(({ length }) => length)).toEqual(Array.from({ length: 16 }, () => 2))
  })

  test('says of each socket type what SOCKET_TRAITS say', () => {
    const rows = Object.entries(SOCKET_TRAITS).map(
      ([type, { peers, atHighWaterMark }]) => `| ${type} | ${peers.join(', ')} | ${atHighWaterMark} |`,
    )

    expect(text.split('\n').filter(line => rows.includes(line))).toEqual(rows)
  })
})

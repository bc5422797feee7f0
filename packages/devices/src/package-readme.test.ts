import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { newBrokerCounts } from './broker/broker-statistics.js'
import { SUBCOMMANDS } from './command/devices/commands.js'
import { runProgram } from './fixtures/run-program.js'
import { newFaultCounts } from './gateway/calls/gateway-fault.js'

const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')

test.each([
  ['queue', 'World, you said Hello\n1\n'],
  ['cache', 'ACME 12.50\n1\n'],
  ['server', 'HELLO from server-1\n'],
  ['barrier', 'the first update\n'],
  ['broker', '1\n2\ndone\n'],
  ['gateway', '{"id":null,"value":2}\n'],
  ['keys', '1\ntrue\n'],
])(
  'README.md shows the example of fixtures/readme/readme-%s.ts, which prints what its comments say',
  async (name, printed) => {
    const source = await readFile(new URL(`../src/fixtures/readme/readme-${name}.ts`, import.meta.url), 'utf8')

    expect(text).toContain(source.replace("'../../index.js'", "'@zera/devices'"))
    expect(await runProgram(`readme/readme-${name}`)).toEqual({ stdout: printed, stderr: '' })
  },
)

test('README.md shows the handler of its server', async () => {
  const source = await readFile(new URL('../src/fixtures/readme/readme-shout.ts', import.meta.url), 'utf8')

  expect(text).toContain(source.replace("'../../index.js'", "'@zera/devices'"))
})

test('README.md has a section and a drawing for each subcommand of zera-device that runs something', () => {
  const headings = text
    .split('\n')
    .filter(line => line.startsWith('## '))
    .join('\n')
    .toLowerCase()

  expect(Object.keys(SUBCOMMANDS).filter(name => name !== 'keygen' && !headings.includes(name))).toEqual([])
})

test('README.md names each error that a client of a broker or of a gateway can get', () => {
  const faults = [...Object.keys(newBrokerCounts().errorsByFault), 'failed', ...Object.keys(newFaultCounts())]

  expect(faults.filter(fault => !text.includes(`| \`${fault}\` |`))).toEqual([])
})

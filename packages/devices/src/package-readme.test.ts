import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { newBrokerCounts } from './broker/broker-statistics.js'
import { SUBCOMMANDS } from './command/devices/commands.js'
import { newFaultCounts } from './gateway/calls/gateway-fault.js'

/** Its examples are tested with those of other documents. */
const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')

test('README.md has a section and a drawing for each subcommand of zera device', () => {
  const headings = text
    .split('\n')
    .filter(line => line.startsWith('## '))
    .join('\n')
    .toLowerCase()

  expect(Object.keys(SUBCOMMANDS).filter(name => !headings.includes(name))).toEqual([])
})

test('README.md names each error that a client of a broker or of a gateway can get', () => {
  const faults = [...Object.keys(newBrokerCounts().errorsByFault), 'failed', ...Object.keys(newFaultCounts())]

  expect(faults.filter(fault => !text.includes(`| \`${fault}\` |`))).toEqual([])
})

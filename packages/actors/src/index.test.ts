import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as api from './index.js'

/** Where what the index exports is declared. */
const MODULES = [
  'system-options',
  'start-system',
  'system',
  'ref',
  'protocol',
  'context',
  'directory/topic',
  'directory/group',
  'definition',
  'cancel-ladder',
  'mailbox',
  'mailbox-spec',
  'clock',
  'errors',
  'events',
  'tracing/trace-context',
  'black-box/black-box-report',
  'snapshot/snapshot',
  'nodes/node-limits',
  'nodes/node-options',
  'nodes/control',
  'log/logger',
  'dead-letter',
  'dead-letters',
  'system-receipt',
  'container',
  'compute/job',
  'compute/compute-options',
  'routing/pool-options',
  'routing/pool-size',
  'routing/recycling',
  'routing/routes',
  'supervision/actor-down',
  'supervision/backoff',
  'supervision/child',
  'supervision/child-spec',
  'supervision/supervisor',
  'supervision/supervisor-spec',
  'supervision/watching',
]

describe('the public API', () => {
  /** When it is meant to change: `npx vitest run -u packages/actors/dist/index.test.js`, and read the difference. */
  test('is what public-api.txt says: the names of its values, and its declarations', async () => {
    const sections = [Object.keys(api).toSorted().join('\n')]
    const names = await namesIn('index')
    for (const module of MODULES) sections.push((await declarationsIn(module)).filter(({ name }) => names.has(name)).map(({ text }) => text).join('\n'))

    await expect(sections.join('\n\n')).toMatchFileSnapshot(fileURLToPath(new URL('../src/public-api.txt', import.meta.url)))
  })
})

/** The names that a module exports again. */
async function namesIn(module: string): Promise<Set<string>> {
  const lists = (await textOf(module)).matchAll(/\{(.*)\}/g)
  return new Set([...lists].flatMap(([, list = '']) => list.split(',').map(name => name.replace('type ', '').trim())).filter(Boolean))
}

/** What a module declares and exports, each without comments. */
async function declarationsIn(module: string): Promise<{ readonly name: string; readonly text: string }[]> {
  const blocks = (await textOf(module)).split(/\n(?=(?:export|import|type|declare) )/)
  return blocks.map(text => ({ name: /^export (?:declare )?(?:class|function|interface|type|const) (\w+)/.exec(text)?.[1] ?? '', text }))
}

async function textOf(module: string): Promise<string> {
  const text = await readFile(new URL(`./${module}.d.ts`, import.meta.url), 'utf8')
  return text.replaceAll(/\/\*\*[^]*?\*\/|\/\/#.*/g, '').replaceAll(/^\s*\n/gm, '')
}

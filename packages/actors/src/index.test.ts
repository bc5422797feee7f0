import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as api from './index.js'

/** Where what the index exports is declared. */
const MODULES = [
  'system/system-options',
  'system/start-system',
  'system/system',
  'model/ref',
  'model/protocol',
  'actor/context',
  'host/directory/topic',
  'host/directory/group',
  'model/definition',
  'model/cancel-ladder',
  'actor/mailbox',
  'model/mailbox-spec',
  'model/time/clock',
  'model/errors',
  'model/events/events',
  'messaging/tracing/trace-context',
  'model/events/black-box-report',
  'model/events/snapshot',
  'nodes/control/node-limits',
  'nodes/borrower/node-options',
  'nodes/control/control',
  'log/logger',
  'model/events/dead-letter',
  'system/dead-letters',
  'model/events/system-receipt',
  'actor/container',
  'model/jobs/job',
  'model/jobs/compute-options',
  'model/pools/pool-options',
  'model/pools/pool-size',
  'model/pools/recycling',
  'model/pools/routes',
  'model/supervision/actor-down',
  'model/supervision/backoff',
  'system/supervision/child/child',
  'model/supervision/child-spec',
  'system/supervision/supervisor',
  'model/supervision/supervisor-spec',
  'host/watching',
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

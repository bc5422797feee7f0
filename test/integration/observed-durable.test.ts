import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem } from '@zera/actors'
import { sqlite } from '@zera/store'
import { expect, test } from 'vitest'
import type * as Asks from '../../packages/observer/dist/fixtures/ask.js'
import type { SystemState } from '../../packages/observer/dist/model/state.js'
import type * as Accounts from '../../packages/store/dist/fixtures/account.js'

const fixture = (path: string): string => new URL(`../../../packages/${path}`, import.meta.url).href
const { ask, askJson } = (await import(fixture('observer/dist/fixtures/ask.js'))) as typeof Asks
const { default: Account } = (await import(fixture('store/dist/fixtures/account.js'))) as typeof Accounts

test('an observer shows durable actors, with their commits and reminders, and not others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zera-observed-'))
  const system = await startSystem({
    threads: 1,
    store: sqlite(join(folder, 'a.db')),
    observer: true,
    handleSignals: false,
    log: false,
  })
  const account = await system.spawn(Account, { name: 'one' })
  for (let commit = 0; commit < 5; commit++) await account.ask.add(1)
  await account.ask.remindSoon('later', 1_000_000)
  const { url } = await system.observe()
  const durable = async () =>
    (await askJson<SystemState>(url, '/api/state')).tree.flatMap(({ actor, children }) =>
      [actor, ...children.map(child => child.actor)].flatMap(one =>
        one === undefined ? [] : [[one.name, one.durable]],
      ),
    )

  await expect.poll(durable).toEqual(
    expect.arrayContaining([
      ['one', { commits: 6, unkept: 0, lagMs: 0, reminders: 1 }],
      ['zera-store', undefined],
    ]),
  )
  const metrics = (await ask(url, '/metrics')).body
  expect(metrics).toContain('zera_durable_commits_total{definition="Account"} 6\n')
  expect(metrics).toContain('zera_durable_reminders{definition="Account"} 1\n')
  expect(metrics).toContain('zera_durable_lag_seconds{definition="Account"} 0\n')
  await system.stop()
  rmSync(folder, { recursive: true })
})

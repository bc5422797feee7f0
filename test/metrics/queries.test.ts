import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startBusySystem } from './busy-system.js'
import { ALERTS, dashboard, metricsIn, queriesOf } from './queries.js'

test('the dashboard and the alerts name no metric that an observer does not have', async () => {
  await using system = await startBusySystem()
  const headers = { authorization: `Bearer ${system.token}` }
  const names = async (): Promise<ReadonlySet<string>> =>
    metricsIn(await (await fetch(`${system.origin}/metrics`, { headers })).text())
  const wanted = metricsIn(`${JSON.stringify(queriesOf(dashboard()))} ${readFileSync(ALERTS, 'utf8')}`)

  expect(wanted.size).toBeGreaterThan(10)
  // The observer learns of pools a moment later.
  await expect
    .poll(async () => {
      const known = await names()
      return [...wanted].filter(name => !known.has(name))
    })
    .toEqual([])
})

test('the dashboard has what Grafana needs, and each panel says what it shows', () => {
  const { uid, schemaVersion, templating, panels } = dashboard()

  expect({ uid, schemaVersion }).toEqual({ uid: 'zera', schemaVersion: 41 })
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance'])
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(panels.filter(({ type, description }) => type !== 'row' && description === undefined)).toEqual([])
})

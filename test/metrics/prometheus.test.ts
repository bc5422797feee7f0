import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBusySystem } from './busy-system.js'
import { ALERTS, dashboard, queriesOf } from './queries.js'

/** Where Debian installs it. */
const PROMETHEUS = '/usr/bin/prometheus'
const PATIENCE = { timeout: 60_000, interval: 250 }

interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [atSeconds: number, value: string]
}

interface Answer<T> {
  readonly status: string
  readonly error?: string
  readonly data: T
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts Prometheus, which reads a system each second. */
async function startPrometheus(target: { readonly origin: string; readonly token: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'zera-prometheus-'))
  const port = await freePort()
  const scrape = {
    job_name: 'zera',
    scrape_interval: '1s',
    authorization: { credentials: target.token },
    static_configs: [{ targets: [new URL(target.origin).host] }],
  }
  const config = { global: { evaluation_interval: '1s' }, rule_files: [ALERTS], scrape_configs: [scrape] }
  // What is JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const child = spawn(
    PROMETHEUS,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  const get = async <T>(path: string): Promise<Answer<T>> =>
    (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()) as Answer<T>
  return {
    query: async (query: string) =>
      get<{ readonly result: readonly Sample[] }>(`query?query=${encodeURIComponent(query)}`),
    rules: async () =>
      get<{ readonly groups: readonly { readonly rules: readonly { name: string; health: string }[] }[] }>('rules'),
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true })
    },
  }
}

describe.skipIf(!existsSync(PROMETHEUS))('Prometheus', () => {
  test('reads a system, answers each query of the dashboard, and takes each rule', { timeout: 120_000 }, async () => {
    await using system = await startBusySystem()
    await using prometheus = await startPrometheus(system)
    const up = async (): Promise<string | undefined> =>
      (await prometheus.query('up').catch(() => undefined))?.data.result[0]?.value[1]
    await expect.poll(up, PATIENCE).toBe('1')
    await system.work()
    const rate = async (): Promise<number> =>
      Number((await prometheus.query('sum(rate(zera_messages_handled_total[1m]))')).data.result[0]?.value[1] ?? 0)
    await expect.poll(rate, PATIENCE).toBeGreaterThan(0)
    const isHealthy = async (): Promise<boolean> => {
      const { data } = await prometheus.rules()
      const rules = data.groups.flatMap(group => group.rules)
      return rules.length > 5 && rules.every(({ health }) => health === 'ok')
    }
    await expect.poll(isHealthy, PATIENCE).toBe(true)

    const answers = await Promise.all(
      queriesOf(dashboard()).map(async ({ title, query }) => {
        const { status, error, data } = await prometheus.query(query)
        return { title, status, error, isEmpty: data.result.length === 0 }
      }),
    )

    expect(answers.filter(({ status }) => status !== 'success')).toEqual([])
    expect(answers.filter(({ isEmpty }) => isEmpty)).toEqual([])
    expect((await prometheus.query('count({__name__=~"zera_.+", actor!=""})')).data.result).toEqual([])
  })
})

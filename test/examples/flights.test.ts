import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { SystemState } from '@zera/observer'
import { describe, expect, test } from 'vitest'
import { withoutEvents } from '../without-events.js'

const MAIN = fileURLToPath(import.meta.resolve('@zera/example-flights'))

describe('the flights example', () => {
  test('counts the whole file exactly although a thread is killed and an actor throws', async () => {
    const { exitCode, stdout, stderr } = await run(['--workers', '2', '--rounds', '1']).ended

    expect(withoutEvents(stderr)).toBe('')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('3,000,000 rows. The totals equal those of one thread alone')
    expect(stdout).toMatch(/^ 1 {2}JFK +31,270 +\+12\.3 min +± 0\.5 /m)
    expect(stdout).toMatch(/^05:00 +38,442 +-3\.8 min +\+8 min +█+│$/m)

    expect(stdout.match(/its thread went down: it was killed\n +restarted on a new thread/g)).toHaveLength(1)
    expect(stdout.match(/aggregate\(\) threw SabotageError: .+\n +restarted on the same thread/g)).toHaveLength(1)
    expect(stdout.match(/^Part \d+ was counted again: worker-\d threw\.$/gm)).toHaveLength(1)
    expect(stdout.match(/^Part \d+ was counted again: worker-\d died .+\.$/gm)).toHaveLength(1)
    expect(stdout).toMatch(/^2 worker threads +[\d.]+ s, [\d.]+ times as fast/m)

    expect(stdout.match(/^flights\/\d\.\d .+ clean$/gm)).toHaveLength(3)
    expect(stdout.match(/^flights\/\d\.1 +worker-\d .+ 1 {2}killed$/gm)).toHaveLength(1)
    expect(stdout).toContain('Left open: 0 sockets, 0 timers, 0 asks, 0 blocks, 0 messages, 0 handles')
    expect(stdout).toContain('Undelivered: 0 dead letters, 0 lost messages')
    expect(stdout).toContain('Clean: ')
  }, 240_000)

  test('shows in a browser what has happened, and stays until it is interrupted', async () => {
    const example = run(['--workers', '2', '--rounds', '1', '--observe'])
    await example.printed(/^The page shows it until you press Ctrl-C/m)

    const { history, methods, threads } = await stateAt(example.text)
    const down = history.find(({ type }) => type === 'host-down')
    example.interrupt()
    const { exitCode, stdout } = await example.ended

    expect(down?.text).toMatch(/^Thread \d\.1 went down: killed/)
    expect(down?.blackBox?.at(-1)?.text).toMatch(/aggregate\(\) of worker-\d$/)
    expect(history.map(({ type }) => type)).toContain('actor-restarted')
    expect(history.find(({ error }) => error?.name === 'SabotageError')).toBeDefined()
    expect(methods.find(({ method }) => method === 'aggregate')?.total.handled).toBeGreaterThanOrEqual(2 * 44)
    expect([...new Set(threads.map(({ condition }) => condition))]).toEqual(['well'])
    expect(exitCode).toBe(130)
    expect(stdout).toContain('The totals equal those of one thread alone')
    expect(stdout).not.toContain('There is no result')
  }, 240_000)

  test('stops by itself when it is interrupted, and claims nothing', async () => {
    const example = run(['--workers', '2', '--no-chaos'])
    await example.printed(/^5 of 44 parts/m)

    example.interrupt()
    const { exitCode, stdout, stderr } = await example.ended

    expect(exitCode).toBe(130)
    expect(withoutEvents(stderr)).toBe('')
    expect(stdout).toMatch(/\nInterrupted: .+ There is no result\.\n/)
    expect(stdout).not.toMatch(/done in|worst airports|equal|Clean/)
    expect(stdout).not.toContain('    at ')
  }, 120_000)

  test('prints its options', async () => {
    const { exitCode, stdout, stderr } = await run(['--help']).ended

    expect(exitCode).toBe(0)
    expect(stdout).toContain('--workers N')
    expect(stderr).toBe('')
  })

  test('refuses bad options with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await run(['--workers', 'none']).ended

    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toBe('flights: --workers must be a whole number from 1 to 64, not "none"; see --help\n')
  })
})

/** What the page shows that is named in an output. */
async function stateAt(output: string): Promise<SystemState> {
  const { origin, searchParams } = new URL(/^Watch it in a browser: (\S+)$/m.exec(output)?.[1] ?? '')
  const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` }
  return (await (await fetch(`${origin}/api/state`, { headers })).json()) as SystemState
}

/** Runs the example as a process of its own. */
function run(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))

  return {
    /** What it has printed. */
    get text() {
      return stdout
    },
    interrupt: () => child.kill('SIGINT'),
    ended: once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr })),
    /**
     * Resolves when the output matches.
     *
     * @throws {Error} When it ends before.
     */
    async printed(pattern: RegExp): Promise<void> {
      for await (const _ of child.stdout.iterator({ destroyOnReturn: false })) if (pattern.test(stdout)) return
      throw new Error(`The example never printed ${pattern}, but:\n${stdout}${stderr}`)
    },
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { ask, askJson } from './fixtures/ask.js'
import type { SystemState } from './model/state.js'
import type { HotStack } from './profiling/cpu-profile.js'

const BLOCKED_MS = 10_000

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Starts a program that blocks its main thread. */
async function startBlocked(blockedMs: number) {
  const program = fileURLToPath(new URL('./fixtures/blocked-main.js', import.meta.url))
  const child = spawn(process.execPath, [program, String(blockedMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const ended = new Promise<number | string | null>(resolve =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  return { url: (await lines.next()).value as string, ended, last: async () => (await lines.next()).value as string }
}

describe('An observer', { timeout: 60_000 }, () => {
  test('answers while main is blocked and an actor spins, and says who, since when, and where in the code', async () => {
    const { url, ended, last } = await startBlocked(BLOCKED_MS)
    const threads = async () => (await askJson<SystemState>(url, '/api/state')).threads
    await expect
      .poll(async () => (await threads()).map(({ condition }) => condition), { timeout: 20_000 })
      .toEqual(['blocked', 'well', 'blocked'])

    const answers = [await ask(url, '/api/state'), await ask(url, '/api/state'), await ask(url, '/api/state')]
    const state = JSON.parse(answers[0]?.body ?? '') as SystemState
    const stacks = [
      await askJson<HotStack>(url, '/api/stack?host=0'),
      await askJson<HotStack>(url, '/api/stack?host=2'),
    ]

    expect(Math.min(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(100)
    expect(state.threads[0]?.blockedSinceMs).toBeLessThan(state.atMs)
    expect(state.threads[2]?.running).toMatchObject({ title: 'whirl', method: 'spin' })
    expect(state.findings.filter(({ kind }) => kind === 'blocked-thread')).toMatchObject([
      { text: expect.stringMatching(/^main has been blocked for .* by code outside of actors$/) as string },
      { text: expect.stringMatching(/^stuck\/2 has been blocked for .* by spin\(\) of whirl$/) as string },
    ])
    // V8 may have put the function into its caller.
    expect(stacks[0]?.frames.map(({ url: file }) => file.split('/').at(-1))).toContain('blocked-main.js')
    expect(stacks[1]?.frames.map(({ name }) => name)).toContain('spin')
    expect(stacks[1]?.share).toBeGreaterThan(0.5)
    expect(await last()).toBe('stopped')
    expect(await ended).toBe(0)
  })
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { median } from './median.js'
import { benchPayloads, type PayloadResult } from './payloads.js'
import { benchRestarts } from './restarts.js'

const run = promisify(execFile)
const bench = fileURLToPath(new URL('./main.js', import.meta.url))

describe('benchPayloads()', () => {
  it('brings every byte back on each way, and compares side by side', { timeout: 60_000 }, async () => {
    const results: PayloadResult[] = []

    for await (const result of benchPayloads([4096, 1024 * 1024], { rounds: 3, roundBytes: 1024 * 1024 })) results.push(result)

    expect(results.map(({ way, sizeBytes }) => [way, sizeBytes])).toEqual([['bytes', 4096], ['block', 4096], ['bytes', 1024 * 1024], ['block', 1024 * 1024]])
    for (const { zeraMicros, cloneMicros, ratio } of results) expect(Math.min(zeraMicros, cloneMicros, ratio)).toBeGreaterThan(0)
  })
})

describe('benchRestarts()', () => {
  it('finds that an actor which threw is back in less than a fifth of the time that a bare worker takes to start', { timeout: 60_000 }, async () => {
    const { coldWorkerMs, actorMs } = await benchRestarts(15)

    expect(actorMs).toBeLessThan(coldWorkerMs / 5)
  })
})

describe('npm run bench', () => {
  it('refuses an unknown option with exit code 2', async () => {
    await expect(run(process.execPath, [bench, '--fast'])).rejects.toMatchObject({ code: 2 })
  })

  it('says what it does', async () => {
    expect((await run(process.execPath, [bench, '--help'])).stdout).toContain('npm run bench')
  })
})

it('median() is the middle, whatever the order', () => {
  expect(median([5, 1, 3])).toBe(3)
})

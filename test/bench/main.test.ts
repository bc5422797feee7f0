import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const report = fileURLToPath(new URL('./report.js', import.meta.url))
const main = fileURLToPath(new URL('./main.js', import.meta.url))

describe('npm run bench:report', () => {
  it.each([['--json'], ['--only', 'tell'], ['--slow']])('refuses %s %s with exit code 2', async (...args) => {
    await expect(run(process.execPath, [report, ...args.filter(arg => arg !== undefined)])).rejects.toMatchObject({
      code: 2,
    })
  })
})

describe('npm run bench', () => {
  it.each([['--fast'], ['--only', 'sing']])('refuses %s %s with exit code 2', async (...args) => {
    await expect(run(process.execPath, [main, ...args.filter(arg => arg !== undefined)])).rejects.toMatchObject({
      code: 2,
    })
  })

  it('says what it does, and what there is', async () => {
    expect((await run(process.execPath, [main, '--help'])).stdout).toContain('npm run bench')
    expect((await run(process.execPath, [main, '--list'])).stdout).toContain('tell ')
  })

  it('gives a line of JSON for each row', { timeout: 60_000 }, async () => {
    const { stdout } = await run(process.execPath, [main, '--quick', '--json', '--only', 'tell'])

    const rows = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(rows[0]).toMatchObject({
      bench: 'tell',
      system: 'zera',
      unit: 'msg/s',
      baseline: 'MessagePort',
      median: expect.any(Number),
      ratio: expect.any(Number),
    })
  })
})

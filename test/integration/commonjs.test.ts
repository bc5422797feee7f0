import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

describe('a program in CommonJS', () => {
  test('has its actors, jobs, containers, sinks, threads, processes and servers found wherever they run', async () => {
    const main = fileURLToPath(new URL('./commonjs/main.cjs', import.meta.url))

    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main])

    expect({ answers: JSON.parse(stdout) as unknown, stderr }).toEqual({
      answers: [2, 2, 2, 2, 2, 2, 2, 2, 49, 2, 'as it came'],
      stderr: '',
    })
  })
})

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Starts the service, kills it in the middle of its work, and starts it again, which goes on where it was. */
const folder = mkdtempSync(join(tmpdir(), 'zera-jobs-'))
const file = join(folder, 'jobs.db')
const JOBS = 40

function startService(): ChildProcess {
  const service = fileURLToPath(new URL('./service.js', import.meta.url))
  return spawn(process.execPath, [service, file, String(JOBS)], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Its lines. */
function linesOf({ stdout }: ChildProcess): AsyncIterable<string> {
  return createInterface({ input: stdout as NodeJS.ReadableStream })
}

try {
  const first = startService()
  const ended = once(first, 'exit')
  for await (const line of linesOf(first)) {
    const [done = 0] = line.match(/\d+/) ?? []
    if (Number(done) < JOBS / 2) continue
    console.log(`${line}: kill -9`)
    first.kill('SIGKILL')
    break
  }
  await ended

  const second = startService()
  const lines: string[] = []
  for await (const line of linesOf(second)) lines.push(line)
  const [found, ...rest] = lines
  console.log(`started again: ${found}`)
  for (const line of rest.slice(-2)) console.log(line)
} finally {
  rmSync(folder, { recursive: true })
}

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { AROUND_THE_WAY, WAY_OF_A_TELL } from './way.js'

const PROGRAM = fileURLToPath(new URL('fixtures/tell-once.js', import.meta.url))

let crossed: readonly string[]

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM])
  const { sent, received } = JSON.parse(stdout) as { sent: string[]; received: string[] }
  crossed = [...new Set([...sent, ...received])]
})

test('a tell to another thread crosses the files of its way, and no others', () => {
  const known = new Set<string>([...WAY_OF_A_TELL, ...AROUND_THE_WAY])

  expect(crossed.filter(file => !known.has(file))).toEqual([])
  expect(WAY_OF_A_TELL.filter(file => !crossed.includes(file))).toEqual([])
})

test('its way is no longer than it has to be', () => {
  expect(WAY_OF_A_TELL.length).toBeLessThanOrEqual(25)
})

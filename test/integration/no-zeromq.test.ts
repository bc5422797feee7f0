import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const TEST = fileURLToPath(new URL('../..', import.meta.url))
const ENTRIES = ['@zera/core', '@zera/core/internal', '@zera/actors', '@zera/actors/testing', '@zera/devices']

describe.each(ENTRIES)('an import of %s', entry => {
  test('says so in Bun before its addon ends the process', async () => {
    expect(await importOf(entry, ['--import', 'data:text/javascript,globalThis.Bun={version:"1.0"}'])).toEqual({
      name: 'ZeraError',
      code: 'ZERA_NO_ZEROMQ',
      isLoaded: false,
    })
  })

  test('says so when the addon cannot be loaded', async () => {
    expect(await importOf(entry, ['--no-addons'])).toMatchObject({ name: 'ZeraError', code: 'ZERA_NO_ZEROMQ' })
  })
})

/** How an import fails in a process of its own, and whether zeromq was loaded by then. */
async function importOf(entry: string, options: readonly string[]): Promise<unknown> {
  const program = `
    import { createRequire } from 'node:module'
    const error = await import('${entry}').then(() => ({}), error => error)
    const isLoaded = Object.keys(createRequire(import.meta.url).cache).some(path => path.includes('/zeromq/'))
    console.log(JSON.stringify({ name: error.name, code: error.code, isLoaded }))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...options, '--input-type=module', '--eval', program],
    { cwd: TEST },
  )
  return JSON.parse(stdout)
}

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { register, registeredSystems, registryFolder } from './registry.js'

let outer: string
let folder: string
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'zera-registry-'))
  folder = join(outer, 'observed')
})
afterEach(() => rmSync(outer, { recursive: true }))

const SHOP = { pid: process.pid, name: 'shop', url: 'http://127.0.0.1:4000/?token=secret' }

describe('register()', () => {
  test('lets commands find a system, and takes it back', () => {
    const forget = register(SHOP, folder)

    expect(registeredSystems(folder)).toEqual([SHOP])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder).map(file => statSync(join(folder, file)).mode & 0o777)).toEqual([0o600])
    forget?.()
    expect(registeredSystems(folder)).toEqual([])
  })

  test('tells two systems of one process apart', () => {
    register(SHOP, folder)
    register({ ...SHOP, name: 'stock' }, folder)

    expect(
      registeredSystems(folder)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['shop', 'stock'])
  })

  test('says nothing where others could read it', () => {
    register(SHOP, folder)?.()
    chmodSync(folder, 0o755)

    expect(register(SHOP, folder)).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })

  test('says nothing where there is no place for it', () => {
    expect(register(SHOP, join(outer, 'none', 'observed'))).toBeUndefined()
    expect(registeredSystems(join(outer, 'none', 'observed'))).toEqual([])
  })
})

describe('registeredSystems()', () => {
  test('removes what dead processes and others have left', () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    register(SHOP, folder)
    register({ ...SHOP, pid }, folder)
    writeFileSync(join(folder, 'junk.json'), '{"pid":"1"}')
    writeFileSync(join(folder, 'more.json'), 'no JSON')

    expect(registeredSystems(folder)).toEqual([SHOP])
    expect(readdirSync(folder)).toHaveLength(1)
  })
})

test('registryFolder() is that of the session, where there is one', () => {
  expect(registryFolder({ XDG_RUNTIME_DIR: '/run/user/7' })).toMatch(/^\/run\/user\/7\/zera-observed-/)
  expect(registryFolder({})).toContain(tmpdir())
})

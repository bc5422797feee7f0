import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { filesIn } from './documents.js'
import { FLOORS, LATE_IMPORTS, MOST_FLAT, MOST_FLAT_TESTS } from './floors.js'
import { importsOf, sourcesIn, type Import } from './imports.js'
import { crowdedFolders, floorOf, wrongImports } from './walls.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const packages = (Object.keys(FLOORS) as (keyof typeof FLOORS)[]).map(pkg => {
  const src = join(root, `packages/${pkg}/src`)
  const files = sourcesIn(src)
  return { pkg, files, imports: files.flatMap(file => importsOf(src, file)) }
})

describe.each(packages)('the source of $pkg', ({ pkg, files, imports }) => {
  test('imports from floors below alone, and from sides that it sees, types counted', () => {
    expect(wrongImports(pkg, imports)).toEqual([])
  })

  test('has no folder with more files than are seen at one look', () => {
    expect(crowdedFolders(pkg, files, MOST_FLAT)).toEqual([])
  })

  test('has no crowded folder of fixtures', () => {
    const fixtures = filesIn(root, `packages/${pkg}/src`).filter(file => file.includes('/fixtures/'))

    expect(fixtures).not.toEqual([])
    expect(crowdedFolders(pkg, fixtures, MOST_FLAT_TESTS)).toEqual([])
  })

  test('has something on each floor', () => {
    const floors = new Set(files.map(file => floorOf(pkg, file).floor))

    expect(FLOORS[pkg].filter(floor => !floors.has(floor))).toEqual([])
  })
})

test('test/ has no folder with more files than are seen at one look', () => {
  expect(crowdedFolders('test', filesIn(root, 'test'), MOST_FLAT_TESTS)).toEqual([])
})

test('each late import that goes up is one that there is', () => {
  const late = packages.flatMap(({ pkg, imports }) =>
    imports.filter(({ isLate }) => isLate).map(({ from, to }) => `${pkg}: ${from} -> ${to}`),
  )

  expect(Object.keys(LATE_IMPORTS).filter(name => !late.includes(name))).toEqual([])
})

describe('wrongImports()', () => {
  const upward: Import = { from: 'messaging/connection.ts', to: 'actor/mailbox.ts', kind: 'file', isLate: false }

  test('names both rooms of an import that goes up, where they run, and the remedy', () => {
    expect(wrongImports('actors', [upward])).toEqual([
      'actors: messaging/connection.ts imports actor/mailbox.ts, but messaging (runs in every host) lies below actor (runs in every host); move what both need down, or have the upper floor hand it in',
    ])
  })

  test('names both rooms and their sides when one side imports what another one runs', () => {
    const acrossThreads: Import = {
      from: 'sockets/io-thread/io-session.ts',
      to: 'sockets/here/io-client.ts',
      kind: 'file',
      isLate: false,
    }

    expect(wrongImports('core', [acrossThreads])).toEqual([
      'core: sockets/io-thread/io-session.ts imports sockets/here/io-client.ts, but sockets/io-thread (runs in the I/O thread) does not see sockets/here (runs in the caller); move what both need to a room that runs anywhere, or send it from one to the other',
    ])
  })

  test.each([
    ['core', 'sockets/here/io-access.ts', 'thread/starter/io-host.ts'],
    ['core', 'sockets/io-thread/io-thread.ts', 'thread/starter/linked-thread.ts'],
    ['core', 'thread/starter/linked-thread.ts', 'thread/inside/linked-self.ts'],
    ['core', 'remote/remote-link.ts', 'sockets/io-thread/served-socket.ts'],
    ['actors', 'jobs/inside/job-thread.ts', 'system/system.ts'],
    ['actors', 'jobs/inside/job-thread.ts', 'host/host.ts'],
    ['actors', 'jobs/starter/piscina-threads.ts', 'jobs/inside/job-thread.ts'],
    ['actors', 'nodes/lender/node-server.ts', 'system/thread-platform.ts'],
    ['actors', 'nodes/lender/node-server.ts', 'nodes/borrower/node-session.ts'],
    ['actors', 'nodes/lender/lent-thread.ts', 'host/host.ts'],
    ['actors', 'nodes/borrower/child-node.ts', 'nodes/lender/node-process.ts'],
    ['actors', 'host/host.ts', 'system/system.ts'],
    ['actors', 'nodes/control/control.ts', 'system/system.ts'],
  ] as const)('%s: keeps %s from %s', (pkg, from, to) => {
    expect(wrongImports(pkg, [{ from, to, kind: 'file', isLate: false }])).toEqual([
      expect.stringMatching(/does not see/),
    ])
  })

  test('lets a side see those that run in its thread', () => {
    const allowed = (pkg: 'core' | 'actors', from: string, to: string): string[] =>
      wrongImports(pkg, [{ from, to, kind: 'file', isLate: false }])

    expect(allowed('core', 'sockets/io-thread/io-thread.ts', 'thread/inside/linked-self.ts')).toEqual([])
    expect(allowed('actors', 'system/system-parts.ts', 'host/host.ts')).toEqual([])
    expect(allowed('actors', 'nodes/borrower/node-platform.ts', 'system/thread-platform.ts')).toEqual([])
    expect(allowed('actors', 'index.ts', 'system/system.ts')).toEqual([])
  })

  test('says of a late import that it has to be named', () => {
    const across = { ...upward, from: 'nodes/lender/node-server.ts', to: 'system/system.ts' }

    expect(
      wrongImports(
        'actors',
        [upward, across].map(each => ({ ...each, isLate: true })),
      ),
    ).toEqual([expect.stringMatching(/name it in LATE_IMPORTS/), expect.stringMatching(/name it in LATE_IMPORTS/)])
  })

  test('lets imports go down, and stay on a floor', () => {
    expect(
      wrongImports('actors', [
        { ...upward, to: 'model/address.ts' },
        { ...upward, to: 'messaging/peers.ts' },
      ]),
    ).toEqual([])
  })

  test('keeps packages of others to the rooms that know them', () => {
    expect(wrongImports('core', [{ from: 'link/link.ts', to: 'zeromq', kind: 'package', isLate: false }])).toEqual([
      'core: link/link.ts imports zeromq, which only core: native may know; take what you need from there',
    ])
  })

  test('refuses a file that lies in no room', () => {
    expect(() => floorOf('actors', 'helpers/any.ts')).toThrow(/lies in no room/)
  })
})

describe('crowdedFolders()', () => {
  test('names a folder with more files than the limit, and the remedy', () => {
    expect(crowdedFolders('test', ['stress/a.ts', 'stress/b.ts', 'c.ts'], 1)).toEqual([
      'test: stress has 2 files flat (limit 1); give those that belong together a folder',
    ])
  })

  test('counts a test with its source', () => {
    expect(crowdedFolders('test', ['stress/a.ts', 'stress/a.test.ts'], 1)).toEqual([])
  })
})

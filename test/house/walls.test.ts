import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { FLOORS, LATE_IMPORTS } from './floors.js'
import { importsOf, sourcesIn, type Import } from './imports.js'
import { crowdedFolders, floorOf, wrongImports } from './walls.js'

const packages = (Object.keys(FLOORS) as (keyof typeof FLOORS)[]).map(pkg => {
  const src = fileURLToPath(new URL(`../../../packages/${pkg}/src`, import.meta.url))
  const files = sourcesIn(src)
  return { pkg, files, imports: files.flatMap(file => importsOf(src, file)) }
})

describe.each(packages)('the source of $pkg', ({ pkg, files, imports }) => {
  test('imports from floors below alone, types counted', () => {
    expect(wrongImports(pkg, imports)).toEqual([])
  })

  test('has no folder with more files than are seen at one look', () => {
    expect(crowdedFolders(pkg, files)).toEqual([])
  })

  test('has something on each floor', () => {
    const floors = new Set(files.map(file => floorOf(pkg, file).floor))

    expect(FLOORS[pkg].filter(floor => !floors.has(floor))).toEqual([])
  })
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

  test('says of a late import that it has to be named', () => {
    expect(wrongImports('actors', [{ ...upward, isLate: true }])).toEqual([
      expect.stringMatching(/name it in LATE_IMPORTS/),
    ])
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

import { dirname } from 'node:path'
import { FLOORS, KEPT_PACKAGES, LATE_IMPORTS, ROOF, SEES, type Floor } from './floors.js'
import type { Import } from './imports.js'

type Package = keyof typeof FLOORS

/** The floor that a file lies on, and its height. */
export function floorOf(pkg: Package, file: string): { readonly floor: Floor; readonly height: number } {
  const heights = FLOORS[pkg].map((floor, height) => ({ floor, height }))
  const holds = ({ floor: { room } }: (typeof heights)[number]): boolean =>
    room === ROOF ? !file.includes('/') : file === room || file.startsWith(`${room}/`)
  const [innermost] = heights.filter(holds).toSorted((a, b) => b.floor.room.length - a.floor.room.length)
  if (innermost === undefined)
    throw new Error(
      `${pkg}/src/${file} lies in no room: put it into one, or add its folder to test/house/floors.ts with where it runs`,
    )
  return innermost
}

/** What is wrong with the imports of a package, a text for each. */
export function wrongImports(pkg: Package, imports: readonly Import[]): string[] {
  return imports.flatMap(each => (each.kind === 'file' ? wrongFile(pkg, each) : wrongPackage(pkg, each)) ?? [])
}

function wrongFile(pkg: Package, { from, to, isLate }: Import): string | undefined {
  const [own, other] = [floorOf(pkg, from), floorOf(pkg, to)]
  if (isLate && Object.hasOwn(LATE_IMPORTS, `${pkg}: ${from} -> ${to}`)) return undefined
  const wrong = (problem: string, remedy: string): string =>
    `${pkg}: ${from} imports ${to}, but ${shown(own.floor)} ${problem} ${shown(other.floor)}; ${isLate ? 'if it has to be, name it in LATE_IMPORTS, and why' : remedy}`
  if (!sees(own.floor, other.floor))
    return wrong('does not see', 'move what both need to a room that runs anywhere, or send it from one to the other')
  if (other.height > own.height)
    return wrong('lies below', 'move what both need down, or have the upper floor hand it in')
  return undefined
}

/** Whether code of one room may use code of another, wherever both lie. */
function sees(own: Floor, other: Floor): boolean {
  return (
    own.room === ROOF || other.runs === 'anywhere' || other.runs === own.runs || SEES[own.runs].includes(other.runs)
  )
}

function wrongPackage(pkg: Package, { from, to }: Import): string | undefined {
  const rooms = KEPT_PACKAGES[to]
  const { room } = floorOf(pkg, from).floor
  if (rooms === undefined || rooms.includes(`${pkg}: ${room}`)) return undefined
  return `${pkg}: ${from} imports ${to}, which only ${rooms.join(' and ')} may know; take what you need from there`
}

function shown({ room, runs }: Floor): string {
  return `${room === ROOF ? 'index' : room} (runs ${runs === 'anywhere' ? runs : `in ${runs}`})`
}

/** Folders with more files than are seen at one look, a text for each. A test counts with its source. */
export function crowdedFolders(where: string, files: readonly string[], most: number): string[] {
  const counts = new Map<string, number>()
  for (const file of new Set(files.map(each => each.replace(/\.test\.ts$/, '.ts'))))
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  return [...counts]
    .filter(([, count]) => count > most)
    .map(
      ([folder, count]) =>
        `${where}: ${folder} has ${count} files flat (limit ${most}); give those that belong together a folder`,
    )
}
